import type { Clock } from "./clock.ts";

/**
 * When subscribers are told ([M3]): with the next animation frame in a visible page, once a second in a hidden one,
 * after the present turn elsewhere.
 */
export function frameScheduler(clock: Clock): (run: () => void) => void {
  return (run) => {
    const { document, requestAnimationFrame } = globalThis as {
      readonly document?: { readonly visibilityState?: unknown };
      readonly requestAnimationFrame?: (run: () => void) => number;
    };
    if (requestAnimationFrame === undefined || document === undefined) {
      queueMicrotask(run);
      return;
    }
    let due: (() => void) | undefined = run;
    const runOnce = (): void => {
      cancel();
      due?.();
      due = undefined;
    };
    // Also for a page that is hidden before its next frame: that one is not drawn.
    const cancel = clock.after(1000, runOnce);
    if (document.visibilityState !== "hidden") requestAnimationFrame(runOnce);
  };
}
