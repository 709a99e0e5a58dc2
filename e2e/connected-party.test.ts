import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { playSipp, registerSipp } from "./src/sipp.ts";
import { scenario, uac, uas } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let lisa: Baresip;
let tom: Baresip;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "20" } });
  lisa = await world.startPhone("201");
  tom = await world.startPhone("202");
});
afterAll(() => world?.stop());

const next = (type: string, from: number, of?: string) =>
  world.cti.waitFor(
    type,
    (event) => world.cti.events.indexOf(event) >= from && (of === undefined || event.data["callId"] === of),
  );

describe("what phones are told, message by message", () => {
  it("[C37] [C39] the caller's answer names the callee; after REFER it hears 100, then the answer, then BYE", async () => {
    const from = world.cti.events.length;
    const anna = await playSipp({
      scenario: scenario(
        "Anna calls Lisa and passes her on to Tom",
        uac.invite(),
        uac.expectAnswerBy("201"),
        uac.pause(300),
        uac.refer(3, "202"),
        uac.expectProgress(100, "active"),
        uac.expectProgress(200, "terminated"),
        uac.waitForBye(),
      ),
      user: world.user("200"),
      dials: "201",
      pbx: world.pbx.udp,
    });
    const callId = String((await next("CALL_CREATED", from)).data["callId"]);
    await next("CALL_RINGING", from, callId);
    await lisa.command("accept");
    const transferred = await next("CALL_TRANSFERRED", from, callId);
    expect(transferred.data).toMatchObject({ transferredBy: { number: "200" }, causedBy: { via: "phone" } });
    await next("CALL_RINGING", world.cti.events.indexOf(transferred), callId);
    // The phone waits: nothing final was told yet.
    await tom.command("accept");
    await anna.done;
    const end = world.cti.events.length;
    await tom.command("hangup");
    await next("CALL_ENDED", end, callId);
  });

  it("[C31] [C39] a target that refuses: the phone hears that, and is called back", async () => {
    const from = world.cti.events.length;
    const localPort = await freePort();
    const user = world.user("200");
    const { udp: pbx } = world.pbx;
    await registerSipp({ user, pbx, localPort });
    const anna = await playSipp({
      scenario: scenario(
        "Anna calls Lisa, passes her on to Tom, who is busy",
        uac.invite(),
        uac.expectAnswer(),
        uac.pause(300),
        uac.refer(3, "202"),
        uac.expectProgress(100, "active"),
        uac.expectProgress(486, "terminated"),
        uac.waitForBye(),
      ),
      user,
      dials: "201",
      pbx,
    });
    const back = await playSipp({
      scenario: scenario("Anna is called back", uas.expectInvite(), uas.ring(), uas.answer(), uas.waitForBye()),
      user,
      pbx,
      localPort,
    });
    const callId = String((await next("CALL_CREATED", from)).data["callId"]);
    await next("CALL_RINGING", from, callId);
    await lisa.command("accept");
    const transferred = await next("CALL_TRANSFERRED", from, callId);
    await next("CALL_RINGING", world.cti.events.indexOf(transferred), callId);
    await tom.command("hangup");
    await anna.done;
    const failed = await next("CALL_TRANSFER_FAILED", from, callId);
    expect(failed.data).toMatchObject({ transferTarget: { number: "202" } });
    const recall = await next("CALL_ANSWERED", world.cti.events.indexOf(failed), callId);
    expect(recall.data).toMatchObject({ answeredBy: { number: "200" } });
    const end = world.cti.events.length;
    await lisa.command("hangup");
    await next("CALL_ENDED", end, callId);
    await back.done;
    await registerSipp({ user, pbx, localPort, expires: 0 });
  });

  it("[C37] the one consulted is told by UPDATE who it talks with after the transfer", async () => {
    const from = world.cti.events.length;
    const localPort = await freePort();
    const user = world.user("200");
    const { udp: pbx } = world.pbx;
    await registerSipp({ user, pbx, localPort });
    const anna = await playSipp({
      scenario: scenario(
        "Anna is consulted, and gets Tom",
        uas.expectInvite(),
        uas.ring(),
        uas.answer(),
        uas.expectParty("202"),
        uas.waitForBye(),
      ),
      user,
      pbx,
      localPort,
    });
    await tom.command("dial", "201");
    const callId = String((await next("CALL_CREATED", from)).data["callId"]);
    await next("CALL_RINGING", from, callId);
    await lisa.command("accept");
    await next("CALL_ANSWERED", from, callId);
    const extensionId = await world.extensionId("201");
    const begun = await world.cti.send("consult", { callId, extensionId, to: "200" });
    const consultCallId = String(begun.data?.["callId"]);
    await next("CALL_ANSWERED", from, consultCallId);
    const answer = await world.cti.send("transferAttended", { callId, consultCallId, extensionId });
    expect(answer).toMatchObject({ success: true, data: { status: "answered" } });
    const end = world.cti.events.length;
    await tom.command("hangup");
    await next("CALL_ENDED", end, callId);
    await anna.done;
    await registerSipp({ user, pbx, localPort, expires: 0 });
  });
});
