import { createHash, randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { clockMs } from "../clock.ts";

export interface BenchPhone {
  readonly number: string;
  /** When the phone sent this status for the newest call, by `clockMs()`. */
  readonly sentAt: (status: 180 | 200) => number;
  close(): void;
}

export interface BenchPhoneOptions {
  readonly number: string;
  readonly password: string;
  /** `host:port` of the PBX. */
  readonly pbx: string;
  readonly answerAfterMs: number;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** The least that registers, rings, answers and hangs up: it only notes when it sent what. */
export async function startBenchPhone({
  number,
  password,
  pbx,
  answerAfterMs,
}: BenchPhoneOptions): Promise<BenchPhone> {
  const [host = "127.0.0.1", port = "5060"] = pbx.split(":");
  const socket: Socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const own = `127.0.0.1:${socket.address().port}`;
  const send = (text: string): void => socket.send(text, Number(port), host);
  const tag = randomBytes(6).toString("hex");
  const callId = randomBytes(8).toString("hex");
  const register = (cseq: number, extra: string): void =>
    send(
      `REGISTER sip:${pbx} SIP/2.0\r\nVia: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${tag}${cseq}\r\nMax-Forwards: 70\r\n` +
        `From: <sip:${number}@${host}>;tag=${tag}\r\nTo: <sip:${number}@${host}>\r\nCall-ID: ${callId}\r\n` +
        `CSeq: ${cseq} REGISTER\r\nContact: <sip:${number}@${own}>\r\nExpires: 3600\r\n${extra}Content-Length: 0\r\n\r\n`,
    );
  const sent: Record<180 | 200, number> = { 180: 0, 200: 0 };
  const isRegistered = new Promise<void>((resolve, reject) => {
    socket.on("message", (data) => {
      const text = data.toString();
      if (text.startsWith("SIP/2.0 401")) {
        const nonce = /nonce="([^"]+)"/.exec(text)?.[1] ?? "";
        const realm = /realm="([^"]+)"/.exec(text)?.[1] ?? "";
        const uri = `sip:${pbx}`;
        const first = md5(`${number}:${realm}:${password}`);
        const response = md5(`${first}:${nonce}:00000001:bench:auth:${md5(`REGISTER:${uri}`)}`);
        register(
          2,
          `Authorization: Digest username="${number}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
            `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="bench"\r\n`,
        );
      } else if (text.startsWith("SIP/2.0 200") && text.includes("REGISTER")) resolve();
      else if (text.startsWith("SIP/2.0 403")) reject(new Error(`${number} may not register`));
      else if (text.startsWith("INVITE")) onInvite(text);
      else if (/^(BYE|CANCEL|OPTIONS|NOTIFY)/.test(text)) send(answerTo(text, "200 OK"));
    });
  });

  const answerTo = (request: string, status: string, body = ""): string => {
    const lines = request.split("\r\n");
    const copied = lines.filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route):/i.test(line));
    const to = lines.find((line) => line.startsWith("To:")) ?? "To: <sip:x>";
    const type = body === "" ? "" : "Content-Type: application/sdp\r\n";
    return (
      `SIP/2.0 ${status}\r\n${copied.join("\r\n")}\r\n${to.includes("tag=") ? to : `${to};tag=${tag}`}\r\n` +
      `Contact: <sip:${number}@${own}>\r\n${type}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
  };

  const onInvite = (request: string): void => {
    if (/^To:.*tag=/im.test(request)) return;
    sent[180] = clockMs();
    send(answerTo(request, "180 Ringing"));
    setTimeout(() => {
      const sdp =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
        "m=audio 49170 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";
      sent[200] = clockMs();
      send(answerTo(request, "200 OK", sdp));
    }, answerAfterMs);
  };

  register(1, "");
  await isRegistered;
  return { number, sentAt: (status) => sent[status], close: () => socket.close() };
}
