import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";

/** A way between the PBX and a carrier that loses voice on purpose. Signalling is never lost. */
export interface LossyPath {
  /** Where the PBX has to look for the carrier. */
  readonly port: number;
  /** Share of the carrier's voice packets that never arrive, 0–1; 0 at first. */
  loss: number;
  /** Voice packets of the carrier that were let through, and that were lost. */
  readonly counts: { readonly passed: number; readonly lost: number };
  close(): void;
}

type Side = "pbx" | "carrier";
const otherOf: Readonly<Record<Side, Side>> = { pbx: "carrier", carrier: "pbx" };

/** One side of one call: where it wants its voice, and the sockets that the other side is told instead. */
interface Ear {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  wantedPort: number;
}

/** Passes SIP by UDP on in both directions; the voice ports in it become those of the path. */
export async function openLossyPath(carrierPort: number): Promise<LossyPath> {
  const sockets: Socket[] = [];
  const calls = new Map<string, Record<Side, Ear>>();
  const counts = { passed: 0, lost: 0 };
  let pbxPort = 0;
  let owed = 0;

  async function open(port = 0): Promise<Socket> {
    const socket = createSocket("udp4");
    socket.bind(port, "127.0.0.1");
    await once(socket, "listening");
    socket.on("error", () => undefined);
    sockets.push(socket);
    return socket;
  }

  const towards: Readonly<Record<Side, Socket>> = { pbx: await open(), carrier: await open() };
  const path: LossyPath = {
    port: towards.pbx.address().port,
    loss: 0,
    counts,
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };

  /** Evenly spread, so that the share is right over short times too. */
  function isLost(): boolean {
    owed += path.loss;
    if (owed < 1) return false;
    owed -= 1;
    return true;
  }

  async function openEar(call: () => Record<Side, Ear> | undefined, side: Side): Promise<Ear> {
    const rtp = await open();
    const rtcp = await open().catch(() => rtp);
    // What is sent to this side's ear was said by the other one; it goes on from the other's own ear.
    const pass = (isVoice: boolean) => (packet: Buffer) => {
      const ears = call();
      if (ears === undefined || ears[side].wantedPort === 0) return;
      if (isVoice && side === "pbx") {
        if (isLost()) {
          counts.lost += 1;
          return;
        }
        counts.passed += 1;
      }
      const from = ears[otherOf[side]];
      (isVoice ? from.rtp : from.rtcp).send(packet, ears[side].wantedPort + (isVoice ? 0 : 1), "127.0.0.1");
    };
    rtp.on("message", pass(true));
    rtcp.on("message", pass(false));
    return { rtp, rtcp, wantedPort: 0 };
  }

  async function earsOf(callId: string): Promise<Record<Side, Ear>> {
    const known = calls.get(callId);
    if (known !== undefined) return known;
    const find = (): Record<Side, Ear> | undefined => calls.get(callId);
    const ears = { pbx: await openEar(find, "pbx"), carrier: await openEar(find, "carrier") };
    calls.set(callId, ears);
    return ears;
  }

  async function rewrite(message: Buffer, from: Side): Promise<Buffer> {
    const text = message.toString("latin1");
    const voice = /^m=audio (\d+) /m.exec(text);
    const callId = /^(?:Call-ID|i)\s*:\s*(\S+)/im.exec(text)?.[1];
    if (voice === null || callId === undefined) return message;
    const ears = await earsOf(callId);
    ears[from].wantedPort = Number(voice[1]);
    const { rtp, rtcp } = ears[from];
    const end = text.indexOf("\r\n\r\n") + 4;
    const body = text
      .slice(end)
      .replace(/^a=rtcp:.*\r\n/m, "")
      .replace(/^(m=audio) \d+ (.*)$/m, `$1 ${rtp.address().port} $2`)
      .replace(/\r\n$/, `\r\na=rtcp:${rtcp.address().port}\r\n`);
    const head = text.slice(0, end).replace(/^(Content-Length|l)\s*:.*$/im, `Content-Length: ${body.length}`);
    return Buffer.from(head + body, "latin1");
  }

  let turn = Promise.resolve();
  /** In the order in which they came. */
  const inTurn = (work: () => Promise<void>): void => {
    turn = turn.then(work, work);
  };
  towards.pbx.on("message", (message: Buffer, { port }: RemoteInfo) => {
    pbxPort = port;
    inTurn(async () => towards.carrier.send(await rewrite(message, "pbx"), carrierPort, "127.0.0.1"));
  });
  towards.carrier.on("message", (message: Buffer) =>
    inTurn(async () => towards.pbx.send(await rewrite(message, "carrier"), pbxPort, "127.0.0.1")),
  );
  return path;
}
