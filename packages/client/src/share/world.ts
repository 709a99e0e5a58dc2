import type { Dispose } from "../events/emitter.ts";
import type { LocksLike } from "../platform/client-id.ts";

/** What is used of a `BroadcastChannel`. */
export interface ChannelLike<Message> {
  post(message: Message): void;
  onMessage: (message: Message) => void;
  close(): void;
}

/** What a tab sees of the browser: given, so that tests can have many tabs in one process. */
export interface ShareWorld {
  readonly locks: LocksLike;
  channel<Message>(name: string): ChannelLike<Message>;
  /** Starts the worker that may hold the connection; undefined where there are none. `onError`: it did not start. */
  readonly startWorker?: (name: string, onError: () => void) => void;
  isVisible(): boolean;
  /** Tells of visibility, focus, and of leaving for or coming back from the back/forward cache. */
  watch(signals: { onChange(hasFocus: boolean): void; onHide(): void; onShow(): void }): Dispose;
}

interface Scope {
  readonly navigator?: { readonly locks?: LocksLike };
  readonly BroadcastChannel?: new (name: string) => BroadcastChannel;
  readonly SharedWorker?: unknown;
  readonly document?: Document;
  readonly window?: Window;
}

/** The browser's own; undefined where it cannot share: an insecure page, a sandboxed frame, Node ([T1]). */
export function browserWorld(startWorker: ShareWorld["startWorker"]): ShareWorld | undefined {
  const { navigator, BroadcastChannel: Channel, SharedWorker: Worker, document, window } = globalThis as Scope;
  const locks = navigator?.locks;
  if (locks === undefined || Channel === undefined) return undefined;
  return {
    locks: { request: (name, options, run) => locks.request(name, options, run) },
    channel: (name) => openChannel(new Channel(name)),
    ...(startWorker !== undefined && Worker !== undefined && { startWorker }),
    isVisible: () => document?.visibilityState !== "hidden",
    watch: (signals) => {
      const stop = new AbortController();
      const { signal } = stop;
      const changed = (): void => signals.onChange(document?.hasFocus() ?? false);
      document?.addEventListener("visibilitychange", changed, { signal });
      for (const type of ["focus", "blur"]) window?.addEventListener(type, changed, { signal });
      window?.addEventListener("pagehide", () => signals.onHide(), { signal });
      window?.addEventListener("pageshow", ({ persisted }) => persisted && signals.onShow(), { signal });
      return () => stop.abort();
    },
  };
}

function openChannel<Message>(channel: BroadcastChannel): ChannelLike<Message> {
  const made: ChannelLike<Message> = {
    post: (message) => channel.postMessage(message),
    onMessage: () => undefined,
    close: () => channel.close(),
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => made.onMessage(data);
  return made;
}
