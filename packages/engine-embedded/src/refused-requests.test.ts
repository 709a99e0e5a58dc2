import { randomBytes } from "node:crypto";
import { openUdp, type HeaderField } from "@pbx-x/sip";
import { Phone, realScheduler } from "@pbx-x/sip/testing";
import type { TelephonyEvent } from "@pbx-x/telephony";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestEngine, passwordOf, testConfiguration } from "./testing/test-engine.ts";

let phone: Phone;
let stop: () => Promise<unknown>;
let events: TelephonyEvent[];
let offered: Promise<TelephonyEvent>;

beforeEach(async () => {
  const engine = createTestEngine({ scheduler: realScheduler, rtpPorts: { min: 24_000, max: 24_099 } });
  events = [];
  offered = new Promise((resolve) => {
    engine.subscribe((event) => {
      events.push(event);
      if (event.type === "legOffered") resolve(event);
    });
  });
  const { host, udp = 0 } = await engine.start();
  await engine.perform({ op: "applyConfiguration", configuration: testConfiguration });
  phone = await Phone.open({
    scheduler: realScheduler,
    randomText: () => randomBytes(8).toString("hex"),
    user: "200",
    password: passwordOf("200"),
    server: { transport: "udp", address: host, port: udp },
    transports: [(around) => openUdp({ host: "127.0.0.1", port: 0 }, around)],
  });
  stop = async () => {
    await phone.close();
    await engine.stop();
  };
});

afterEach(() => stop());

const header = (name: string, value: string): HeaderField => ({ name, value });
const sdpType = header("Content-Type", "application/sdp");
const contact = header("Contact", "<sip:200@127.0.0.1:9>");

function offerOf(media: string): string {
  return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n${media}\r\n`;
}

describe("INVITEs that are no call", () => {
  test.each([
    ["a body of an unknown type", [header("Content-Type", "application/unknownformat")], "<audio/>", 415],
    [
      "an answer wanted in a form that is not SDP",
      [sdpType, header("Accept", "text/nobodyKnowsThis")],
      "m=audio 9 RTP/AVP 0",
      406,
    ],
    ["no codec of ours", [sdpType], "m=audio 9 RTP/AVP 96", 488],
    ["nothing but video", [sdpType], "m=video 9 RTP/AVP 31", 488],
    [
      "a Replaces of a call that is not known",
      [sdpType, header("Replaces", "x;to-tag=1;from-tag=2")],
      "m=audio 9 RTP/AVP 0",
      481,
    ],
    ["an extension that nobody has", [sdpType, header("Require", "teleportation")], "m=audio 9 RTP/AVP 0", 420],
  ])("%s", async (_, headers, media, status) => {
    const answer = await phone.request("INVITE", { to: "201", headers: [contact, ...headers], body: offerOf(media) });
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.headers.get("Accept")).toBe("application/sdp");
    expect(events.filter(({ type }) => type === "legOffered")).toEqual([]);
  });

  test.each([
    ["no Content-Type", []],
    ["parameters of the type", [header("Content-Type", "Application/SDP;charset=utf-8")]],
    ["any answer accepted", [sdpType, header("Accept", "text/plain, application/*;q=0.5")]],
  ])("%s does not hinder a call", async (_, headers) => {
    const body = offerOf("m=audio 9 RTP/AVP 0");
    void phone.request("INVITE", { to: "201", headers: [contact, ...headers], body }).catch(() => undefined);
    expect(await offered).toMatchObject({ type: "legOffered", dialled: "201" });
  });
});

describe("other requests outside of a call", () => {
  test.each([
    ["MESSAGE", 405],
    ["SUBSCRIBE", 489],
    ["INFO", 481],
    ["NOTIFY", 481],
    ["REFER", 481],
    ["BYE", 481],
    ["PUBLISH", 405],
  ])("%s gets %i", async (method, status) => {
    const answer = await phone.request(method, { to: "201" });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("To")).toMatch(/;tag=/);
    if (status === 405) expect(answer.headers.get("Allow")).toMatch(/INVITE/);
  });

  test("REGISTER with an unknown authorization scheme is challenged", async () => {
    const answer = await phone.request("REGISTER", { headers: [contact, header("Authorization", "NoOneKnows a=b")] });
    expect(answer.status).toBe(200);
    expect(phone.received.all.map((message) => message.kind === "response" && message.status)).toEqual([401, 200]);
  });

  test("REGISTER with a Contact that needs brackets and has none is refused", async () => {
    const answer = await phone.request("REGISTER", { headers: [header("Contact", "sip:a@b.test?Route=x")] });
    expect(answer.status).toBe(400);
  });
});
