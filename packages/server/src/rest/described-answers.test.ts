import { events, type LoggedEventType } from "@pbx-x/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describedAnswer } from "./described-answers.ts";
import { createRestTestbench, type RestTestbench } from "./rest-testbench.ts";

let bench: RestTestbench;
const callId = events.CALL_CREATED.example.callId;
const told = ["CALL_CREATED", "CALL_RINGING", "CALL_ANSWERED", "EXTENSION_REGISTERED"] as const;

beforeAll(async () => {
  bench = await createRestTestbench();
  const append = (type: LoggedEventType, data: Readonly<Record<string, unknown>>): Promise<void> => {
    const isCall = type.startsWith("CALL_");
    const extensions = [{ id: "e200", number: "200" }];
    return bench.log.append([{ type, data, audience: { extensions }, ...(isCall && { callId }) }]).committed;
  };
  for (const type of told) await append(type, events[type].example);
  bench.past.push({
    callId: "0198c0de-0000-7000-8000-0000000000aa",
    threadId: "0198c0de-0000-7000-8000-0000000000aa",
    version: 4,
    direction: "internal",
    caller: { number: "200", name: "Anna Schmidt" },
    callee: { number: "201" },
    createdAtMs: 1_700_000_000_000,
    answeredAtMs: 1_700_000_002_000,
    endedAtMs: 1_700_000_060_000,
    extensions: [{ id: "e200", number: "200" }],
    userIds: [],
    durationSeconds: 58,
    hangupCause: "normal_clearing",
    hangupBy: "caller",
    phases: { ringing: 2000 },
  });
});
afterAll(() => bench?.stop());

/** The answer, which has to be what the OpenAPI document says of it. */
async function ask(path: string, query = ""): Promise<unknown> {
  const answer = await bench.ask(`${path.replace(":id", callId)}${query}`);
  expect(answer.statusCode).toBe(200);
  const described = describedAnswer("GET", path)?.answer?.safeParse(answer.json());
  expect(described?.error).toBeUndefined();
  expect(described?.data).toEqual(answer.json());
  return answer.json();
}

describe("answers that are passed on as they are", () => {
  it("[R6] calls are as the OpenAPI document describes them", async () => {
    expect(await ask("/calls")).toMatchObject({ data: [{ callId, state: "answered" }], meta: { total: 1 } });
    expect(await ask("/calls/:id")).toMatchObject({ callId, allowedActions: { hangup: { ok: true } } });
    expect(await ask("/calls/:id/timeline")).toMatchObject({ callId, events: [{ type: "CALL_CREATED" }, {}, {}] });
  });

  it("[R6] so are past calls, which can also be had as a table", async () => {
    expect(await ask("/cdr")).toMatchObject({ data: [{ state: "ended", endedAt: "2023-11-14T22:14:20.000Z" }] });
    const table = await bench.ask("/cdr?format=csv");
    expect(table.headers["content-type"]).toContain("text/csv");
    expect(table.body).toContain("Anna Schmidt");
  });

  it("[R4] missed events come with the position to go on from; another epoch is 410", async () => {
    const query = `?epoch=${bench.log.epoch}`;
    const first = await ask("/events", `${query}&after=0&limit=3`);
    expect(first).toMatchObject({ nextAfter: 3, complete: false, events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
    const rest = await ask("/events", `${query}&after=3`);
    expect(rest).toMatchObject({ nextAfter: 4, complete: true, events: [{ type: "EXTENSION_REGISTERED" }] });
    expect((await bench.ask("/events?epoch=other&after=0")).statusCode).toBe(410);
  });

  it("[R5] the state as of a position, of the channels that were asked for", async () => {
    const snapshot = await ask("/snapshot", "?channels=calls");
    expect(snapshot).toMatchObject({
      epoch: bench.log.epoch,
      seq: 4,
      scope: ["calls"],
      tables: { calls: [{ callId, state: "answered" }], registrations: [] },
    });
    expect(await ask("/snapshot", "?channels=calls,extensions")).toMatchObject({
      tables: { registrations: [{ number: "200" }] },
    });
    expect((await bench.ask("/snapshot?channels=nothing")).statusCode).toBe(400);
  });

  it("[R6] a command's answer is that of the protocol; a route without a description has none", () => {
    expect(describedAnswer("POST", "/calls/originate")).toMatchObject({ status: 201, problems: [422, 503] });
    expect(describedAnswer("POST", "/calls/:id/hangup")).toMatchObject({ status: 200 });
    expect(describedAnswer("POST", "/calls/:id/dance")).toBeUndefined();
    expect(describedAnswer("GET", "/elsewhere")).toBeUndefined();
  });
});
