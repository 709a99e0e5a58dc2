import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { playSipp, type SippProcess } from "./src/sipp.ts";
import { carrier } from "./src/sipp-carrier.ts";
import { scenario } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

const did = "+493055520200";
let world: World;
let anna: Baresip;
let carrierPort = 0;
let trunkId = "";
beforeAll(async () => {
  world = await startWorld();
  carrierPort = await freePort();
  const place = { host: "127.0.0.1", port: carrierPort, transport: "udp" };
  const account = { username: "pbx", password: "a-carriers-password", mainNumber: "+493055520" };
  // SIPp plays one call at a time and knows no OPTIONS beside it.
  const body = {
    name: "SIPp",
    trunkType: "static",
    ...place,
    ...account,
    optionsEnabled: false,
    maxConcurrentCalls: 1,
  };
  ({ id: trunkId } = (await world.request("POST", "/trunks", body)) as { id: string });
  await world.cti.waitFor("TRUNK_STATUS_CHANGED", ({ data }) => data["newStatus"] === "active");
  const extensionId = await world.extensionId("200");
  const destination = { kind: "extension", extensionId };
  await world.request("POST", "/rules/inbound", { name: "Anna", trunkId, didPattern: did, destination });
  await world.request("POST", "/rules/outbound", {
    name: "Outside",
    pattern: "0ZX.",
    trunkIds: [trunkId],
    callerId: { mode: "extension", number: "+493055520" },
  });
  anna = await world.startPhone("200");
});
afterAll(() => world?.stop());

const played: SippProcess[] = [];
afterEach(async () => {
  for (const one of played.splice(0)) one.stop();
  // A call that did not come to its end must not take the next test's place on the trunk.
  const { data } = (await world.get("/calls")) as { data: { callId: string }[] };
  for (const { callId } of data) await world.cti.send("hangup", { callId });
});

async function play(name: string, dials: string, ...steps: Parameters<typeof scenario>[1][]): Promise<SippProcess> {
  const user = { number: "+4940777", password: "" };
  const one = await playSipp({
    scenario: scenario(name, ...steps),
    user,
    dials,
    pbx: world.pbx.udp,
    localPort: carrierPort,
  });
  played.push(one);
  return one;
}

/** Waits for an event of a call that began after now. */
function newCall(): (type: string) => Promise<Readonly<Record<string, unknown>>> {
  const seen = world.cti.events.length;
  return async (type) =>
    (await world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen, 30_000)).data;
}

describe("a carrier that is known by its address (SIPp)", () => {
  it("[C11] [C16] delivers a call: nobody is asked for a password, the caller is whom the network vouches for", async () => {
    const of = newCall();
    const calling = await play(
      "the carrier delivers a call",
      did,
      carrier.deliver('P-Asserted-Identity: "Max Mustermann" <sip:+4940888@carrier.example>'),
      carrier.expectAnswer(),
      carrier.hangUp(),
    );
    expect(await of("CALL_CREATED")).toMatchObject({
      direction: "inbound",
      trunk: { id: trunkId, name: "SIPp" },
      caller: { number: "+4940888", name: "Max Mustermann" },
    });
    await of("CALL_RINGING");
    await anna.command("accept");
    await calling.done;
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
  });

  it("[C11] does not show who wants to stay unknown", async () => {
    const of = newCall();
    const calling = await play(
      "the carrier delivers a private call",
      did,
      carrier.deliver("P-Asserted-Identity: <sip:+4940888@carrier.example>", "Privacy: id"),
      carrier.expectAnswer(),
      carrier.hangUp(),
    );
    const created = await of("CALL_CREATED");
    expect(created).toMatchObject({ direction: "inbound", caller: { number: "" } });
    expect(JSON.stringify(created)).not.toContain("4940888");
    await of("CALL_RINGING");
    await anna.command("accept");
    await calling.done;
  });

  it("[C16] is told 404 for a number that leads nowhere", async () => {
    const calling = await play("a wrong number", "+493055520999", carrier.deliver(), carrier.expectRefusal(404));
    await calling.done;
  });

  it("is sent a call with who calls, and proves itself when it is asked to", async () => {
    const of = newCall();
    const called = await play(
      "the carrier asks for a password and takes the call",
      "",
      carrier.challenge(),
      carrier.expectCall({
        "P-Asserted-Identity": ".*493055520200@",
        "Proxy-Authorization": "Digest.*username=.pbx.",
        From: ".*Anna Schmidt",
      }),
      carrier.ring(),
      carrier.answer(),
      carrier.waitForBye(),
    );
    await anna.command("dial", "0301234567");
    expect(await of("CALL_CREATED")).toMatchObject({ direction: "outbound", caller: { number: "200" } });
    expect(await of("CALL_ANSWERED")).toMatchObject({ trunk: { id: trunkId, name: "SIPp" } });
    expect(await world.get(`/trunks/${trunkId}`)).toMatchObject({ activeCalls: 1 });
    await anna.command("hangup");
    await called.done;
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "normal_clearing" });
    expect(await world.get(`/trunks/${trunkId}`)).toMatchObject({ activeCalls: 0 });
  });

  it.each([
    ["486 Busy Here", "busy", 486],
    ["404 Not Found", "failed", 404],
    ["603 Decline", "rejected", 603],
  ])("[C13] a carrier's %s ends the call %s", async (line, hangupCause, sipCode) => {
    const of = newCall();
    const called = await play(`the carrier says ${line}`, "", carrier.expectCall({}), carrier.refuse(line));
    await anna.command("dial", "0301234567");
    await called.done;
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause, sipCode });
  });

  it("[C13] a call that is given up is cancelled at the carrier", async () => {
    const of = newCall();
    const called = await play(
      "the carrier is cancelled",
      "",
      [
        () =>
          '<recv request="INVITE"><action><ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/></action></recv>',
      ],
      carrier.ring(),
      carrier.expectCancel(),
    );
    await anna.command("dial", "0301234567");
    await of("CALL_RINGING");
    await anna.command("hangup");
    await called.done;
    expect(await of("CALL_ENDED")).toMatchObject({ hangupCause: "cancel", hangupBy: "caller" });
  });
});
