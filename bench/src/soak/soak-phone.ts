import { setTimeout as pause } from "node:timers/promises";
import { parseSdp } from "@pbx-x/media";
import type { Phone, PhoneCall } from "@pbx-x/sip/testing";
import { VoiceLine } from "../media/voice-line.ts";
import { passwordOf } from "../pbx/server.ts";
import { openPhone } from "../sip/phone.ts";

/** One call of a phone, with its voice. */
export interface SoakCall {
  /** Resolves when both talk; rejects when it ends before, or after `timeoutMs`. */
  talks(): Promise<void>;
  /** Resolves when it is over, by whomever; `ends` rejects when that takes too long. */
  readonly over: Promise<unknown>;
  ends(): Promise<void>;
  hold(direction: "sendonly" | "sendrecv"): Promise<void>;
  refer(to: string): Promise<void>;
  /** Ends it in whatever way fits its state. */
  end(): void;
  /** Voice packets that arrived so far. */
  heard(): number;
}

export interface SoakPhone {
  readonly number: string;
  dial(to: string): Promise<SoakCall>;
  /** The next call of others that it answered, or let ring where it does not answer. */
  called(): Promise<SoakCall>;
  /** Whether it answers by itself; it does at first. */
  answers: boolean;
  /** Ends whatever goes on, after a failure; nothing of it is handed out any more. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const timeoutMs = 15_000;
const answerAfterMs = 150;
const frameMs = 20;
const pcma = "a=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n";

/** Lines that speak now; one clock for all. */
const speaking = new Set<VoiceLine>();
setInterval(() => {
  for (const line of speaking) line.send();
}, frameMs).unref();
let ssrc = 1;

/** A registered phone that speaks in each of its calls. */
export async function openSoakPhone(number: string, pbx: string): Promise<SoakPhone> {
  const phone: Phone = await openPhone({ number, password: passwordOf(number), pbx });
  const { status } = await phone.register({ expiresSeconds: 3600 });
  if (status !== 200) throw new Error(`${number} is refused: ${status}`);
  const waiting: ((call: SoakCall) => void)[] = [];
  const untaken: SoakCall[] = [];
  const live = new Set<SoakCall>();
  const watch = (call: SoakCall): SoakCall => {
    live.add(call);
    void call.over.then(() => live.delete(call));
    return call;
  };
  const made: SoakPhone = {
    number,
    answers: true,
    dial: async (to) => {
      const line = await openLine();
      return watch(createCall(phone.call(to, { body: describe(line, "sendrecv") }), line, { number, pbx }));
    },
    called: () => {
      const call = untaken.shift();
      if (call !== undefined) return Promise.resolve(call);
      return within(new Promise((resolve) => waiting.push(resolve)), `${number} was not called`);
    },
    clear: async () => {
      for (const call of live) call.end();
      await Promise.race([Promise.all([...live].map((call) => call.over)), pause(2000)]);
      untaken.length = 0;
      waiting.length = 0;
      made.answers = true;
    },
    close: () => phone.close(),
  };
  const onCall = async (call: PhoneCall): Promise<void> => {
    const line = await openLine();
    const taken = watch(createCall(call, line, { number, pbx }));
    if (call.request !== undefined) speakAsIn(line, call.request.body);
    call.ring();
    if (made.answers) setTimeout(() => call.answer(), answerAfterMs);
    const next = waiting.shift();
    if (next === undefined) untaken.push(taken);
    else next(taken);
  };
  phone.onCall = (call) => void onCall(call);
  return made;
}

interface Owner {
  readonly number: string;
  readonly pbx: string;
}

function createCall(call: PhoneCall, line: VoiceLine, { number, pbx }: Owner): SoakCall {
  const isOurs = call.request === undefined;
  let isTalking = false;
  let isOver = false;
  let heard = 0;
  call.describe = () => describe(line, "sendrecv");
  const talking = call.events
    .next(({ type }) => type === (isOurs ? "answered" : "confirmed"))
    .then((event) => {
      isTalking = true;
      if (event.type === "answered") speakAsIn(line, event.response.body);
    });
  const over = call.events
    .next(({ type }) => ["refused", "cancelled", "failed", "hung_up"].includes(type))
    .then((event) => {
      isOver = true;
      heard += line.take().received;
      speaking.delete(line);
      line.close();
      return event.type;
    });
  const contact = { name: "Contact", value: `<sip:${number}@127.0.0.1>` };
  return {
    over,
    talks: () =>
      within(
        Promise.race([
          talking,
          over.then((how) => {
            throw new Error(`${number}'s call ended before it was answered: ${how}`);
          }),
        ]),
        `${number}'s call was not answered`,
      ),
    ends: () =>
      within(
        over.then(() => undefined),
        `${number}'s call did not end`,
      ),
    hold: async (direction) => {
      const { status } = await call.reinvite(describe(line, direction));
      if (status >= 300) throw new Error(`${number} could not hold: ${status}`);
    },
    refer: async (to) => {
      const headers = [contact, { name: "Refer-To", value: `<sip:${to}@${pbx}>` }];
      const { status } = await call.send("REFER", { headers });
      if (status >= 300) throw new Error(`${number} could not transfer: ${status}`);
    },
    end: () => {
      if (isOver) return;
      if (isTalking) call.hangUp().catch(() => undefined);
      else if (isOurs) call.cancel();
      else {
        call.refuse(486);
        call.events.put({ type: "refused", status: 486 });
      }
    },
    heard: () => {
      heard += isOver ? 0 : line.take().received;
      return heard;
    },
  };
}

async function openLine(): Promise<VoiceLine> {
  ssrc += 1;
  return VoiceLine.open(ssrc);
}

const describe = (line: VoiceLine, direction: string): string =>
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
  `m=audio ${line.port} RTP/AVP 8\r\n${pcma}a=${direction}\r\n`;

function speakAsIn(line: VoiceLine, body: Uint8Array): void {
  const session = parseSdp(new TextDecoder().decode(body));
  const audio = session?.media[0];
  line.speakTo(audio?.address ?? session?.address ?? "127.0.0.1", audio?.port ?? 0);
  speaking.add(line);
}

/** Rejects after a time that is too long for anything here. */
export async function within<Value>(work: Promise<Value>, complaint: string): Promise<Value> {
  let late: NodeJS.Timeout | undefined;
  const lateness = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(complaint)), timeoutMs);
  });
  try {
    return await Promise.race([work, lateness]);
  } finally {
    clearTimeout(late);
  }
}
