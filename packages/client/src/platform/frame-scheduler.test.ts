import { afterEach, describe, expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { frameScheduler } from "./frame-scheduler.ts";

const page = globalThis as { document?: object; requestAnimationFrame?: (run: () => void) => number };
afterEach(() => {
  delete page.document;
  delete page.requestAnimationFrame;
});

/** A page whose frames are drawn by hand. */
function createPage(visibilityState: "visible" | "hidden") {
  const frames: (() => void)[] = [];
  page.document = { visibilityState };
  page.requestAnimationFrame = (run) => frames.push(run);
  const clock = createManualClock();
  let runs = 0;
  frameScheduler(clock)(() => (runs += 1));
  return { clock, frames, runs: () => runs };
}

describe("[M3] when subscribers are told", () => {
  it("[M3] in a visible page with its next frame, once", async () => {
    const { clock, frames, runs } = createPage("visible");
    expect(runs()).toBe(0);
    for (const draw of frames) draw();
    expect([runs(), clock.timers]).toEqual([1, 0]);
  });

  it("[M3] in a hidden page after a second, without a frame", async () => {
    const { clock, frames, runs } = createPage("hidden");
    expect(frames).toEqual([]);
    await clock.advance(999);
    expect(runs()).toBe(0);
    await clock.advance(1);
    expect(runs()).toBe(1);
  });

  it("[M3] in a page that is hidden before its next frame after a second, not only when it is looked at again", async () => {
    const { clock, frames, runs } = createPage("visible");
    await clock.advance(1000);
    expect(runs()).toBe(1);
    for (const draw of frames) draw();
    expect(runs()).toBe(1);
  });

  it("[M3] elsewhere after the present turn", async () => {
    let runs = 0;
    const clock = createManualClock();
    frameScheduler(clock)(() => (runs += 1));
    expect(runs).toBe(0);
    await Promise.resolve();
    expect([runs, clock.timers]).toEqual([1, 0]);
  });
});
