import { describe, expect, it } from "vitest";
import { createTurns } from "./turns.ts";

describe("turns", () => {
  it("does work in the order it came, each after the one before has ended", async () => {
    const inTurn = createTurns();
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([inTurn(work("a")), inTurn(work("b"))])).toEqual(["a", "b"]);
    expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  it("work that fails tells its caller and does not hold up the next", async () => {
    const inTurn = createTurns();
    const failed = inTurn(async () => {
      throw new Error("no disk");
    });
    const next = inTurn(async () => "done");
    await expect(failed).rejects.toThrow("no disk");
    expect(await next).toBe("done");
  });

  it("what waits has a limit", async () => {
    const inTurn = createTurns({ maxWaiting: 2 });
    const two = [inTurn(async () => 1), inTurn(async () => 2)];
    await expect(inTurn(async () => 3)).rejects.toThrow("too many");
    expect(await Promise.all(two)).toEqual([1, 2]);
    expect(await inTurn(async () => 4)).toBe(4);
  });
});
