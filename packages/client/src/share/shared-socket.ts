import type { SocketLike, WebSocketLike } from "../platform/web-socket.ts";
import type { Group, TabLink } from "./group.ts";

/** A socket whose other end is the group's hub; the client on it does not know the difference ([T2]). */
export function sharedSocket(group: Group): WebSocketLike {
  return class SharedSocket implements SocketLike {
    readonly protocol = "pbx-x";
    onopen: SocketLike["onopen"] = null;
    onmessage: SocketLike["onmessage"] = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;
    readonly #link: TabLink;

    constructor(url: string) {
      const tell = (handler: ((event: never) => void) | null, event: object): void => handler?.(event as never);
      this.#link = group.open(Object.fromEntries(new URL(url).searchParams), {
        onOpen: () => tell(this.onopen, {}),
        onText: (data) => tell(this.onmessage, { data }),
        onEnd: (code) => tell(this.onclose, { code, reason: "" }),
      });
    }

    send(text: string): void {
      this.#link.send(text);
    }

    close(): void {
      this.#link.close();
    }
  };
}
