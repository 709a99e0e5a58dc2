/** What a page tells about itself and the network ([S21], [S23]). */
export interface PageSignals {
  /** Network back, page visible or focused again, or back from where it was put aside. */
  readonly onWake: () => void;
  /** The browser believes that the network is gone: a hint only. */
  readonly onDoubt: () => void;
  readonly onHide: () => void;
}

interface Target {
  addEventListener(type: string, listener: (event: unknown) => void): void;
  removeEventListener(type: string, listener: (event: unknown) => void): void;
}

/** Listens where there is a page; in Node it does nothing. Answers how to stop. */
export function watchPage(signals: PageSignals): () => void {
  const { window, document } = globalThis as { readonly window?: unknown; readonly document?: unknown };
  const stops: (() => void)[] = [];
  const listen = (target: unknown, type: string, listener: (event: unknown) => void): void => {
    if (!isTarget(target)) return;
    target.addEventListener(type, listener);
    stops.push(() => target.removeEventListener(type, listener));
  };
  const isKept = (event: unknown): boolean => (event as { readonly persisted?: unknown }).persisted === true;
  listen(window, "online", signals.onWake);
  listen(window, "focus", signals.onWake);
  listen(window, "offline", signals.onDoubt);
  listen(document, "resume", signals.onWake);
  listen(document, "visibilitychange", () => {
    if ((document as { readonly visibilityState?: unknown }).visibilityState === "visible") signals.onWake();
  });
  listen(window, "pagehide", (event) => {
    if (isKept(event)) signals.onHide();
  });
  listen(window, "pageshow", (event) => {
    if (isKept(event)) signals.onWake();
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function isTarget(value: unknown): value is Target {
  // Of nothing it makes an empty object.
  return "addEventListener" in Object(value);
}
