import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { parseRtp, parseSdp, printRtp, telephoneEventPayloads } from "@pbx-x/media";
import type { PhoneCall } from "@pbx-x/sip/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type EngineWithCall, type PhoneSide, startEngineWithCall } from "../testing/engine-with-call.ts";

const allow = [{ name: "Allow", value: "INVITE, ACK, BYE, CANCEL, INFO" }];
/** Takes keys by INFO only. */
const infoOnly: PhoneSide = { headers: allow, hasTelephoneEvent: false };

const opened: { close(): unknown }[] = [];
let around: EngineWithCall;
afterEach(async () => {
  for (const each of opened.splice(0)) each.close();
  await around.stop();
});

async function start(sides: { readonly caller?: PhoneSide; readonly callee?: PhoneSide }) {
  around = await startEngineWithCall(sides, { min: 24_100, max: 24_199 });
  return around;
}

const inform = async (call: PhoneCall, body: string, contentType = "application/dtmf-relay") =>
  (await call.send("INFO", { body, contentType })).status;

/** What a phone is told by INFO, as it comes. */
function infosOf(call: PhoneCall): () => string {
  return () =>
    call.events.all
      .flatMap((event) => (event.type === "request" && event.request.method === "INFO" ? [event.request] : []))
      .map(({ body }) => /Signal=(.)/.exec(new TextDecoder().decode(body))?.[1] ?? "?")
      .join("");
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket("udp4");
  opened.push(socket);
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

/** Presses keys by RTP, towards where the PBX said in its answer. */
function rtpOf(socket: Socket, call: PhoneCall) {
  const answered = call.events.all.find((event) => event.type === "answered");
  const body = answered?.type === "answered" ? answered.response.body : call.request?.body;
  const port = parseSdp(new TextDecoder().decode(body))?.media[0]?.port ?? 0;
  let sequence = 0;
  return {
    press: (digit: string, timestamp: number): void => {
      for (const payload of telephoneEventPayloads(digit)) {
        sequence += 1;
        const fields = { payloadType: 101, marker: false, sequence, timestamp, ssrc: 7 };
        socket.send(printRtp(fields, payload), port, "127.0.0.1");
      }
    },
  };
}

describe("keys by INFO", () => {
  it("[C50] are told once each; what is no key is answered accordingly", async () => {
    const { caller, digitsOf } = await start({ caller: infoOnly });
    expect(await inform(caller.call, "Signal=5\r\nDuration=160\r\n")).toBe(200);
    expect(await inform(caller.call, "#", "application/dtmf")).toBe(200);
    expect(await inform(caller.call, "Signal=16")).toBe(200);
    expect(await inform(caller.call, "Signal=55")).toBe(400);
    expect(await inform(caller.call, "<x/>", "application/media_control+xml")).toBe(415);
    expect(digitsOf(caller.legId)).toBe("5#");
  });

  it("[C58] reach the other phone in the way that it takes, by INFO in their order", async () => {
    const { caller, callee } = await start({ caller: infoOnly, callee: infoOnly });
    for (const digit of "12*") await inform(caller.call, `Signal=${digit}`);
    await expect.poll(infosOf(callee.call)).toBe("12*");
  });

  it("[C58] do not reach the other phone of one that is muted; they are told all the same", async () => {
    const { engine, caller, callee, digitsOf } = await start({ caller: infoOnly, callee: infoOnly });
    await engine.perform({ op: "mute", legId: caller.legId, isMuted: true });
    await inform(caller.call, "Signal=1");
    await engine.perform({ op: "mute", legId: caller.legId, isMuted: false });
    await inform(caller.call, "Signal=2");
    await expect.poll(infosOf(callee.call)).toBe("2");
    expect(digitsOf(caller.legId)).toBe("12");
  });

  it("[C58] of a phone that offered RTP for them reach the other by RTP once it has not used it", async () => {
    const voice = await openSocket();
    const heard = new Set<number>();
    voice.on("message", (packet) => {
      const header = parseRtp(packet);
      if (header?.payloadType === 101) heard.add(packet[header.payloadStart] ?? -1);
    });
    const { caller } = await start({ caller: { headers: allow }, callee: { port: voice.address().port } });
    await inform(caller.call, "Signal=7");
    await inform(caller.call, "Signal=8");
    await expect.poll(() => [...heard]).toEqual([7, 8]);
  });
});

describe("keys by RTP", () => {
  it("[C58] reach a phone that takes them by INFO only", async () => {
    const voice = await openSocket();
    const { caller, callee, digitsOf } = await start({ caller: { port: voice.address().port }, callee: infoOnly });
    const { press } = rtpOf(voice, caller.call);
    press("4", 1000);
    press("2", 3000);
    await expect.poll(infosOf(callee.call)).toBe("42");
    expect(digitsOf(caller.legId)).toBe("42");
  });

  it("[C50] [C58] a phone that tells each key by both ways: counted once, and passed on once", async () => {
    const voice = await openSocket();
    const { caller, callee, digitsOf } = await start({
      caller: { headers: allow, port: voice.address().port },
      callee: infoOnly,
    });
    const { press } = rtpOf(voice, caller.call);
    await inform(caller.call, "Signal=4");
    press("4", 1000);
    await expect.poll(infosOf(callee.call)).toBe("4");
    press("2", 3000);
    await expect.poll(() => digitsOf(caller.legId)).toBe("42");
    await inform(caller.call, "Signal=2");
    press("3", 6000);
    await expect.poll(infosOf(callee.call)).toBe("423");
    expect(digitsOf(caller.legId)).toBe("423");
  });
});

describe("keys that are to be sent", () => {
  it("[C59] go by INFO where no telephone-event was agreed on and the phone allows INFO, in their order", async () => {
    const { engine, callee } = await start({ callee: infoOnly });
    expect(await engine.perform({ op: "sendDtmf", legId: callee.legId, digits: "12" })).toEqual({ ok: true });
    expect(await engine.perform({ op: "sendDtmf", legId: callee.legId, digits: "#" })).toEqual({ ok: true });
    await expect.poll(infosOf(callee.call)).toBe("12#");
    const told = callee.call.events.all.find((event) => event.type === "request");
    expect(told?.type === "request" && told.request.headers.get("Content-Type")).toBe("application/dtmf-relay");
  });

  it("[C59] are refused by a phone that allows no INFO, or that refuses it", async () => {
    const plain = await start({ callee: { hasTelephoneEvent: false } });
    const operation = { op: "sendDtmf", digits: "1" } as const;
    expect(await plain.engine.perform({ ...operation, legId: plain.callee.legId })).toMatchObject({
      error: "device_cannot",
    });
    await plain.stop();
    const refusing = await start({ callee: infoOnly });
    refusing.callee.call.onRequest = (transaction) => void transaction.respond(405);
    const legId = refusing.callee.legId;
    expect(await refusing.engine.perform({ op: "sendDtmf", digits: "123", legId })).toMatchObject({
      error: "device_cannot",
    });
    expect(infosOf(refusing.callee.call)()).toBe("1");
  });

  it("[C59] no more than 64 wait", async () => {
    const { engine, callee } = await start({ callee: infoOnly });
    const legId = callee.legId;
    const first = engine.perform({ op: "sendDtmf", digits: "1".repeat(60), legId });
    expect(await engine.perform({ op: "sendDtmf", digits: "2".repeat(10), legId })).toMatchObject({
      error: "invalid_state",
    });
    expect(await first).toEqual({ ok: true });
  });
});
