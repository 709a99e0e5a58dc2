import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AsteriskCarrier, carrierNumbers, carrierToneHz, startCarrier } from "./src/asterisk.ts";
import type { Baresip } from "./src/baresip.ts";
import { type LossyPath, openLossyPath } from "./src/lossy-path.ts";
import { isVoice, untilSoundsLike } from "./src/tone.ts";
import { startWorld, type World } from "./src/world.ts";

const account = { username: "pbx1", password: "a-carriers-password" };
const did = "+493055520201";
const [annaHz, lisaHz] = [440, 880];
let world: World;
let carrier: AsteriskCarrier;
let path: LossyPath;
let anna: Baresip;
let lisa: Baresip;
let trunkId = "";
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_ALERT_INTERVAL_SECONDS: "5" } });
  carrier = await startCarrier(account);
  path = await openLossyPath(carrier.port);
  const place = { host: "127.0.0.1", port: path.port, transport: "udp" };
  // Like many carriers, Asterisk knows its customers by From; who calls stands in P-Asserted-Identity.
  const body = { name: "Telekom", trunkType: "register", ...place, ...account, fromUser: account.username };
  ({ id: trunkId } = (await world.request("POST", "/trunks", body)) as { id: string });
  await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active");
  await world.request("POST", "/rules/outbound", { name: "Outside", pattern: "0ZX.", trunkIds: [trunkId] });
  const destination = { kind: "extension", extensionId: await world.extensionId("201") };
  await world.request("POST", "/rules/inbound", { name: "Lisa", trunkId, didPattern: did, destination });
  anna = await world.startPhone("200", { toneHz: annaHz });
  lisa = await world.startPhone("201", { toneHz: lisaHz, answerMode: "auto" });
});
afterAll(async () => {
  await world?.stop();
  path?.close();
  await carrier?.stop();
});

/** Waits for events that come after now. */
function fromNow(): (
  type: string,
  isWanted?: (data: Readonly<Record<string, unknown>>) => boolean,
) => Promise<Readonly<Record<string, unknown>>> {
  const seen = world.cti.events.length;
  return async (type, isWanted = () => true) =>
    (await world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen && isWanted(event.data), 60_000))
      .data;
}

describe("calls over a real Asterisk as carrier", () => {
  it("[C11] [C16] a call to outside: both directions are heard, the socket names the trunk", async () => {
    const of = fromNow();
    await anna.command("dial", carrierNumbers.echo);
    expect(await of("CALL_CREATED")).toMatchObject({ direction: "outbound", caller: { number: "200" } });
    expect(await of("CALL_ANSWERED")).toMatchObject({ trunk: { id: trunkId, name: "Telekom" } });
    // What she hears is her own voice, there and back.
    await untilSoundsLike(anna.heardFiles, annaHz, isVoice);
    await anna.command("hangup");
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
  });

  it("[C16] a tone of the carrier is heard, its hang-up ends the call", async () => {
    const of = fromNow();
    await anna.command("dial", carrierNumbers.tone);
    await of("CALL_ANSWERED");
    await untilSoundsLike(anna.heardFiles, carrierToneHz, isVoice);
    await carrier.console("channel request hangup all");
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "callee" });
  });

  it("[C13] a busy number ends the call busy", async () => {
    const of = fromNow();
    await anna.command("dial", carrierNumbers.busy);
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "busy", sipCode: 486 });
  });

  it("[C11] [C16] a call from outside rings where the number leads, and both hear each other", async () => {
    const of = fromNow();
    await carrier.call(did, { number: "+49401234567", name: "Max Mustermann" });
    expect(await of("CALL_CREATED")).toMatchObject({
      direction: "inbound",
      trunk: { id: trunkId, name: "Telekom" },
      caller: { number: "+49401234567", name: "Max Mustermann" },
    });
    expect(await of("CALL_ANSWERED")).toMatchObject({ answeredBy: { number: "201" } });
    await untilSoundsLike(lisa.heardFiles, lisaHz, isVoice);
    await carrier.console("channel request hangup all");
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
  });

  it("[V3] lost voice raises an alert after 10 s, and word comes when it is over", async () => {
    const of = fromNow();
    await anna.command("dial", carrierNumbers.echo);
    await of("CALL_ANSWERED");
    await untilSoundsLike(anna.heardFiles, annaHz, isVoice);
    const isLoss = ({ trunkId: id, message }: Readonly<Record<string, unknown>>): boolean =>
      id === trunkId && String(message).includes("packet loss");
    expect(world.cti.events.filter(({ type, data }) => type === "SYSTEM_ALERT" && isLoss(data))).toEqual([]);
    path.loss = 0.3;
    const raised = await of("SYSTEM_ALERT", (data) => data["severity"] === "warning" && isLoss(data));
    expect(raised).toMatchObject({ category: "trunk", trunkId });
    expect(raised["message"]).toMatch(/^Trunk 'Telekom' is experiencing high packet loss \(\d+/);
    const { packetLoss } = raised["metrics"] as { packetLoss: number };
    expect(packetLoss).toBeGreaterThan(20);
    expect(packetLoss).toBeLessThan(40);
    path.loss = 0;
    const over = await of("SYSTEM_ALERT", (data) => data["severity"] === "info" && isLoss(data));
    expect(over).toMatchObject({ alertId: raised["alertId"], trunkId, isOver: true });
    await anna.command("hangup");
    await of("CALL_ENDED");
  });
});
