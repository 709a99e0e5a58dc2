import { randomBytes } from "node:crypto";
import { openUdp } from "@pbx-x/sip";
import { Phone, type PhoneCall, realScheduler } from "@pbx-x/sip/testing";
import type { SippUser } from "./sipp.ts";

export type LineState = "incoming" | "outgoing" | "accepted" | "talking" | "ended";

/** One call of a phone that does anything at any time, as long as SIP allows it. */
export interface Line {
  readonly state: LineState;
  ring(): void;
  answer(): void;
  reject(status: number): void;
  /** Whatever ends it at this moment: CANCEL, a refusal, BYE. */
  hangup(): void;
  hold(direction: "sendonly" | "inactive" | "sendrecv"): void;
  refer(to: string): void;
  /** REFER with Replaces: both calls of this phone shall be one. */
  referTo(other: Line): void;
  readonly replaces: string | undefined;
}

export interface RandomPhone {
  readonly number: string;
  readonly lines: readonly Line[];
  dial(to: string): void;
  /** Goes away without a word. */
  kill(): Promise<void>;
}

/** A registered phone by real UDP; its voice goes to a port where nobody minds. */
export async function startRandomPhone({ number, password }: SippUser, pbx: string, voicePort: number) {
  const [address = "127.0.0.1", port = "0"] = pbx.split(":");
  const phone = await Phone.open({
    scheduler: realScheduler,
    randomText: () => randomBytes(8).toString("hex"),
    user: number,
    password,
    server: { transport: "udp", address, port: Number(port) },
    transports: [(events) => openUdp({ host: "127.0.0.1", port: 0 }, events)],
  });
  const { status } = await phone.register();
  if (status !== 200) throw new Error(`${number} is refused: ${status}`);
  const lines: Line[] = [];
  phone.onCall = (call) => void lines.push(lineOf(call, number, pbx, voicePort));
  const made: RandomPhone = {
    number,
    lines,
    dial: (to) => {
      const call = phone.call(to, { body: describe(voicePort, "sendrecv") });
      lines.push(lineOf(call, number, pbx, voicePort));
    },
    kill: () => phone.close(),
  };
  return made;
}

function lineOf(call: PhoneCall, number: string, pbx: string, voicePort: number): Line {
  let isAccepted = false;
  let isBusy = false;
  call.describe = () => describe(voicePort, "sendrecv");
  const stateNow = (): LineState => {
    const types = call.events.all.map(({ type }) => type);
    if (types.some((type) => ["refused", "cancelled", "failed", "hung_up"].includes(type))) return "ended";
    if (types.includes("answered") || types.includes("confirmed")) return "talking";
    if (isAccepted) return "accepted";
    return call.request === undefined ? "outgoing" : "incoming";
  };
  const send = (method: string, headers: { name: string; value: string }[]): void => {
    if (stateNow() === "talking") call.send(method, { headers }).catch(() => undefined);
  };
  const contact = { name: "Contact", value: `<sip:${number}@127.0.0.1>` };
  const line: Line = {
    get state() {
      return stateNow();
    },
    ring: () => {
      if (stateNow() === "incoming") call.ring();
    },
    answer: () => {
      if (stateNow() !== "incoming") return;
      isAccepted = true;
      call.answer();
    },
    reject: (status) => {
      if (stateNow() !== "incoming") return;
      call.refuse(status);
      call.events.put({ type: "refused", status });
    },
    hangup: () => {
      const state = stateNow();
      if (state === "incoming") line.reject(486);
      else if (state === "outgoing") call.cancel();
      else if (state === "talking") call.hangUp().catch(() => undefined);
    },
    hold: (direction) => {
      if (stateNow() !== "talking" || isBusy) return;
      isBusy = true;
      void call.reinvite(describe(voicePort, direction)).finally(() => (isBusy = false));
    },
    refer: (to) => send("REFER", [contact, { name: "Refer-To", value: `<sip:${to}@${pbx}>` }]),
    referTo: ({ replaces }) => {
      if (replaces === undefined) return;
      send("REFER", [contact, { name: "Refer-To", value: `<sip:200@${pbx}?Replaces=${replaces}>` }]);
    },
    get replaces() {
      if (stateNow() !== "talking") return undefined;
      const { callId, localTag, remoteTag } = call.dialog;
      return encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
    },
  };
  return line;
}

function describe(port: number, direction: string): string {
  const lines = ["v=0", "o=phone 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"];
  return `${[...lines, `m=audio ${port} RTP/AVP 8`, "a=rtpmap:8 PCMA/8000", `a=${direction}`].join("\r\n")}\r\n`;
}
