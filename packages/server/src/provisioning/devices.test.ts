import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashSipPassword } from "../extensions/sip-secret.ts";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";
import { passwordsOf } from "./device-secret.ts";
import { isPrivateAddress } from "./fetch-decision.ts";

let bench: RestTestbench;
let extensionId: string;
beforeAll(async () => {
  bench = await createRestTestbench();
  const found = await bench.ask("/extensions?search=200");
  extensionId = found.json<{ data: { id: string }[] }>().data[0]?.id ?? "";
});
afterAll(async () => {
  // In turn after what is still being noted.
  await auditOf("device.");
  await bench?.stop();
});

interface Made {
  readonly id: string;
  readonly mac: string;
  readonly secret: string;
  readonly path: string;
  readonly file: string;
}

let count = 0;
const create = async (changes: object = {}): Promise<Made> => {
  count += 1;
  const mac = `00:15:65:00:00:${count.toString(16).padStart(2, "0")}`;
  const made = await bench.ask("/devices", {
    method: "POST",
    payload: { mac, vendor: "yealink", extensionId, ...changes },
  });
  expect(made.statusCode).toBe(201);
  return made.json<Made>();
};
const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`phone:${secret}`).toString("base64")}` });
const fetchFile = (url: string, options: InjectOptions = {}) =>
  bench.app.inject({ url, remoteAddress: "192.168.1.20", ...options });
const auditOf = async (action: string) =>
  (await bench.ask(`/audit?search=${action}`)).json<{ data: { subject: string; details: object }[] }>().data;

describe("devices by REST", () => {
  it("[F1] [F2] are created, shown, changed and deleted, each noted; the secret is shown once", async () => {
    const { id, secret, path, mac } = await create({ label: "Desk", keys: [{ number: "201" }] });
    expect(secret).toMatch(/^[a-zA-Z0-9]{32}$/);
    expect(path).toBe(`/provision/${secret}/${mac}.cfg`);
    const shown = await bench.ask(`/devices/${id}`);
    expect(shown.json()).toMatchObject({ mac, vendor: "yealink", language: "de", file: `${mac}.cfg`, label: "Desk" });
    const payload = { label: null, language: "en", transport: "udp", keys: null };
    const changed = await bench.ask(`/devices/${id}`, { method: "PATCH", payload });
    expect(changed.json()).toMatchObject({ language: "en", transport: "udp" });
    expect(changed.json()).not.toHaveProperty("label");
    expect(changed.json()).not.toHaveProperty("keys");
    const list = await bench.ask("/devices?search=anna");
    expect(list.json()).toMatchObject({ data: [{ id }], meta: { total: 1 } });
    expect((await bench.ask(`/devices/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/devices/${id}`)).statusCode).toBe(404);
    const noted = JSON.stringify(await auditOf("device."));
    for (const action of ["create", "change", "delete"]) expect(await auditOf(`device.${action}`)).toHaveLength(1);
    for (const text of [shown.body, changed.body, list.body, noted, bench.logged()]) expect(text).not.toContain(secret);
  });

  it("[F1] are for administrators only, each address once, with an extension that is there", async () => {
    const anna = await bench.tokenOf("anna.schmidt@pbx-x.example");
    expect((await bench.ask("/devices", {}, anna)).statusCode).toBe(403);
    const { mac } = await create();
    const post = (payload: object) => bench.ask("/devices", { method: "POST", payload });
    const again = { mac: mac.toUpperCase().match(/../g)?.join("-"), vendor: "snom", extensionId };
    expect((await post(again)).statusCode).toBe(409);
    expect((await post({ mac: "001565ffffff", vendor: "snom", extensionId: "nobody" })).json()).toMatchObject({
      status: 422,
      errors: [{ field: "extensionId" }],
    });
    expect((await post({ mac: "no address", vendor: "snom", extensionId })).statusCode).toBe(400);
    expect((await post({ mac: "001565ffffff", vendor: "other", extensionId })).statusCode).toBe(400);
  });

  it("[F3] its SIP password does besides the extension's; a new secret ends it at once, so does deleting it", async () => {
    const { id, secret } = await create();
    const secrets = () => bench.provisioning.secrets().get(extensionId) ?? [];
    const made = hashSipPassword("200", "pbx-x", passwordsOf(secret).sip);
    expect(secrets()).toContainEqual(made);
    const { secret: second } = (await bench.ask(`/devices/${id}/secret`, { method: "POST" })).json<Made>();
    expect(secrets()).not.toContainEqual(made);
    expect(secrets()).toContainEqual(hashSipPassword("200", "pbx-x", passwordsOf(second).sip));
    const before = secrets().length;
    await bench.ask(`/devices/${id}`, { method: "DELETE" });
    expect(secrets()).toHaveLength(before - 1);
  });
});

describe("files for phones", () => {
  it("[F4] [F5] by Basic or by the path; each fetch is noted and shown at the device", async () => {
    const { id, mac, secret, path } = await create();
    for (const request of [fetchFile(`/provision/${mac}.cfg`, { headers: basic(secret) }), fetchFile(path)]) {
      const answer = await request;
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
      });
      expect(answer.body).toContain(`account.1.password = ${passwordsOf(secret).sip}\n`);
    }
    expect((await bench.ask(`/devices/${id}`)).json()).toMatchObject({ lastFetch: { address: "192.168.1.20" } });
    const fetches = (await auditOf("device.fetch")).filter(({ subject }) => subject === mac);
    expect(fetches).toHaveLength(2);
    expect(JSON.stringify(fetches) + bench.logged()).not.toContain(secret);
  });

  it("[F5] without a secret 401 for everything; with a wrong one 404 for everything, the same to the letter", async () => {
    const { mac, secret } = await create();
    const snom = await create({ vendor: "snom" });
    for (const file of [`${mac}.cfg`, "001565ffffff.cfg", "y000000000028.cfg"]) {
      const asked = await fetchFile(`/provision/${file}`);
      expect([asked.statusCode, asked.headers["www-authenticate"]]).toEqual([
        401,
        'Basic realm="PBX-X", charset="UTF-8"',
      ]);
    }
    const ghost = "x".repeat(32);
    const answers = await Promise.all([
      fetchFile(`/provision/${mac}.cfg`, { headers: basic(ghost) }),
      fetchFile("/provision/001565ffffff.cfg", { headers: basic(ghost) }),
      fetchFile(`/provision/${ghost}/${mac}.cfg`),
      fetchFile(`/provision/${secret}/001565ffffff.cfg`),
      fetchFile(`/provision/${secret}/y000000000028.cfg`),
      // Another maker's file, and a phone that tells another address of its own.
      fetchFile(`/provision/${snom.secret}/${snom.mac}.cfg`),
      fetchFile(`/provision/${secret}/${mac}.cfg`, {
        headers: { "user-agent": "Yealink SIP-T46U 108.86.0.20 00:15:65:ff:ff:ff" },
      }),
    ]);
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(404);
    expect((await auditOf("device.refused")).length).toBe(answers.length);
    const own = { "user-agent": `Yealink SIP-T46U 108.86.0.20 ${mac.match(/../g)?.join(":")}` };
    expect((await fetchFile(`/provision/${secret}/${mac}.cfg`, { headers: own })).statusCode).toBe(200);
  });

  it("[F5] after 20 wrong tries of an address 429, for the right secret never", async () => {
    const { path } = await create();
    const remoteAddress = "192.168.7.7";
    const statuses: number[] = [];
    for (let tries = 0; tries < 21; tries += 1) {
      const { statusCode } = await fetchFile(`/provision/${"w".repeat(32)}/0015650000${10 + tries}.cfg`, {
        remoteAddress,
      });
      statuses.push(statusCode);
    }
    expect(new Set(statuses.slice(0, 20))).toEqual(new Set([404]));
    expect(statuses[20]).toBe(429);
    expect((await fetchFile(path, { remoteAddress })).statusCode).toBe(200);
    expect((await fetchFile(`/provision/${"w".repeat(32)}/001565000010.cfg`)).statusCode).toBe(404);
  });

  it("[F6] from outside only over TLS, as a proxy on this machine tells", async () => {
    const { path } = await create();
    const outside = "203.0.113.9";
    expect((await fetchFile(path, { remoteAddress: outside })).statusCode).toBe(403);
    const forwarded = { "x-forwarded-for": outside, "x-forwarded-proto": "https", "x-forwarded-host": "pbx.example" };
    const proxied = await fetchFile(path, { remoteAddress: "127.0.0.1", headers: forwarded });
    expect(proxied.statusCode).toBe(200);
    expect(proxied.body).toContain("static.auto_provision.server.url = https://pbx.example/provision/\n");
    expect(proxied.body).toContain("account.1.sip_server.1.address = pbx.example\n");
    const plain = { ...forwarded, "x-forwarded-proto": "http" };
    expect((await fetchFile(path, { remoteAddress: "127.0.0.1", headers: plain })).statusCode).toBe(403);
    // Who is not on this machine is not believed.
    expect((await fetchFile(path, { remoteAddress: outside, headers: forwarded })).statusCode).toBe(403);
  });

  it.each([
    ["10.1.2.3", true],
    ["172.31.0.1", true],
    ["::ffff:192.168.0.1", true],
    ["fd00::1", true],
    ["fe80::1%eth0", true],
    ["172.32.0.1", false],
    ["100.64.0.1", false],
    ["::ffff:8.8.8.8", false],
    ["2001:db8::1", false],
    ["unknown", false],
  ])("[F6] %s is private: %s", (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate);
  });

  it("[F1] [F3] another extension counts from the next fetch on; without one there is no file", async () => {
    const { id, path, secret } = await create();
    const created = await bench.ask("/extensions", { method: "POST", payload: { number: "299", displayName: "New" } });
    const other = created.json<{ id: string }>().id;
    await bench.ask(`/devices/${id}`, { method: "PATCH", payload: { extensionId: other } });
    const digest = hashSipPassword("299", "pbx-x", passwordsOf(secret).sip);
    expect(bench.provisioning.secrets().get(other)).toBeUndefined();
    expect((await fetchFile(path)).body).toContain("account.1.user_name = 299\n");
    expect(bench.provisioning.secrets().get(other)).toEqual([digest]);
    await bench.ask(`/extensions/${other}`, { method: "DELETE" });
    expect((await fetchFile(path)).statusCode).toBe(404);
    expect(bench.provisioning.secrets().get(other)).toBeUndefined();
  });
});
