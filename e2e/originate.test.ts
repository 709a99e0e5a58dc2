import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectCti } from "./src/cti.ts";
import { freePort } from "./src/free-port.ts";
import { playSipp, registerSipp, type SippProcess } from "./src/sipp.ts";
import { scenario, uas } from "./src/sipp-scenario.ts";
import { annaEmail, lisaEmail, startWorld, type World } from "./src/world.ts";

let world: World;
const ports = new Map<string, number>();
beforeAll(async () => {
  world = await startWorld();
  for (const number of ["200", "201"]) {
    const localPort = await freePort();
    ports.set(number, localPort);
    await registerSipp({ user: world.user(number), pbx: world.pbx.udp, localPort });
  }
});
afterAll(() => world?.stop());

const of = (callId: string) => (event: { data: Readonly<Record<string, unknown>> }) => event.data["callId"] === callId;

function phone(number: string, name: string, ...parts: readonly ReturnType<typeof uas.ring>[]): Promise<SippProcess> {
  const localPort = ports.get(number);
  if (localPort === undefined) throw new Error(`${number} is not registered`);
  return playSipp({ scenario: scenario(name, ...parts), user: world.user(number), pbx: world.pbx.udp, localPort });
}

describe("calls made and controlled over the socket", () => {
  it("[W41] originate with auto-answer, [W42] answer by command on a phone that allows talk, hangup", async () => {
    const anna = await phone(
      "200",
      "picks up by itself because it is asked to",
      uas.expectAutoAnswerInvite(),
      uas.answer(),
      uas.waitForBye(),
    );
    const lisa = await phone(
      "201",
      "rings until told to talk",
      uas.expectInvite(),
      uas.ringAndAllowTalk(),
      uas.answerWhenTold(),
      uas.waitForBye(),
    );
    const cti = await connectCti(world.server.url, await world.tokenOf(annaEmail));
    const lisaCti = await connectCti(world.server.url, await world.tokenOf(lisaEmail));
    await cti.send("subscribe", { channels: ["extension:200"] });
    await lisaCti.send("subscribe", { channels: ["extension:201"] });

    const originated = await cti.send("originate", { from: "200", to: "201", autoAnswer: true });
    expect(originated).toMatchObject({ success: true, data: { status: "initiated" } });
    const callId = String(originated.data?.["callId"]);
    await lisaCti.waitFor("CALL_RINGING", of(callId));

    const answered = await lisaCti.send("answer", { callId });
    expect(answered).toMatchObject({ success: true, data: { callId, status: "answered" } });
    await cti.waitFor("CALL_ANSWERED", of(callId));

    const ended = await cti.send("hangup", { callId });
    expect(ended.success).toBe(true);
    const event = await cti.waitFor("CALL_ENDED", of(callId));
    expect(event.data).toMatchObject({
      hangupCause: "normal_clearing",
      hangupBy: "caller",
      causedBy: { via: "command" },
    });
    await Promise.all([anna.done, lisa.done]);
    await lisaCti.waitFor("CALL_ENDED", of(callId));
    expect(cti.typesOf(callId)).toEqual(["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "CALL_ENDED"]);
    expect(lisaCti.typesOf(callId)).toEqual(cti.typesOf(callId));
    await Promise.all([cti.close(), lisaCti.close()]);
  });

  it("[W43] reject by command, [W40] not by a stranger", async () => {
    const anna = await phone(
      "200",
      "picks up and is hung up",
      uas.expectInvite(),
      uas.ring(),
      uas.answer(),
      uas.waitForBye(),
    );
    const lisa = await phone("201", "rings until cancelled", uas.expectInvite(), uas.ring(), uas.expectCancel());
    const lisaCti = await connectCti(world.server.url, await world.tokenOf(lisaEmail));
    await lisaCti.send("subscribe", { channels: ["extension:201"] });
    const originated = await world.cti.send("originate", { from: "200", to: "201" });
    const callId = String(originated.data?.["callId"]);
    await lisaCti.waitFor("CALL_RINGING", of(callId));
    const tom = await connectCti(world.server.url, await world.tokenOf("tom.mueller@pbx-x.example"));
    expect(await tom.send("hangup", { callId })).toMatchObject({ success: false, error: { code: "UNAUTHORIZED" } });
    expect(await lisaCti.send("reject", { callId })).toMatchObject({ success: true });
    const ended = await world.cti.waitFor("CALL_ENDED", of(callId));
    expect(ended.data).toMatchObject({ hangupCause: "rejected", hangupBy: "callee" });
    await Promise.all([anna.done, lisa.done]);
    await Promise.all([tom.close(), lisaCti.close()]);
  });

  it("[W41] says clearly what stands against a call", async () => {
    const cti = await connectCti(world.server.url, await world.tokenOf(annaEmail));
    const codeOf = async (params: Record<string, unknown>) => (await cti.send("originate", params)).error?.code;
    expect(await codeOf({ from: "201", to: "200" })).toBe("UNAUTHORIZED");
    expect(await codeOf({ from: "200", to: "999" })).toBe("NUMBER_NOT_REACHABLE");
    expect(await codeOf({ from: "200" })).toBe("INVALID_PARAMS");
    expect((await cti.send("hangup", { callId: "nonsense" })).error?.code).toBe("INVALID_CALL_ID");
    await cti.close();
  });
});
