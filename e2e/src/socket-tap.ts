import type { BrowserContext, WebSocketRoute } from "playwright-core";

/** A hand on the socket between a page and the real server: what it sends, and what reaches it. */
export interface SocketTap {
  /** Frames that the page sent. */
  readonly sent: string[];
  /** Whether a frame of the server reaches the page. */
  keep: (frame: string) => boolean;
  /** Changes a frame on its way to the server. */
  rewrite: (frame: string) => string;
  /** While set no connection comes about. */
  isBlocked: boolean;
  /** Before the first page of a context. */
  readonly install: (context: BrowserContext) => Promise<void>;
  /** The server's last frame, and the end of the connection with its code. */
  readonly disconnect: (reason: string, code: number, reconnect: boolean) => Promise<void>;
}

export function createSocketTap(): SocketTap {
  let page: WebSocketRoute | undefined;
  const tap: SocketTap = {
    sent: [],
    keep: () => true,
    rewrite: (frame) => frame,
    isBlocked: false,
    install: async (context) => {
      await context.routeWebSocket(/^ws/, (route) => {
        if (tap.isBlocked) return void route.close({ code: 1011 });
        const server = route.connectToServer();
        page = route;
        route.onMessage((frame) => {
          tap.sent.push(String(frame));
          server.send(tap.rewrite(String(frame)));
        });
        server.onMessage((frame) => {
          if (tap.keep(String(frame))) route.send(frame);
        });
      });
    },
    disconnect: async (reason, code, reconnect) => {
      const data = { reason, message: `The test says ${reason}.`, reconnect };
      page?.send(JSON.stringify({ type: "DISCONNECTED", timestamp: new Date().toISOString(), data }));
      await page?.close({ code, reason });
    },
  };
  return tap;
}
