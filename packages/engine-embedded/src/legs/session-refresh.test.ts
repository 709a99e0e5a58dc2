import { afterEach, expect, it } from "vitest";
import { describeVoice, type EngineWithCall, startEngineWithCall } from "../testing/engine-with-call.ts";
import { createJumpingScheduler } from "../testing/jumping-scheduler.ts";

const scheduler = createJumpingScheduler();
let around: EngineWithCall;
afterEach(async () => {
  await around.stop();
  scheduler.close();
});

const hour = 3_600_000;

it.each([
  ["[O3] a far side without UPDATE is refreshed by INVITE", "INVITE, ACK, BYE", "INVITE"],
  ["[O3] a far side with UPDATE is refreshed by that", "INVITE, ACK, BYE, UPDATE", "UPDATE"],
])("%s", async (_title, allow, method) => {
  const headers = [
    { name: "Allow", value: allow },
    { name: "Session-Expires", value: "90;refresher=uac" },
  ];
  const limits = { silentMs: hour, noMediaMs: hour };
  around = await startEngineWithCall({ callee: { headers } }, { min: 24_500, max: 24_599 }, limits, scheduler);
  const { call, legId } = around.callee;
  const refreshes: string[] = [];
  call.onRequest = (transaction) => {
    const { request } = transaction;
    // What a carrier does that has no UPDATE.
    if (!allow.includes(request.method)) return void transaction.respond(405);
    refreshes.push(`${request.method} ${request.headers.get("Session-Expires")}`);
    const isOffer = request.body.length > 0;
    transaction.respond(200, isOffer ? { body: describeVoice({}, "sendonly"), contentType: "application/sdp" } : {});
  };
  const told = `${method} 90;refresher=uac`;
  scheduler.advance(45_000);
  await expect.poll(() => refreshes).toEqual([told]);
  const holds = () => around.events.filter((event) => event.type === "legHeld" && event.legId === legId);
  await expect.poll(holds).toHaveLength(method === "INVITE" ? 1 : 0);
  // The answer has been heard: the next one is due another half of the time later.
  await expect
    .poll(() => call.events.all.filter(({ type }) => type === "ack"))
    .toHaveLength(method === "INVITE" ? 1 : 0);
  scheduler.advance(45_000);
  await expect.poll(() => refreshes).toEqual([told, told]);
  expect(around.events.filter(({ type }) => type === "legEnded")).toEqual([]);
});
