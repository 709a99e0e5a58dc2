import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createSocketTestbench, type SocketTestbench } from "./socket-testbench.ts";

let bench: SocketTestbench | undefined;
afterEach(() => bench?.stop());

/** What a client that offers compression gets, and its first frame. */
async function connected(compression?: boolean): Promise<{ extensions: string; first: string }> {
  bench = await createSocketTestbench(compression === undefined ? {} : { compression });
  const socket = new WebSocket(`ws://127.0.0.1:${bench.port}/ws?token=anna`, { perMessageDeflate: true });
  const [frame] = (await once(socket, "message")) as [Buffer];
  const { extensions } = socket;
  socket.close();
  await once(socket, "close");
  return { extensions, first: (JSON.parse(frame.toString()) as { type: string }).type };
}

describe("compression", () => {
  it("[W35] is off by default, also for a client that offers it", async () => {
    expect(await connected()).toEqual({ extensions: "", first: "CONNECTED" });
  });

  it("[W35] can be switched on, and frames arrive all the same", async () => {
    expect(await connected(true)).toEqual({ extensions: "permessage-deflate", first: "CONNECTED" });
  });
});
