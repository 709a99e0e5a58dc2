import type { Page } from "playwright-core";
import { cpuMsOf, familyOf } from "../process-figures.ts";

/** What the same browser reaches with a page that has nothing to do: a list of the same height, without rows. */
export async function openEmptyList(page: Page): Promise<void> {
  await page.setContent(
    `<div role="grid" style="height:800px;overflow:auto;background:#fff"><div style="height:36000px"></div></div>`,
  );
}

/** What it reaches with all cards there from the start, as text and borders, and not a line of script. */
export async function openStaticCards(page: Page, count: number): Promise<void> {
  const cards = Array.from({ length: count }, (_, index) => `<div><b>${10_000 + index}</b><br>available</div>`);
  await page.setContent(`<style>
    body { margin: 0; font: 14px/20px sans-serif }
    [role="grid"] { height: 800px; overflow: auto; background: #fff }
    [role="grid"] > div { box-sizing: border-box; display: inline-block; width: 236px; height: 64px; margin: 4px;
      padding: 10px; border: 1px solid #dde1e7; border-radius: 10px }
    </style><div role="grid">${cards.join("")}</div>`);
}

export interface Frames {
  /** Milliseconds between them. */
  readonly times: readonly number[];
  /** Milliseconds of processor that each took of the browser's processes, however busy the machine is. */
  readonly cpuMs: number;
}

/** The frames of some seconds in which the list is scrolled. */
export async function frames(page: Page, seconds: number, browserPid: number): Promise<Frames> {
  const pids = familyOf(browserPid);
  const before = cpuMsOf(...pids);
  const times = await scroll(page, seconds);
  return { times, cpuMs: (cpuMsOf(...pids) - before) / times.length };
}

function scroll(page: Page, seconds: number): Promise<readonly number[]> {
  return page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve) => {
        const list = document.querySelector('[role="grid"]');
        const times: number[] = [];
        const began = performance.now();
        let last = began;
        const next = (now: number): void => {
          times.push(now - last);
          last = now;
          if (list !== null) list.scrollTop = 2000 + 1500 * Math.sin((now - began) / 900);
          if (now - began < wanted * 1000) requestAnimationFrame(next);
          else resolve(times.slice(1));
        };
        requestAnimationFrame(next);
      }),
    seconds,
  );
}

export function framesPerSecond({ times }: Frames): number {
  return (times.length * 1000) / times.reduce((sum, time) => sum + time, 0);
}
