import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KeyPress, PressJudge } from "./press-judge.ts";

const voice = (digit: string, beganMs: number, durationMs = 100): KeyPress => ({
  way: "voice",
  digit,
  beganMs,
  endedMs: beganMs + durationMs,
});
const info = (digit: string, atMs: number): KeyPress => ({ way: "info", digit, beganMs: atMs, endedMs: atMs });

/** The presses that count, of those given in the order in which they are told. */
function counted(...presses: readonly KeyPress[]): string {
  const judge = new PressJudge();
  return presses
    .filter((press) => judge.isNew(press))
    .map(({ digit, way }) => `${digit}${way[0]}`)
    .join(" ");
}

describe("[C50] one key press counts once", () => {
  it.each([
    ["by RTP alone, the same key again and again", [voice("5", 0), voice("5", 150), voice("5", 300)], "5v 5v 5v"],
    ["by INFO alone, the same key again and again", [info("5", 0), info("5", 150), info("5", 300)], "5i 5i 5i"],
    ["both at its end", [voice("5", 0), info("5", 110)], "5v"],
    ["INFO at its beginning", [info("5", 0), voice("5", 0)], "5i"],
    ["INFO at the beginning of a long press", [info("5", 0), voice("5", 0, 4000)], "5i"],
    ["INFO in the middle of a long press", [info("5", 2000), voice("5", 0, 4000)], "5i"],
    ["an INFO that had to be sent again", [voice("5", 0), info("5", 600)], "5v"],
    ["two presses of one key by both ways", [voice("1", 0), info("1", 100), voice("1", 200), info("1", 300)], "1v 1v"],
    ["an INFO that was lost", [voice("1", 0), voice("1", 200), info("1", 310)], "1v 1v"],
    ["different keys by different ways", [voice("1", 0), info("2", 50)], "1v 2i"],
    ["a key by the other way later", [voice("1", 0), info("1", 900)], "1v 1i"],
  ])("[C50] %s", (_name, presses, expected) => {
    expect(counted(...presses)).toBe(expected);
  });

  it("[C50] for any keys by both ways, in any order of what is told of one press", () => {
    const press = fc.record({
      digit: fc.constantFrom("1", "2", "3"),
      durationMs: fc.integer({ min: 40, max: 400 }),
      infoFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(press, { minLength: 1, maxLength: 12 }), (presses) => {
        let at = 0;
        const told = presses.flatMap(({ digit, durationMs, infoFirst }) => {
          const began = at;
          at += durationMs + 80;
          const both = [voice(digit, began, durationMs), info(digit, infoFirst ? began : began + durationMs)];
          return infoFirst ? both.toReversed() : both;
        });
        const judge = new PressJudge();
        expect(told.filter((one) => judge.isNew(one)).map(({ digit }) => digit)).toEqual(
          presses.map(({ digit }) => digit),
        );
      }),
    );
  });
});
