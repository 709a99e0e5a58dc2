import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";
import { webhookLimits } from "./webhook.ts";
import { type Receiver, startReceiver } from "./webhook-testbench.ts";

let bench: RestTestbench;
let receiver: Receiver;
beforeAll(async () => {
  bench = await createRestTestbench();
  receiver = await startReceiver();
});
afterAll(async () => {
  await bench?.stop();
  await receiver?.stop();
});

const post = (url: string, payload: object = {}) => bench.ask(url, { method: "POST", payload });
const create = async (changes: object = {}) => {
  const made = await post("/webhooks", { name: "CRM", url: receiver.url, ...changes });
  expect(made.statusCode).toBe(201);
  return made.json<{ id: string; secret: string }>();
};
const happen = async (): Promise<string> => {
  const { firstSeq, committed } = bench.log.append([
    {
      type: "SYSTEM_ALERT",
      audience: {},
      data: { alertId: "one", severity: "info", category: "service", message: "" },
    },
  ]);
  await committed;
  return (await bench.log.read({ after: firstSeq - 1, limit: 1 }))[0]?.eventId ?? "";
};

describe("webhooks by REST", () => {
  it("[R40] [R41] are created, shown, changed and deleted, each noted; the secret is shown once", async () => {
    const { id, secret, ...made } = await create({ eventTypes: ["CALL_ENDED"], channels: ["calls", "queues:42"] });
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(made).toMatchObject({ name: "CRM", isActive: true, delivery: { seq: bench.log.head(), behind: 0 } });
    const shown = await bench.ask(`/webhooks/${id}`);
    expect(shown.json()).toMatchObject({ id, ...made });
    const changed = await bench.ask(`/webhooks/${id}`, {
      method: "PATCH",
      payload: { name: "Billing", isActive: false },
    });
    expect(changed.json()).toMatchObject({ name: "Billing", isActive: false, eventTypes: ["CALL_ENDED"] });
    const list = await bench.ask("/webhooks?search=billing");
    expect(list.json()).toMatchObject({ data: [{ id }], meta: { total: 1 } });
    expect((await bench.ask(`/webhooks/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/webhooks/${id}`)).statusCode).toBe(404);
    const { data } = (await bench.ask("/audit?search=webhook.")).json<{ data: { action: string }[] }>();
    expect(data.map(({ action }) => action).toSorted()).toEqual(["webhook.change", "webhook.create", "webhook.delete"]);
    for (const text of [shown.body, changed.body, list.body, JSON.stringify(data), bench.logged()]) {
      expect(text).not.toContain(secret);
    }
  });

  it("[R40] are for administrators only, and with a fault they are refused with its field", async () => {
    const anna = await bench.tokenOf("anna.schmidt@pbx-x.example");
    expect((await bench.ask("/webhooks", {}, anna)).statusCode).toBe(403);
    for (const [payload, field] of [
      [{ name: "X", url: "http://crm.example/" }, "url"],
      [{ name: "X", url: "https://192.168.0.1/" }, "url"],
      [{ name: "X", url: receiver.url, channels: ["me"] }, "channels"],
      [{ name: "X", url: receiver.url, channels: ["nothing"] }, "channels"],
    ] as const) {
      const refused = await post("/webhooks", payload);
      expect(refused.statusCode).toBe(422);
      expect(refused.json()).toMatchObject({ errors: [{ field }] });
    }
    expect((await post("/webhooks", { name: "X", url: receiver.url, eventTypes: ["PONG"] })).statusCode).toBe(400);
  });

  it("[R41] a new secret signs at once, the old one beside it for a time", async () => {
    const { id, secret } = await create();
    const answer = await post(`/webhooks/${id}/secret`, { overlapHours: 2 });
    const { secret: second, previousSecretUntil } = answer.json<{ secret: string; previousSecretUntil: string }>();
    expect(second).not.toBe(secret);
    expect(Date.parse(previousSecretUntil)).toBe(bench.clock.ms + 2 * 3600_000);
    expect((await bench.ask(`/webhooks/${id}`)).json()).toMatchObject({ previousSecretUntil });
    const before = receiver.posts.length;
    expect((await post(`/webhooks/${id}/test`)).json()).toEqual({ isDelivered: true, status: 204 });
    const tested = receiver.posts[before];
    for (const one of [secret, second]) {
      const headers = { ...(tested?.headers as Record<string, string>) };
      expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
      expect(verifyLater(one, tested?.body ?? "", headers)).toMatchObject({ type: "WEBHOOK_TEST" });
    }
    const once = (await post(`/webhooks/${id}/secret`, { overlapHours: 0 })).json();
    expect(once).not.toHaveProperty("previousSecretUntil");
    await bench.ask(`/webhooks/${id}`, { method: "DELETE" });
  });

  it("[R43] what cannot be delivered is listed, sent again by hand, and deleted", async () => {
    const { id } = await create();
    receiver.answer(410);
    const eventId = await happen();
    await expect
      .poll(async () => (await bench.ask(`/webhooks/${id}`)).json())
      .toMatchObject({
        isActive: false,
        switchedOff: { reason: "gone", message: "status 410" },
        delivery: { behind: 1 },
      });
    const letter = { id: eventId, type: "SYSTEM_ALERT", body: '{"type":"SYSTEM_ALERT"}', endpointId: id };
    for (const one of [eventId, "another"]) {
      await bench.webhooks.rest.deadLetters.addDeadLetter({
        ...letter,
        id: one,
        failedAtMs: bench.clock.ms,
        attempts: 3,
        reason: "status 500",
      });
    }
    const list = `/webhooks/${id}/dead-letters`;
    expect((await bench.ask(list)).json()).toMatchObject({
      data: expect.arrayContaining([
        {
          id: eventId,
          attempts: 3,
          type: "SYSTEM_ALERT",
          reason: "status 500",
          failedAt: expect.any(String),
          body: { type: "SYSTEM_ALERT" },
        },
      ]),
      meta: { total: 2 },
    });
    expect((await post(`${list}/${eventId}/resend`)).json()).toEqual({
      isDelivered: false,
      status: 410,
      reason: "status 410",
    });
    receiver.answer(204);
    expect((await post(`${list}/${eventId}/resend`)).json()).toEqual({ isDelivered: true, status: 204 });
    expect(receiver.posts.at(-1)?.headers["webhook-id"]).toBe(eventId);
    expect((await post(`${list}/${eventId}/resend`)).statusCode).toBe(404);
    expect((await bench.ask(`${list}/another`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`${list}/another`, { method: "DELETE" })).statusCode).toBe(404);
    expect((await bench.ask(list)).json()).toMatchObject({ data: [], meta: { total: 0 } });
    const on = await bench.ask(`/webhooks/${id}`, { method: "PATCH", payload: { isActive: true } });
    expect(on.json()).not.toHaveProperty("switchedOff");
    await expect
      .poll(async () => (await bench.ask(`/webhooks/${id}`)).json())
      .toMatchObject({ delivery: { behind: 0 } });
    await bench.ask(`/webhooks/${id}`, { method: "DELETE" });
  });

  it("[R42] what waits is left out on request", async () => {
    const { id } = await create({ isActive: false });
    await happen();
    expect((await bench.ask(`/webhooks/${id}`)).json()).toMatchObject({ delivery: { behind: 1 } });
    expect((await post(`/webhooks/${id}/skip`)).json()).toMatchObject({ delivery: { behind: 0 } });
    await bench.ask(`/webhooks/${id}`, { method: "DELETE" });
  });

  it("[R47] figures: tries, how far behind, dead letters", async () => {
    const { id } = await create();
    await happen();
    const read = async () => (await bench.app.inject("/metrics")).body;
    await expect.poll(read).toMatch(/^pbxx_webhook_events_behind 0$/m);
    const text = await read();
    expect(text).toMatch(/^pbxx_webhooks_active 1$/m);
    expect(text).toMatch(/^pbxx_webhook_attempts_total\{result="delivered"\} [1-9]/m);
    expect(text).toMatch(/^pbxx_webhook_dead_letters 0$/m);
    expect(text).toMatch(/^pbxx_webhook_seconds_count [1-9]/m);
    await bench.ask(`/webhooks/${id}`, { method: "DELETE" });
  });

  it("[R40] are at most so many", async () => {
    for (let count = 0; count < webhookLimits.endpoints; count += 1) await create({ isActive: false });
    const refused = await post("/webhooks", { name: "One more", url: receiver.url });
    expect(refused.statusCode).toBe(409);
  });
});

/** The bench's clock stands in 2023, further back than the library takes by the machine's own clock. */
function verifyLater(secret: string, body: string, headers: Readonly<Record<string, string>>): unknown {
  const webhook = new Webhook(secret);
  const sentAt = new Date(Number(headers["webhook-timestamp"]) * 1000);
  const expected = webhook.sign(headers["webhook-id"] ?? "", sentAt, body);
  expect(headers["webhook-signature"]?.split(" ")).toContain(expected);
  return JSON.parse(body);
}
