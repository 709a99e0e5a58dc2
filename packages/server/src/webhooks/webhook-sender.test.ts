import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { createManualScheduler, type ManualScheduler } from "@pbx-x/telephony/fake";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemScheduler } from "../system-scheduler.ts";
import { loadTlsCertificate } from "../tls/tls-certificate.ts";
import { createAddressGuard } from "./address-guard.ts";
import { createWebhookSender, type WebhookSender } from "./webhook-sender.ts";
import { createSecret, rotateSecrets, signatureHeaders } from "./webhook-signature.ts";
import { type Receiver, startReceiver } from "./webhook-testbench.ts";

const message = { id: "0198-an-event", type: "CALL_CREATED", body: '{"type":"CALL_CREATED","data":{"name":"Müller"}}' };
const secretOf = (byte: number): string => createSecret((size) => Buffer.alloc(size, byte));
const secret = secretOf(1);
const { signal } = new AbortController();
const ends: (() => unknown)[] = [];
let scheduler: ManualScheduler;
let receiver: Receiver;

const senderWith = (isLoopbackAllowed: boolean, clock = systemScheduler): WebhookSender => {
  const isAllowed = createAddressGuard({ networks: [], isLoopbackAllowed });
  const sender = createWebhookSender({ scheduler: clock, isAllowed, timeoutMs: 5000, userAgent: "PBX-X/test" });
  ends.push(() => sender.close());
  return sender;
};
const to = (url = receiver.url) => ({ url, secrets: [{ value: secret }] });

beforeEach(async () => {
  scheduler = createManualScheduler(Date.now());
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await receiver.stop();
});

describe("a post", () => {
  it("[R41] is the message as it is, with a signature that the library of Standard Webhooks accepts", async () => {
    expect(await senderWith(true).send(to(), message, signal)).toEqual({ kind: "answered", status: 204 });
    const [{ body, headers }] = receiver.posts as [(typeof receiver.posts)[0]];
    expect(body).toBe(message.body);
    expect(headers).toMatchObject({
      "webhook-id": message.id,
      "content-type": "application/json",
      "user-agent": "PBX-X/test",
    });
    const plain = headers as Record<string, string>;
    expect(new Webhook(secret).verify(body, plain)).toEqual(JSON.parse(message.body));
    expect(() => new Webhook(secretOf(2)).verify(body, plain)).toThrow("No matching signature");
    expect(() => new Webhook(secret).verify(body.replace("Müller", "Muller"), plain)).toThrow("No matching signature");
  });

  it("[R41] is signed by both secrets while one replaces the other, and then by the new one alone", () => {
    const nowMs = Date.now();
    const both = rotateSecrets([{ value: secret }], secretOf(2), nowMs, 1000);
    const now = signatureHeaders(message, both, nowMs);
    const later = signatureHeaders(message, both, nowMs + 1000);
    for (const one of [secret, secretOf(2)]) expect(() => new Webhook(one).verify(message.body, now)).not.toThrow();
    expect(() => new Webhook(secretOf(2)).verify(message.body, later)).not.toThrow();
    expect(() => new Webhook(secret).verify(message.body, later)).toThrow("No matching signature");
    const third = rotateSecrets(both, secretOf(3), nowMs, 1000);
    expect(third.map(({ value }) => value)).toEqual([secretOf(3), secretOf(2)]);
    expect(rotateSecrets(both, secretOf(3), nowMs, 0)).toEqual([{ value: secretOf(3) }]);
  });

  it("[R45] follows no redirect, and says what was answered", async () => {
    const sender = senderWith(true);
    receiver.answer(302, { location: receiver.url });
    expect(await sender.send(to(), message, signal)).toEqual({ kind: "answered", status: 302 });
    receiver.answer(503, { "retry-after": "17" });
    expect(await sender.send(to(), message, signal)).toEqual({
      kind: "answered",
      status: 503,
      retryAfterSeconds: 17,
    });
    expect(receiver.posts).toHaveLength(2);
  });

  it("[R45] is refused where a name leads to this machine, and where an address is private: nothing arrives", async () => {
    const sender = senderWith(false);
    const refused = { kind: "failed", reason: expect.stringContaining("not public") };
    const named = receiver.url.replace("127.0.0.1", "localhost");
    expect(await sender.send(to(named), message, signal)).toEqual(refused);
    expect(await sender.send(to(), message, signal)).toEqual(refused);
    expect(await sender.send(to("https://[::ffff:7f00:1]/"), message, signal)).toEqual(refused);
    expect(receiver.posts).toHaveLength(0);
    expect(await senderWith(true).send(to(named), message, signal)).toEqual({ kind: "answered", status: 204 });
  });

  it("[R43] [R45] ends when no answer comes in time, when it is stopped, and when nobody listens", async () => {
    receiver.answer(undefined);
    const sender = senderWith(true, scheduler);
    const late = sender.send(to(), message, signal);
    await receiver.waitFor(1);
    scheduler.advance(5000);
    expect(await late).toEqual({ kind: "failed", reason: "no answer within 5000 ms" });
    expect(scheduler.pending()).toBe(0);
    const abort = new AbortController();
    const stopped = sender.send(to(), message, abort.signal);
    await receiver.waitFor(2);
    abort.abort();
    expect(await stopped).toMatchObject({ kind: "failed" });
    await receiver.stop();
    expect(await sender.send(to(), message, signal)).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("[R45] survives a receiver that closes a connection which was kept", async () => {
    const statusLine = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    let connections = 0;
    const rude = createServer((socket) => {
      connections += 1;
      let requests = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        requests += 1;
        if (requests === 1) socket.write(statusLine);
        else socket.resetAndDestroy();
      });
    });
    await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
    ends.push(() => rude.close());
    const address = rude.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
    const sender = senderWith(true);
    expect(await sender.send(to(url), message, signal)).toEqual({ kind: "answered", status: 200 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await sender.send(to(url), message, signal)).toEqual({ kind: "answered", status: 200 });
    expect(connections).toBe(2);
  });

  it("[R45] goes over TLS to who proves the name, and to nobody else", async () => {
    const dir = await mkdtemp(join(tmpdir(), "pbx-x-webhook-"));
    ends.push(() => rm(dir, { recursive: true }));
    const { certPem: cert, keyPem: key } = await loadTlsCertificate({ dir, hosts: ["127.0.0.1"], nowMs: Date.now() });
    const secure = await startReceiver({ cert, key });
    ends.push(() => secure.stop());
    expect(await senderWith(true).send(to(secure.url), message, signal)).toMatchObject({ kind: "failed" });
    expect(secure.posts).toHaveLength(0);
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, cert]);
    ends.push(() => tls.setDefaultCACertificates(before));
    expect(await senderWith(true).send(to(secure.url), message, signal)).toEqual({ kind: "answered", status: 204 });
    expect(secure.posts).toHaveLength(1);
  });
});
