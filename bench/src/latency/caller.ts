import { randomBytes } from "node:crypto";
import {
  createDigestClient,
  createRequest,
  Endpoint,
  openUdp,
  printNameAddr,
  type Remote,
  sipUri,
  UacInvite,
} from "@pbx-x/sip";

export interface CallerOptions {
  readonly number: string;
  readonly password: string;
  /** `host:port` of the PBX. */
  readonly pbx: string;
}

export interface Caller {
  /** Rings a number; whoever is called hangs up, or the PBX. */
  dial(number: string): void;
  close(): Promise<void>;
}

const randomText = (): string => randomBytes(8).toString("hex");

/** A phone that only calls. */
export async function openCaller({ number, password, pbx }: CallerOptions): Promise<Caller> {
  const [host = "127.0.0.1", port = "5060"] = pbx.split(":");
  const place = { host, port: Number(port) };
  const remote: Remote = { transport: "udp", address: host, port: place.port };
  const endpoint = new Endpoint({
    scheduler: {
      now: () => Date.now(),
      after: (delayMs, task) => {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
      },
    },
    randomText,
    userAgent: "bench",
    onRequest: (transaction) => void transaction.respond(200),
  });
  endpoint.add(await openUdp({ host: "127.0.0.1", port: 0 }, endpoint.events));
  const contact = printNameAddr({ uri: endpoint.contactUri(remote, number), params: new Map() });
  const sdp =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 49172 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";
  return {
    dial: (dialled) => {
      const target = sipUri({ user: dialled, ...place });
      const request = createRequest({
        method: "INVITE",
        uri: target,
        from: { uri: sipUri({ user: number, host }), params: new Map([["tag", randomText()]]) },
        to: { uri: target, params: new Map() },
        callId: randomText(),
        cseq: 1,
        headers: [{ name: "Contact", value: contact }],
        body: sdp,
        contentType: "application/sdp",
      });
      const credentials = createDigestClient({ username: number, password }, randomText);
      const invite: UacInvite = new UacInvite(
        endpoint,
        { request, remote, credentials },
        {
          onRequest: (transaction) => {
            transaction.respond(200);
            if (transaction.request.method === "BYE") invite.end();
          },
          onAck: () => undefined,
          onProgress: () => undefined,
          onAnswer: () => undefined,
          onRefusal: ({ status }) => console.error(`the call was refused: ${status}`),
        },
      );
    },
    close: () => endpoint.close(),
  };
}
