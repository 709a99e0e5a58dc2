/** What a page tells about itself and the network ([S21], [S23]). */
export interface PageSignals {
  /** Network back, page visible or focused again, or back from where it was put aside. */
  readonly onWake: () => void;
  /** The browser believes that the network is gone: a hint only. */
  readonly onDoubt: () => void;
  readonly onHide: () => void;
}

interface Target {
  readonly AbortController?: typeof AbortController;
  readonly visibilityState?: unknown;
  readonly addEventListener?: (
    type: string,
    listener: (event: { readonly persisted?: boolean }) => void,
    options: { readonly signal: AbortSignal },
  ) => void;
}

/** Listens where there is a page; in Node it does nothing. Answers how to stop. */
export function watchPage({ onWake, onDoubt, onHide }: PageSignals): () => void {
  const { window, document } = globalThis as { readonly window?: Target; readonly document?: Target };
  // The page's own: where a test makes a page in Node it is another class than Node's.
  const stop = new (window?.AbortController ?? AbortController)();
  const { signal } = stop;
  window?.addEventListener?.("online", onWake, { signal });
  window?.addEventListener?.("focus", onWake, { signal });
  window?.addEventListener?.("offline", onDoubt, { signal });
  window?.addEventListener?.("pagehide", ({ persisted }) => persisted && onHide(), { signal });
  window?.addEventListener?.("pageshow", ({ persisted }) => persisted && onWake(), { signal });
  document?.addEventListener?.("resume", onWake, { signal });
  document?.addEventListener?.("visibilitychange", () => document.visibilityState === "visible" && onWake(), {
    signal,
  });
  return () => stop.abort();
}
