/** What the SDK uses of a socket; the global `WebSocket` and that of `ws` fit. */
export interface SocketLike {
  readonly protocol: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketLike = new (url: string, protocols: string[]) => SocketLike;

/** Handlers of one socket; nothing of it is heard once it was abandoned ([S6]). */
export interface SocketEvents {
  onOpen(): void;
  onText(text: string): void;
  onEnd(code: number): void;
}

export interface OpenSocket {
  send(text: string): void;
  /** Detaches first, then closes. */
  abandon(): void;
}

export function openSocket(
  Socket: WebSocketLike,
  url: string,
  protocols: readonly string[],
  events: SocketEvents,
): OpenSocket {
  const socket = new Socket(url, [...protocols]);
  const detach = (): void => {
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    // An error of a socket that nobody hears any more must not become an unhandled one.
    socket.onerror = () => undefined;
  };
  socket.onopen = () => events.onOpen();
  socket.onmessage = ({ data }: { readonly data: unknown }) => events.onText(typeof data === "string" ? data : "");
  socket.onerror = () => undefined;
  socket.onclose = ({ code }: { readonly code: number }) => {
    detach();
    events.onEnd(code);
  };
  return {
    send: (text) => socket.send(text),
    abandon: () => {
      detach();
      socket.close(1000);
    },
  };
}
