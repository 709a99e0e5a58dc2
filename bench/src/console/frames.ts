import type { Page } from "playwright-core";

/** What the same browser reaches with a page that has nothing to do: a list of the same size, without rows. */
export async function openEmptyList(page: Page): Promise<void> {
  await page.setContent(
    `<div role="grid" style="height:800px;overflow:auto;background:#fff"><div style="height:36000px"></div></div>`,
  );
}

/** Milliseconds between the frames of some seconds in which the list is scrolled. */
export function frames(page: Page, seconds: number): Promise<readonly number[]> {
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

export function framesPerSecond(times: readonly number[]): number {
  return (times.length * 1000) / times.reduce((sum, time) => sum + time, 0);
}
