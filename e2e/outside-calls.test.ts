import { statSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AsteriskCarrier, carrierNumbers, carrierToneHz, startCarrier } from "./src/asterisk.ts";
import type { Baresip } from "./src/baresip.ts";
import { playSipp } from "./src/sipp.ts";
import { scenario, uac } from "./src/sipp-scenario.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

const account = { username: "pbx1", password: "a-carriers-password" };
const premium = "0900123456";
const mainNumber = "+49305550";
const [annaHz, lisaHz] = [440, 880];
let world: World;
let carrier: AsteriskCarrier;
let anna: Baresip;
let lisa: Baresip;
let trunkId = "";
let inboundRule = "";
let seen = 0;
let startedAt = 0;
/** Files of this test's calls alone. */
const annaHears = async () => (await anna.heardFiles()).filter((file) => statSync(file).mtimeMs > startedAt);
const make = async (path: string, body: object): Promise<string> =>
  ((await world.request("POST", path, body)) as { id: string }).id;

beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  carrier = await startCarrier(account);
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz });
  const place = { host: "127.0.0.1", port: carrier.port, transport: "udp", mainNumber, fromUser: account.username };
  trunkId = await make("/trunks", { name: "Carrier", trunkType: "register", ...place, ...account });
  await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active", 30_000);
  await make("/rules/outbound", { name: "All", pattern: "0.", trunkIds: [trunkId] });
  inboundRule = await make("/rules/inbound", {
    name: "Main",
    trunkId,
    didPattern: mainNumber,
    destination: { kind: "extension", extensionId: await world.extensionId("200") },
  });
});
afterAll(async () => {
  await carrier?.stop();
  await world?.stop();
});
beforeEach(() => {
  startedAt = Date.now();
  seen = world.cti.events.length;
});

const next = async (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true) =>
  (await world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen && where(event.data), 30_000)).data;
const trunk = () => ({ id: trunkId, name: "Carrier" });
const explained = async (query: string) =>
  (await world.get(`/routing/explain?${query}`)) as { direction: string; outcome: Readonly<Record<string, unknown>> };

describe("calls to and from a real carrier", () => {
  it("[C11] [C16] [R6] outbound: voice both ways, direction, trunk and number; explaining it says the same", async () => {
    const { direction, outcome } = await explained(`from=200&to=${carrierNumbers.echo}`);
    await anna.command("dial", carrierNumbers.echo);
    const created = await next("CALL_CREATED");
    expect(created).toMatchObject({
      direction: "outbound",
      caller: { number: "200" },
      callee: { number: "+49301234567" },
    });
    expect(created["trunk"]).toEqual(trunk());
    expect([direction, outcome["kind"], outcome["number"]]).toEqual(["outbound", "outside", "+49301234567"]);
    expect((await next("CALL_RINGING"))["trunk"]).toEqual(trunk());
    expect(await next("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "+49301234567" }, trunk: trunk() });
    // The carrier sends back what it hears: her own tone has gone both ways.
    await untilSoundsLike(annaHears, annaHz, isVoice);
    await anna.command("hangup");
    expect(await next("CALL_ENDED")).toMatchObject({
      hangupCause: "normal_clearing",
      hangupBy: "caller",
      trunk: trunk(),
    });
    await expect
      .poll(async () => ((await world.get("/cdr")) as { data: { callId: string }[] }).data[0])
      .toMatchObject({ callId: created["callId"], direction: "outbound", trunk: trunk() });
    await expect
      .poll(async () => (await carrier.console("core show channels count")).includes("0 active calls"))
      .toBe(true);
  });

  it("[C13] outbound: busy outside", async () => {
    await anna.command("dial", carrierNumbers.busy);
    expect(await next("CALL_ENDED")).toMatchObject({ hangupCause: "busy", sipCode: 486, trunk: trunk() });
  });

  it("[C16] [C11] inbound by its called number: name, number in E.164, trunk, voice both ways", async () => {
    await carrier.call("0305550", { number: "01701234567", name: "Max" });
    expect(await next("CALL_CREATED")).toMatchObject({
      direction: "inbound",
      caller: { number: "+491701234567", name: "Max" },
      callee: { number: "200" },
      trunk: trunk(),
    });
    await next("CALL_RINGING");
    await anna.command("accept");
    await next("CALL_ANSWERED");
    await untilSoundsLike(annaHears, annaHz, isVoice);
    await anna.command("hangup");
    expect(await next("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "callee" });
  });

  it("[G6] inbound for a number of nobody: refused, on record", async () => {
    await carrier.call("0309999999", { number: "01701234567", name: "Max" });
    const ended = await next("CALL_ENDED");
    expect(ended).toMatchObject({ hangupCause: "failed", reason: "no_such_number", sipCode: 404 });
    const record = (await world.get(`/calls/${String(ended["callId"])}`)) as object;
    expect(record).toMatchObject({ direction: "inbound", callee: { number: "+49309999999" } });
  });

  it("[G5] [G6] closed by its time profile, a call goes to the fallback; explaining it says so", async () => {
    const timeProfileId = await make("/time-profiles", {
      name: "Never",
      timeZone: "Europe/Berlin",
      ranges: [{ days: ["mon"], from: "03:00", to: "03:01" }],
    });
    const fallbackDestination = { kind: "internal", number: "201" };
    await world.request("PATCH", `/rules/inbound/${inboundRule}`, { timeProfileId, fallbackDestination });
    const at = "2026-11-26T10:00:00Z";
    expect((await explained(`trunk=Carrier&from=0170&to=0305550&at=${at}`)).outcome).toMatchObject({ number: "201" });
    await carrier.call("0305550", { number: "01701234567", name: "Max" });
    expect(await next("CALL_RINGING")).toMatchObject({ callee: { number: "201" }, trunk: trunk() });
    await lisa.command("accept");
    await next("CALL_ANSWERED");
    await lisa.command("hangup");
    await next("CALL_ENDED");
    await world.request("PATCH", `/rules/inbound/${inboundRule}`, { timeProfileId: null, fallbackDestination: null });
  });

  it("[C30] blind transfer by the phone to a number outside: the served party hears it", async () => {
    await anna.command("dial", "201");
    await next("CALL_RINGING");
    await lisa.command("accept");
    await next("CALL_ANSWERED");
    await untilSoundsLike(annaHears, lisaHz, isVoice);
    await lisa.command("transfer", carrierNumbers.tone);
    expect(await next("CALL_TRANSFERRED")).toMatchObject({ transferTarget: { number: "+49301234568" } });
    const answered = (data: Readonly<Record<string, unknown>>) =>
      (data["answeredBy"] as { number: string }).number === "+49301234568";
    expect((await next("CALL_ANSWERED", answered))["trunk"]).toEqual(trunk());
    await untilSoundsLike(annaHears, carrierToneHz, isVoice);
    await anna.command("hangup");
    await next("CALL_ENDED");
  });

  it("[C15] [G12] a forwarding to a number outside is followed", async () => {
    const forwarding = { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: carrierNumbers.tone };
    await world.patchExtension("201", forwarding);
    await anna.command("dial", "201");
    expect(await next("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "+49301234568" }, trunk: trunk() });
    await untilSoundsLike(annaHears, carrierToneHz, isVoice);
    await anna.command("hangup");
    await next("CALL_ENDED");
    await world.patchExtension("201", { forwardUnconditionalEnabled: false });
  });

  it("[G10] [G13] a premium number: 403 and a reason for the phone, rejected, an alert, an entry, no whole number in the log", async () => {
    expect((await explained(`from=200&to=${premium}`)).outcome).toMatchObject({
      kind: "refused",
      reason: "not_allowed",
    });
    const phone = await playSipp({
      scenario: scenario("dials a premium number", uac.invite(), uac.expectRefusal(403)),
      user: world.user("200"),
      dials: premium,
      pbx: world.pbx.udp,
    });
    await phone.done;
    expect(await next("CALL_ENDED")).toMatchObject({
      hangupCause: "rejected",
      reason: "not_allowed",
      hangupBy: "system",
    });
    expect(String((await next("SYSTEM_ALERT"))["message"])).toContain("extension 200");
    const refused = await world.cti.send("originate", { from: "200", to: premium });
    expect(refused.error).toMatchObject({ code: "NUMBER_NOT_REACHABLE", details: { reason: "not_allowed" } });
    const entries = (await world.get("/audit?search=outside-call")) as { data: { details: object }[] };
    expect(entries.data[0]?.details).toMatchObject({ reason: "not_allowed", class: "premium", number: "+499…56" });
    expect(world.server.output()).not.toContain("900123456");
  });
});
