import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { serveParent } from "../child.ts";
import { eventObject } from "./payload.ts";

// Peer: socket.io 4.8, broadcast to a room.

const http = createServer();
// The receivers answer no pings.
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 86_400_000 });
io.on("connection", (socket) => {
  void socket.join("calls");
});
await new Promise<void>((resolve) => {
  http.listen(0, "127.0.0.1", resolve);
});

serveParent((request) => {
  switch (request["do"]) {
    case "port":
      return (http.address() as AddressInfo).port;
    case "publish":
      for (let index = 0; index < Number(request["events"]); index += 1) {
        io.to("calls").emit("CALL_RINGING", eventObject(index));
      }
      return undefined;
    default:
      throw new Error("unknown request");
  }
});
