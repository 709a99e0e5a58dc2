import { disconnectReasons } from "@pbx-x/protocol";
import { describe, expect, it } from "vitest";
import { closeCodeOf } from "./judge-end.ts";

describe("the close that belongs to a reason", () => {
  it.each(Object.entries(disconnectReasons))("[W17] of %s is that of the contract", (reason, { closeCode }) => {
    expect(closeCodeOf(reason)).toBe(closeCode);
  });

  it("[W17] of a reason of a newer server is that of a lost connection", () => {
    expect([closeCodeOf("moved"), closeCodeOf("toString"), closeCodeOf(undefined)]).toEqual([1006, 1006, 1006]);
  });
});
