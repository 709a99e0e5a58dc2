import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { serveParent } from "../child.ts";
import { eventText } from "./payload.ts";

// Peer: plain `ws`, one send per client and event, as most servers are written.

const http = createServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
await new Promise<void>((resolve) => {
  http.listen(0, "127.0.0.1", resolve);
});

serveParent((request) => {
  switch (request["do"]) {
    case "port":
      return (http.address() as AddressInfo).port;
    case "publish":
      for (let index = 0; index < Number(request["events"]); index += 1) {
        const text = eventText(index);
        for (const socket of sockets.clients) socket.send(text);
      }
      return undefined;
    default:
      throw new Error("unknown request");
  }
});
