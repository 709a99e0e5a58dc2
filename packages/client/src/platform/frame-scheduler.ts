/**
 * When subscribers are told ([M3]): with the next animation frame in a visible page, once a second in a hidden one,
 * after the present turn elsewhere.
 */
export function frameScheduler(): (run: () => void) => void {
  return (run) => {
    const { document, requestAnimationFrame } = globalThis as {
      readonly document?: { readonly visibilityState?: unknown };
      readonly requestAnimationFrame?: (run: () => void) => number;
    };
    if (requestAnimationFrame === undefined || document === undefined) queueMicrotask(run);
    else if (document.visibilityState === "hidden") setTimeout(run, 1000);
    else requestAnimationFrame(run);
  };
}
