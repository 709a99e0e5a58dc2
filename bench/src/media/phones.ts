import { randomBytes } from "node:crypto";
import { serveParent } from "../child.ts";
import { quantile } from "../benchmark.ts";
import {
  createDigestClient,
  createRequest,
  Endpoint,
  openUdp,
  printNameAddr,
  type Remote,
  sipUri,
  UacInvite,
  UasInvite,
} from "@pbx-x/sip";
import { parseSdp } from "@pbx-x/media";
import { VoiceLine } from "./voice-line.ts";

// Both phones of many calls in one process: signalling by our own stack, voice as bare datagrams.

interface Call {
  readonly lines: readonly VoiceLine[];
  hangup(): void;
}

const calls: Call[] = [];
const waitingCallees: VoiceLine[] = [];
const randomText = (): string => randomBytes(8).toString("hex");
let caller: Endpoint | undefined;

async function openEndpoint(port: number): Promise<Endpoint> {
  const endpoint: Endpoint = new Endpoint({
    scheduler: {
      now: () => Date.now(),
      after: (delayMs, task) => {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
      },
    },
    randomText,
    userAgent: "bench",
    onRequest: (transaction) => {
      if (transaction.request.method !== "INVITE") {
        transaction.respond(200);
        return;
      }
      const line = waitingCallees.shift();
      const invite = UasInvite.begin(endpoint, transaction, {
        onRequest: (inner) => void inner.respond(200),
        onAck: () => undefined,
        onCancel: () => undefined,
        onConfirmed: () => undefined,
        onFailure: () => undefined,
      });
      if (line === undefined || invite === undefined) return;
      speakAsIn(line, transaction.request.body);
      invite.accept(describe(line));
    },
  });
  endpoint.add(await openUdp({ host: "127.0.0.1", port }, endpoint.events));
  return endpoint;
}

const describe = (line: VoiceLine): string =>
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
  `m=audio ${line.port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n`;

function speakAsIn(line: VoiceLine, body: Uint8Array): void {
  const session = parseSdp(new TextDecoder().decode(body));
  const audio = session?.media[0];
  line.speakTo(audio?.address ?? session?.address ?? "127.0.0.1", audio?.port ?? 0);
}

interface Plan {
  readonly address: string;
  readonly users: readonly { readonly number: string; readonly password: string }[];
  readonly callee: string;
  readonly calleePort: number;
}
let plan: Plan | undefined;

async function dial(index: number): Promise<void> {
  if (caller === undefined || plan === undefined) throw new Error("not opened");
  const endpoint = caller;
  const [host = "127.0.0.1", port = "5060"] = plan.address.split(":");
  const remote: Remote = { transport: "udp", address: host, port: Number(port) };
  const user = plan.users[index % plan.users.length];
  if (user === undefined) throw new Error("no users");
  const [own, far] = [await VoiceLine.open(index * 2 + 1), await VoiceLine.open(index * 2 + 2)];
  waitingCallees.push(far);
  const target = sipUri({ user: plan.callee, host, port: Number(port) });
  const request = createRequest({
    method: "INVITE",
    uri: target,
    from: { uri: sipUri({ user: user.number, host }), params: new Map([["tag", randomText()]]) },
    to: { uri: target, params: new Map() },
    callId: randomText(),
    cseq: 1,
    headers: [
      {
        name: "Contact",
        value: printNameAddr({ uri: endpoint.contactUri(remote, user.number), params: new Map() }),
      },
    ],
    body: describe(own),
    contentType: "application/sdp",
  });
  const credentials = createDigestClient({ username: user.number, password: user.password }, randomText);
  await new Promise<void>((resolve, reject) => {
    const invite: UacInvite = new UacInvite(
      endpoint,
      { request, remote, credentials },
      {
        onRequest: (transaction) => void transaction.respond(200),
        onAck: () => undefined,
        onProgress: () => undefined,
        onAnswer: ({ body }, dialog) => {
          speakAsIn(own, body);
          calls.push({
            lines: [own, far],
            hangup: () => {
              endpoint.sendInDialog(dialog, "BYE", {});
              invite.end();
            },
          });
          resolve();
        },
        onRefusal: ({ status }) => reject(new Error(`call ${index} was refused: ${status}`)),
      },
    );
  });
}

/** Voice on all calls; each line has its own moment within the 20 ms, as phones do. */
async function talk(seconds: number): Promise<object> {
  const lines = calls.flatMap((call) => call.lines);
  const startedAt = performance.now();
  const total = Math.round(seconds * 50);
  const slots = 10;
  const late: number[] = [];
  for (let tick = 0; tick < total * slots; tick += 1) {
    const dueMs = startedAt + (tick * 20) / slots;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, waitMs);
      });
    } else late.push(-waitMs);
    for (let index = tick % slots; index < lines.length; index += slots) lines[index]?.send();
  }
  await new Promise((resolve) => {
    setTimeout(resolve, 300);
  });
  const figures = lines.map((line) => line.take());
  const delays = figures.flatMap((one) => one.delays);
  const sum = (key: "sent" | "received"): number => figures.reduce((before, one) => before + one[key], 0);
  return {
    sent: sum("sent"),
    received: sum("received"),
    p50Ms: quantile(delays, 0.5),
    p99Ms: quantile(delays, 0.99),
    lateP99Ms: late.length === 0 ? 0 : quantile(late, 0.99),
  };
}

serveParent(async (request) => {
  switch (request["do"]) {
    case "open":
      plan = request as unknown as Plan;
      await openEndpoint(plan.calleePort);
      caller = await openEndpoint(0);
      return undefined;
    case "dial":
      for (let index = calls.length; index < Number(request["until"]); index += 1) await dial(index);
      return calls.length;
    case "talk":
      return talk(Number(request["seconds"]));
    case "hangup":
      for (const call of calls.splice(0)) {
        call.hangup();
        for (const line of call.lines) line.close();
      }
      return undefined;
    default:
      throw new Error("unknown request");
  }
});
