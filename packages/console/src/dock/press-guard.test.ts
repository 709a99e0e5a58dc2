import { describe, expect, it } from "vitest";
import { isForWhatWas } from "./press-guard.ts";

const press = { detail: 2, clientX: 100, clientY: 50 };

describe("a press after the layout has changed", () => {
  it("[U31] is for what was there before while the pointer rests", () => {
    expect(isForWhatWas(press, 300, { x: 103, y: 50 })).toBe(true);
    expect(isForWhatWas({ ...press, detail: 1 }, 300, { x: 100, y: 50 })).toBe(true);
  });
  it("[U31] counts once it was aimed anew, a while later, or by key", () => {
    expect(isForWhatWas(press, 300, { x: 140, y: 50 })).toBe(false);
    expect(isForWhatWas(press, 700, { x: 100, y: 50 })).toBe(false);
    expect(isForWhatWas({ ...press, detail: 0 }, 300, { x: 100, y: 50 })).toBe(false);
  });
});
