import { describe, expect, it } from "vitest";
import { parseByteRange } from "./byte-range.ts";

describe("parts of a file", () => {
  it.each([
    [undefined, { kind: "whole" }],
    ["bytes=0-", { kind: "part", start: 0, end: 99 }],
    ["bytes=0-0", { kind: "part", start: 0, end: 0 }],
    ["bytes=50-1000", { kind: "part", start: 50, end: 99 }],
    ["bytes=-10", { kind: "part", start: 90, end: 99 }],
    ["bytes=-1000", { kind: "part", start: 0, end: 99 }],
    ["bytes=100-", { kind: "unsatisfiable" }],
    ["bytes=-0", { kind: "unsatisfiable" }],
    ["bytes=5-4", { kind: "whole" }],
    ["bytes=0-1,5-6", { kind: "whole" }],
    ["bytes=-", { kind: "whole" }],
    ["lines=1-2", { kind: "whole" }],
    ["bytes=99999999999999999999-", { kind: "whole" }],
  ])("[RFC9110] %s", (header, range) => {
    expect(parseByteRange(header, 100)).toEqual(range);
  });

  it("an empty file has no part", () => {
    expect(parseByteRange("bytes=0-", 0)).toEqual({ kind: "unsatisfiable" });
  });
});
