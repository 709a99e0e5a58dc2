import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "./src/free-port.ts";
import { playSipp, registerSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, uac, uas } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
let localPort: number;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "5" } });
  localPort = await freePort();
  await registerSipp({ user: world.user("201"), pbx: world.pbx.udp, localPort });
});
afterAll(() => world?.stop());
// A phone that did not come to its end must not take the next test's calls.
const phones: SippProcess[] = [];
afterEach(() => {
  for (const phone of phones.splice(0)) phone.stop();
});

type Steps = Parameters<typeof scenario>[1];
const known = new Set<string>();

/** Both sides play their parts; answers the end that the socket told. */
async function play(caller: readonly Steps[], callee: readonly Steps[], dials = "201") {
  const called = await playSipp({
    scenario: scenario("the called side", ...callee),
    user: world.user("201"),
    pbx: world.pbx.udp,
    localPort,
  });
  const calling = await playSipp({
    scenario: scenario("the calling side", ...caller),
    user: world.user("200"),
    dials,
    pbx: world.pbx.udp,
  });
  phones.push(called, calling);
  const ended = await world.cti.waitFor("CALL_ENDED", ({ data }) => !known.has(String(data["callId"])), 45_000);
  known.add(String(ended.data["callId"]));
  await calling.done;
  return { ended: ended.data, called, types: world.cti.typesOf(String(ended.data["callId"])) };
}

const dial = [uac.invite()] as const;
const ring = [uas.expectInvite(), uas.ring(), uas.pause(300)] as const;

describe("[C13] each hang-up cause from real phones", () => {
  it("[C13] normal_clearing: BYE after the answer", async () => {
    const { ended, called, types } = await play(
      [...dial, uac.expectAnswer(), uac.pause(500), uac.bye()],
      [...ring, uas.answer(), uas.waitForBye()],
    );
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "normal_clearing", hangupBy: "caller" });
    expect(types).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
  });

  it("[C13] busy: 486", async () => {
    const { ended, called } = await play(
      [...dial, uac.expectRefusal(486)],
      [uas.expectInvite(), uas.refuse("486 Busy Here")],
    );
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "busy", hangupBy: "callee", sipCode: 486, durationSeconds: 0 });
  });

  it("[C13] no_answer: the ring time-out ends it, the phone is cancelled", async () => {
    const { ended, called } = await play([...dial, uac.expectRefusal(480)], [...ring, uas.expectCancel()]);
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "no_answer" });
  });

  it("[C13] no_answer: the phone says 480", async () => {
    const { ended, called } = await play(
      [...dial, uac.expectRefusal(480)],
      [...ring, uas.refuse("480 Temporarily Unavailable")],
    );
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "no_answer", sipCode: 480 });
  });

  it("[C13] cancel: the caller gives up", async () => {
    const { ended, called, types } = await play(
      [...dial, uac.expectRinging(), uac.pause(300), uac.cancel()],
      [uas.expectInvite(), uas.ring(), uas.expectCancel()],
    );
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "cancel", hangupBy: "caller" });
    expect(types).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ENDED"]);
  });

  it("[C13] rejected: 603", async () => {
    const { ended, called } = await play([...dial, uac.expectRefusal(603)], [...ring, uas.refuse("603 Decline")]);
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "rejected", hangupBy: "callee", sipCode: 603 });
  });

  it("[C13] failed: 500 of the phone", async () => {
    const { ended, called } = await play(
      [...dial, uac.expectRefusal(500)],
      [...ring, uas.refuse("500 Server Internal Error")],
    );
    await called.done;
    expect(ended).toMatchObject({ hangupCause: "failed", sipCode: 500 });
  });

  it("[C13] failed: a number that leads nowhere", async () => {
    const calling = await playSipp({
      scenario: scenario("dials a number that leads nowhere", ...dial, uac.expectRefusal(404)),
      user: world.user("200"),
      dials: "999",
      pbx: world.pbx.udp,
    });
    await calling.done;
    const ended = await world.cti.waitFor("CALL_ENDED", ({ data }) => !known.has(String(data["callId"])));
    known.add(String(ended.data["callId"]));
    expect(ended.data).toMatchObject({ hangupCause: "failed", reason: "no_such_number" });
  });

  it("[C13] timeout: the phone never says a word", async () => {
    const { ended } = await play([...dial, uac.expectRefusal(408)], [uas.silence(15_000)]);
    expect(ended).toMatchObject({ hangupCause: "timeout" });
  });
});
