import { randomBytes, randomUUID } from "node:crypto";
import { type HeaderField, openUdp, type Scheduler } from "@pbx-x/sip";
import { Phone, type PhoneCall, realScheduler } from "@pbx-x/sip/testing";
import {
  type BindingId,
  type BridgeId,
  brandId,
  type LegId,
  type TelephonyEngine,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import type { EngineLimits } from "../options.ts";
import { createTestEngine, passwordOf, testConfiguration } from "./test-engine.ts";

export interface PhoneSide {
  readonly headers?: readonly HeaderField[];
  /** Its session description; default PCMA with telephone-event 101 at `port`. */
  readonly hasTelephoneEvent?: boolean;
  /** Of its RTP. */
  readonly port?: number;
}

/** 200 has called 201, who has answered; they hear each other. */
export interface EngineWithCall {
  readonly engine: TelephonyEngine;
  readonly events: readonly TelephonyEvent[];
  readonly caller: { readonly legId: LegId; readonly call: PhoneCall };
  readonly callee: { readonly legId: LegId; readonly call: PhoneCall };
  /** Digits that were told of a leg. */
  digitsOf(legId: LegId): string;
  stop(): Promise<void>;
}

type EventOf<Type extends TelephonyEvent["type"]> = Extract<TelephonyEvent, { type: Type }>;

/** The embedded engine with two phones of the SIP package in a call, over real sockets. */
export async function startEngineWithCall(
  { caller = {}, callee = {} }: { readonly caller?: PhoneSide; readonly callee?: PhoneSide },
  rtpPorts: { readonly min: number; readonly max: number },
  limits: EngineLimits = {},
  scheduler: Scheduler = realScheduler,
): Promise<EngineWithCall> {
  const engine = createTestEngine({ scheduler, rtpPorts, limits });
  const events: TelephonyEvent[] = [];
  const waiting = new Set<() => void>();
  engine.subscribe((event) => {
    events.push(event);
    for (const check of waiting) check();
  });
  const event = <Type extends TelephonyEvent["type"]>(type: Type, legId?: LegId): Promise<EventOf<Type>> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = events.find(
          (each): each is EventOf<Type> =>
            each.type === type && (legId === undefined || ("legId" in each && each.legId === legId)),
        );
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  const { host, udp = 0 } = await engine.start();
  await engine.perform({ op: "applyConfiguration", configuration: testConfiguration });
  const open = (user: string): Promise<Phone> =>
    Phone.open({
      scheduler: realScheduler,
      randomText: () => randomBytes(8).toString("hex"),
      user,
      password: passwordOf(user),
      server: { transport: "udp", address: host, port: udp },
      transports: [(around) => openUdp({ host: "127.0.0.1", port: 0 }, around)],
    });
  const [anna, lisa] = [await open("200"), await open("201")];
  await lisa.register();
  const { binding } = await event("bindingAdded");
  const rings = new Promise<PhoneCall>((resolve) => {
    lisa.onCall = resolve;
  });
  const calling = anna.call("201", { body: describeVoice(caller), headers: caller.headers ?? [] });
  const { legId: callerLegId } = await event("legOffered");
  const legId = brandId<LegId>(randomUUID());
  const bridgeId = brandId<BridgeId>(randomUUID());
  await engine.perform({
    op: "dial",
    legId,
    target: { kind: "binding", bindingId: brandId<BindingId>(binding.bindingId) },
    caller: { number: "200" },
    callee: { number: "201" },
    isAutoAnswer: false,
    timeoutMs: 20_000,
  });
  const called = await rings;
  called.describe = () => describeVoice(callee);
  called.answer(callee.headers ?? []);
  await event("legAnswered", legId);
  await engine.perform({ op: "answer", legId: callerLegId });
  await event("legAnswered", callerLegId);
  await engine.perform({ op: "createBridge", bridgeId });
  for (const each of [callerLegId, legId]) {
    await engine.perform({ op: "join", bridgeId, legId: each, mode: "talk" });
  }
  return {
    engine,
    events,
    caller: { legId: callerLegId, call: calling },
    callee: { legId, call: called },
    digitsOf: (of) =>
      events.flatMap((each) => (each.type === "dtmfReceived" && each.legId === of ? [each.digit] : [])).join(""),
    stop: async () => {
      await engine.stop();
      await Promise.all([anna.close(), lisa.close()]);
    },
  };
}

export function describeVoice({ hasTelephoneEvent = true, port = 40_000 }: PhoneSide, direction = "sendrecv"): string {
  const lines = [
    "v=0",
    "o=phone 1 1 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    `m=audio ${port} RTP/AVP 8${hasTelephoneEvent ? " 101" : ""}`,
    "a=rtpmap:8 PCMA/8000",
    ...(hasTelephoneEvent ? ["a=rtpmap:101 telephone-event/8000"] : []),
    `a=${direction}`,
  ];
  return `${lines.join("\r\n")}\r\n`;
}
