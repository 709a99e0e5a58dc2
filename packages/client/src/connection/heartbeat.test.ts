import { expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { Heartbeat } from "./heartbeat.ts";

const minute = 60_000;

/** The heartbeat of a page that is hidden for long: its timers run once a minute. */
function inHiddenPage(hasAnswers: boolean) {
  const clock = createManualClock();
  const dead: string[] = [];
  const heartbeat = new Heartbeat({
    clock: {
      now: clock.now,
      wall: clock.wall,
      after: (ms, run) => clock.after(Math.ceil((clock.now() + ms) / minute) * minute - clock.now(), run),
    },
    random: () => 0.5,
    intervalMs: 30_000,
    ping: () => {
      if (hasAnswers) clock.after(100, () => heartbeat.onFrame());
    },
    onDead: (kind) => {
      dead.push(kind);
      heartbeat.stop();
    },
  });
  return { clock, dead, heartbeat };
}

it("[S12] [S22] a dead connection is found in a hidden page too, whose timers run once a minute", async () => {
  const { clock, dead } = inHiddenPage(false);
  await clock.advance(4 * minute);
  expect(dead).toHaveLength(1);
});

it("[S12] [S22] a connection that answers lives on in it", async () => {
  const { clock, dead, heartbeat } = inHiddenPage(true);
  await clock.advance(60 * minute);
  expect(dead).toEqual([]);
  heartbeat.stop();
});
