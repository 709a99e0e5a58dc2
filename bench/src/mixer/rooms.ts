import { type CodecName, createMediaService, type MediaService } from "@pbx-x/media";
import { serveParent } from "../child.ts";

// The media service alone, with rooms in which everybody talks.

interface Plan {
  readonly codec: CodecName;
  readonly payloadType: number;
  readonly room: number;
  /** Where the phones are. */
  readonly ports: readonly number[];
}

let media: MediaService | undefined;

async function open({ codec, payloadType, room, ports }: Plan): Promise<readonly number[]> {
  await media?.shutdown();
  const service = createMediaService({
    address: "127.0.0.1",
    ports: { min: 40_000, max: 41_999 },
    onEvent: () => undefined,
  });
  media = service;
  const own: number[] = [];
  for (const [index, remotePort] of ports.entries()) {
    const opened = await service.open(`e${index}`);
    if (!opened.ok) throw new Error(opened.code);
    own.push(opened.port);
    service.configure(`e${index}`, {
      codec,
      payloadType,
      remoteAddress: "127.0.0.1",
      remotePort,
      remoteRtcpPort: 0,
      rtcpMux: false,
      direction: "sendrecv",
      hold: "none",
      ptime: 20,
    });
    service.join(`room-${Math.floor(index / room)}`, `e${index}`);
  }
  return own;
}

serveParent((request) => {
  if (request["do"] !== "open") throw new Error("unknown request");
  return open(request as unknown as Plan);
});
