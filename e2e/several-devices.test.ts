import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "./src/free-port.ts";
import { playSipp, registerSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, uac, uas } from "./src/sipp-scenario.ts";
import { startWorld, type World } from "./src/world.ts";

type Steps = Parameters<typeof scenario>[1];

let world: World;
/** Two devices of 201, one of 202. */
const ports = { first: 0, second: 0, tom: 0 };
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "8" } });
  for (const name of ["first", "second", "tom"] as const) ports[name] = await freePort();
  await registerSipp({ user: world.user("201"), pbx: world.pbx.udp, localPort: ports.first });
  await registerSipp({ user: world.user("201"), pbx: world.pbx.udp, localPort: ports.second });
  await registerSipp({ user: world.user("202"), pbx: world.pbx.udp, localPort: ports.tom });
});
afterAll(() => world?.stop());
const playing: SippProcess[] = [];
afterEach(async ({ task }) => {
  const phones = playing.splice(0);
  // Who is ended before it answered gets the same message again, and then the next test's phone at that port gets it.
  if (task.result?.state !== "fail") await Promise.all(phones.map(async ({ done }) => done));
  for (const phone of phones) phone.stop();
});

/** A registered phone waits for a call. */
async function waits(number: string, localPort: number, ...steps: readonly Steps[]): Promise<SippProcess> {
  const phone = await playSipp({
    scenario: scenario(`${number} is called`, ...steps),
    user: world.user(number),
    pbx: world.pbx.udp,
    localPort,
  });
  playing.push(phone);
  return phone;
}

async function calls(number: string, dials: string, ...steps: readonly Steps[]): Promise<SippProcess> {
  const phone = await playSipp({
    scenario: scenario(`${number} calls ${dials}`, uac.invite(), ...steps),
    user: world.user(number),
    dials,
    pbx: world.pbx.udp,
  });
  playing.push(phone);
  return phone;
}

/** Events from now on. */
function fromNow() {
  const seen = world.cti.events.length;
  return {
    next: (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true) =>
      world.cti.waitFor(type, (event) => world.cti.events.indexOf(event) >= seen && where(event.data)),
    types: (callId: unknown) => world.cti.typesOf(String(callId)),
  };
}

const talk: readonly Steps[] = [uac.expectAnswer(), uac.pause(300), uac.bye()];

describe("[E5] a phone sends its call on (302)", () => {
  it("[E5] [C15] the other extension rings under the same call, the first one's other phone stops", async () => {
    const { next, types } = fromNow();
    const first = await waits("201", ports.first, uas.expectInvite(), uas.ring(), uas.pause(500), uas.redirect("202"));
    const second = await waits("201", ports.second, uas.expectInvite(), uas.ring(), uas.expectCancel());
    const tom = await waits("202", ports.tom, uas.expectInvite(), uas.ring(), uas.answer(), uas.waitForBye());
    const caller = await calls("200", "201", ...talk);
    const ringing = await next("CALL_RINGING", ({ forwardedFrom }) => forwardedFrom !== undefined);
    expect(ringing.data).toMatchObject({
      callee: { number: "202" },
      forwardedFrom: { number: "201" },
      causedBy: { via: "phone" },
    });
    expect((await next("CALL_ANSWERED")).data).toMatchObject({ answeredBy: { number: "202" } });
    await Promise.all([first.done, second.done, tom.done, caller.done]);
    const { callId } = (await next("CALL_ENDED")).data;
    expect(types(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
  });

  it("[E5] to a number that is nobody's: the other phone rings on and takes the call", async () => {
    const { next } = fromNow();
    const first = await waits("201", ports.first, uas.expectInvite(), uas.redirect("99999"));
    const second = await waits(
      "201",
      ports.second,
      uas.expectInvite(),
      uas.ring(),
      uas.pause(700),
      uas.answer(),
      uas.waitForBye(),
    );
    const caller = await calls("200", "201", ...talk);
    expect((await next("CALL_ANSWERED")).data).toMatchObject({ answeredBy: { number: "201" } });
    await Promise.all([first.done, second.done, caller.done]);
    await next("CALL_ENDED");
  });

  it("[E5] [C15] of all phones to nowhere: the call ends failed and says why", async () => {
    const nowhere = fromNow();
    for (const port of [ports.first, ports.second]) await waits("201", port, uas.expectInvite(), uas.redirect("*78"));
    await calls("200", "201", uac.expectRefusal(500));
    expect((await nowhere.next("CALL_ENDED")).data).toMatchObject({
      hangupCause: "failed",
      reason: "redirected_to_nowhere",
      sipCode: 302,
    });
  });

  it("[E5] [C15] in a circle: the call ends failed", async () => {
    const { next } = fromNow();
    const again = { scenario: scenario("202 sends on", uas.expectInvite(), uas.redirect("201")), count: 2 };
    const tom = await playSipp({ ...again, user: world.user("202"), pbx: world.pbx.udp, localPort: ports.tom });
    playing.push(tom);
    await waits("201", ports.first, uas.expectInvite(), uas.redirect("202"));
    await waits("201", ports.second, uas.expectInvite(), uas.ring(), uas.expectCancel());
    await calls("200", "202", uac.expectRefusal(500));
    expect((await next("CALL_ENDED")).data).toMatchObject({ hangupCause: "failed", reason: "forwarding_loop" });
    await tom.done;
  });
});

describe("[E6] several phones of one extension", () => {
  it("[E6] [C12] one is busy by itself: the other rings on and takes the call", async () => {
    const { next, types } = fromNow();
    const first = await waits("201", ports.first, uas.expectInvite(), uas.refuse("486 Busy Here"));
    const second = await waits(
      "201",
      ports.second,
      uas.expectInvite(),
      uas.ring(),
      uas.pause(500),
      uas.answer(),
      uas.waitForBye(),
    );
    const caller = await calls("200", "201", ...talk);
    await Promise.all([first.done, second.done, caller.done]);
    const { callId, hangupCause } = (await next("CALL_ENDED")).data;
    expect(hangupCause).toBe("normal_clearing");
    expect(types(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
  });

  it("[E6] both are busy by themselves: the caller hears so", async () => {
    const { next } = fromNow();
    for (const port of [ports.first, ports.second]) {
      await waits("201", port, uas.expectInvite(), uas.refuse("486 Busy Here"));
    }
    const caller = await calls("200", "201", uac.expectRefusal(486));
    await caller.done;
    expect((await next("CALL_ENDED")).data).toMatchObject({ hangupCause: "busy", hangupBy: "callee" });
  });

  it("[E6] a second call rings at a phone that talks, a third finds the extension busy", async () => {
    const { next } = fromNow();
    const tom = await startPhoneOf("202");
    const first = await calls("200", "202", uac.expectAnswer(), uac.waitForBye());
    await next("CALL_RINGING");
    await tom.command("accept");
    const { callId: firstCallId } = (await next("CALL_ANSWERED")).data;
    const waiting = fromNow();
    const second = await calls("201", "202", uac.expectAnswer(), uac.pause(200), uac.bye());
    const ringing = await waiting.next("CALL_RINGING");
    expect(ringing.data).toMatchObject({ caller: { number: "201" }, callee: { number: "202" } });
    const third = await calls("100", "202", uac.expectRefusal(486));
    expect((await waiting.next("CALL_ENDED")).data).toMatchObject({
      caller: { number: "100" },
      hangupCause: "busy",
      reason: "callee_at_maximum_calls",
    });
    await tom.command("accept");
    await waiting.next("CALL_ANSWERED", ({ callId }) => callId === ringing.data["callId"]);
    await second.done;
    expect(await world.cti.send("hangup", { callId: firstCallId })).toMatchObject({ success: true });
    await Promise.all([first.done, third.done]);
  });

  it("[E6] ten phones may register, an eleventh is refused until one has gone", async () => {
    const user = world.user("100");
    const register = async (localPort: number, expires?: number) =>
      registerSipp({ user, pbx: world.pbx.udp, localPort, ...(expires !== undefined && { expires }) });
    const eleven: number[] = [];
    for (let count = 0; count < 11; count += 1) eleven.push(await freePort());
    for (const port of eleven.slice(0, 10)) await register(port);
    const [one = 0] = eleven;
    const last = eleven.at(-1) ?? 0;
    await expect(register(last)).rejects.toThrow("403");
    await register(one, 0);
    await register(last);
  });

  /** The SIPp of that extension no longer counts: a real phone takes its place. */
  async function startPhoneOf(number: string) {
    await registerSipp({ user: world.user(number), pbx: world.pbx.udp, localPort: ports.tom, expires: 0 });
    return world.startPhone(number);
  }
});
