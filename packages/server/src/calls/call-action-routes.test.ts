import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

const callId = "019a0000-0000-7000-8000-00000000abcd";
const consultCallId = "019a0000-0000-7000-8000-00000000abce";
const bodies = {
  answer: undefined,
  reject: undefined,
  hangup: undefined,
  hold: { extensionId: "e200" },
  unhold: undefined,
  mute: undefined,
  unmute: undefined,
  sendDtmf: { digits: "12#" },
  redirect: { destination: "202" },
  consult: { to: "202" },
  cancelTransfer: { consultCallId },
  swap: { consultCallId },
} as const;

describe("actions on calls by REST", () => {
  it.each(Object.entries(bodies))("[R6] [W43] %s reaches the command", async (name, payload) => {
    const answer = await bench.ask(`/calls/${callId}/${name}`, {
      method: "POST",
      ...(payload !== undefined && { payload }),
    });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining("CALL_NOT_FOUND") });
  });

  it.each([{ destination: "202" }, { consultCallId }])("[R6] transfer takes %j", async (payload) => {
    const answer = await bench.ask(`/calls/${callId}/transfer`, { method: "POST", payload });
    expect(answer.statusCode).toBe(404);
  });

  it("[W34] originate has the limit that it has as a command: 30 a minute and user", async () => {
    const originate = () =>
      bench.ask("/calls/originate", { method: "POST", payload: { from: "200", to: "201" } }).then((answer) => {
        return { status: answer.statusCode, wait: answer.headers["retry-after"] };
      });
    const answers = [];
    for (let count = 0; count < 31; count += 1) answers.push(await originate());
    expect(new Set(answers.slice(0, 30).map(({ status }) => status))).toEqual(new Set([422]));
    expect(answers.at(-1)).toEqual({ status: 429, wait: "2" });
  });

  it.each([
    ["transfer", {}],
    ["transfer", { destination: "202", consultCallId }],
    ["consult", {}],
    ["sendDtmf", { digits: "x" }],
  ])("[R1] %s refuses %j", async (name, payload) => {
    const answer = await bench.ask(`/calls/${callId}/${name}`, { method: "POST", payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
  });
});
