import { parseSdp } from "@pbx-x/media";
import type { Phone, PhoneCall } from "@pbx-x/sip/testing";
import { quantile } from "../benchmark.ts";
import { serveParent } from "../child.ts";
import { openPhone } from "../sip/phone.ts";
import { VoiceLine } from "./voice-line.ts";

// Both phones of many calls in one process: signalling by the SIP package's phone, voice as bare datagrams.

interface Plan {
  readonly address: string;
  readonly users: readonly { readonly number: string; readonly password: string }[];
  readonly callee: string;
  readonly calleePort: number;
}

interface Call {
  readonly call: PhoneCall;
  readonly lines: readonly VoiceLine[];
}

const calls: Call[] = [];
const callers: Phone[] = [];
/** Lines of the callee, in the order in which the calls come. */
const waitingLines: VoiceLine[] = [];
let plan: Plan | undefined;

async function open(opened: Plan): Promise<void> {
  plan = opened;
  const callee = await openPhone({ number: opened.callee, pbx: opened.address, port: opened.calleePort });
  callee.onCall = (call) => {
    const line = waitingLines.shift();
    if (line === undefined) return;
    call.describe = () => describe(line);
    if (call.request !== undefined) speakAsIn(line, call.request.body);
    call.answer();
  };
  for (const user of opened.users) callers.push(await openPhone({ ...user, pbx: opened.address }));
}

const describe = (line: VoiceLine): string =>
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
  `m=audio ${line.port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n`;

function speakAsIn(line: VoiceLine, body: Uint8Array): void {
  const session = parseSdp(new TextDecoder().decode(body));
  const audio = session?.media[0];
  line.speakTo(audio?.address ?? session?.address ?? "127.0.0.1", audio?.port ?? 0);
}

async function dial(index: number): Promise<void> {
  const caller = callers[index % callers.length];
  if (caller === undefined || plan === undefined) throw new Error("not opened");
  const [own, far] = [await VoiceLine.open(index * 2 + 1), await VoiceLine.open(index * 2 + 2)];
  waitingLines.push(far);
  const call = caller.call(plan.callee, { body: describe(own) });
  const outcome = await call.events.next(({ type }) => type === "answered" || type === "refused");
  if (outcome.type !== "answered") throw new Error(`call ${index} was not answered`);
  speakAsIn(own, outcome.response.body);
  calls.push({ call, lines: [own, far] });
}

/** Voice on all calls; each line has its own moment within the 20 ms, as phones do. */
async function talk(seconds: number): Promise<object> {
  const lines = calls.flatMap(({ lines }) => lines);
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
      return open(request as unknown as Plan);
    case "dial":
      for (let index = calls.length; index < Number(request["until"]); index += 1) await dial(index);
      return calls.length;
    case "talk":
      return talk(Number(request["seconds"]));
    case "hangup":
      for (const { call, lines } of calls.splice(0)) {
        await call.hangUp();
        for (const line of lines) line.close();
      }
      return undefined;
    default:
      throw new Error("unknown request");
  }
});
