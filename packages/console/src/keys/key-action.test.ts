import { describe, expect, it } from "vitest";
import { keyAction, type KeyContext } from "./key-action.ts";

const free: KeyContext = { isInField: false, hasSingleKeys: true, isGoing: false, isLayerOpen: false };
const press = (key: string, more: { ctrl?: boolean; shift?: boolean; alt?: boolean } = {}) => ({
  key,
  ctrl: false,
  shift: false,
  alt: false,
  isRepeated: false,
  ...more,
});

describe("keys", () => {
  it("act outside of text fields", () => {
    expect(keyAction(press("a"), free)).toBe("answer");
    expect(keyAction(press("h"), free)).toBe("hold");
    expect(keyAction(press("3"), free)).toEqual({ choose: 2 });
  });

  it("[U1] act once, however long they are held down", () => {
    for (const held of [press("h"), press("F8"), press("a"), press("R", { shift: true })])
      expect(keyAction({ ...held, isRepeated: true }, free)).toBeUndefined();
  });

  it("[U1] do nothing to calls while somebody types", () => {
    const typing = { ...free, isInField: true };
    for (const key of ["a", "h", "t", "1", "g"]) expect(keyAction(press(key), typing)).toBeUndefined();
    expect(keyAction(press("P", { shift: true }), typing)).toBeUndefined();
    expect(keyAction(press("F2"), typing)).toBe("answer");
  });

  it("[U1] need Shift for what moves, joins, records or ends a call", () => {
    for (const key of ["p", "r", "End", "Enter", "Backspace"]) expect(keyAction(press(key), free)).toBeUndefined();
    expect(keyAction(press("P", { shift: true }), free)).toBe("park");
    expect(keyAction(press("End", { shift: true }), free)).toBe("hangup");
  });

  it("[U1] after G mean a page, so that a late A answers nothing", () => {
    expect(keyAction(press("a"), { ...free, isGoing: true })).toEqual({ goKey: "a" });
  });

  it("[U4] press what the agent desktop and the wallboard offer, a break only with Shift", () => {
    expect([press("o"), press("w"), press("f")].map((each) => keyAction(each, free))).toEqual(
      ["o", "w", "f"].map((key) => ({ press: key })),
    );
    expect(keyAction(press("b"), free)).toBeUndefined();
    expect(keyAction(press("B", { shift: true }), free)).toEqual({ press: "b" });
  });

  it("[U31] never make Escape an action on a call", () => {
    expect(keyAction(press("Escape"), free)).toBeUndefined();
    expect(keyAction(press("Escape", { shift: true }), free)).toBeUndefined();
  });

  it("leave the browser its own", () => {
    expect(keyAction(press("a", { ctrl: true }), free)).toBeUndefined();
    expect(keyAction(press("F5"), free)).toBeUndefined();
    expect(keyAction(press("1", { ctrl: true }), free)).toBeUndefined();
  });

  it("can be switched off, but for the function keys and the palette", () => {
    const off = { ...free, hasSingleKeys: false };
    expect(keyAction(press("a"), off)).toBeUndefined();
    expect(keyAction(press("F8"), off)).toBe("hold");
    expect(keyAction(press("k", { ctrl: true }), off)).toBe("palette");
  });
});
