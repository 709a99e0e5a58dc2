import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { connectCti } from "./src/cti.ts";
import { startWorld, type World } from "./src/world.ts";

const secret = "a-secret-for-this-test-that-is-long-enough-0123456789";
let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_JWT_SECRET: secret, PBXX_JWT_ISSUER: "pbx-x", PBXX_JWT_AUDIENCE: "pbx-x" } });
});
afterAll(() => world?.stop());

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

function hs256(
  payload: unknown,
  key: string | Buffer,
  header: Record<string, unknown> = { alg: "HS256", typ: "JWT" },
): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

/** Status of the refused upgrade, with its body. */
function upgrade(
  query: string,
  headers: Record<string, string> = {},
  protocols: string[] = [],
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${world.server.url.replace("http", "ws")}/ws${query}`, protocols, { headers });
    socket.on("open", () => {
      socket.terminate();
      resolve({ status: 101, body: "" });
    });
    socket.on("error", () => undefined);
    socket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (data: Buffer) => (body += data.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", reject);
    });
  });
}

describe("tokens at the socket's door", () => {
  it("[W10] [W11] a good token made with the same secret opens it, in each of the three places", async () => {
    const token = hs256(payloadOf(world.token), secret);
    expect((await upgrade(`?token=${token}`)).status).toBe(101);
    expect((await upgrade("", { authorization: `Bearer ${token}` })).status).toBe(101);
    expect((await upgrade("", {}, ["pbx-x", `pbx-x.bearer.${token}`])).status).toBe(101);
  });

  it("[W10] [W11] every other kind is answered 401 with a problem body", async () => {
    const payload = payloadOf(world.token);
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const publicPem = rsa.publicKey.export({ type: "spki", format: "pem" });
    const rsInput = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(payload)}`;
    const { exp: _exp, ...withoutExp } = payload;
    const bad: Readonly<Record<string, string>> = {
      none: "",
      garbage: "?token=garbage",
      expired: `?token=${hs256({ ...payload, exp: 1_000_000 }, secret)}`,
      "without exp": `?token=${hs256(withoutExp, secret)}`,
      "other key": `?token=${hs256(payload, "another-secret-that-is-long-enough-0123456789")}`,
      "alg none": `?token=${encode({ alg: "none" })}.${encode(payload)}.`,
      "RS256 where HS256 is configured": `?token=${rsInput}.${sign("sha256", Buffer.from(rsInput), rsa.privateKey).toString("base64url")}`,
      "public key as HMAC secret": `?token=${hs256(payload, Buffer.from(publicPem))}`,
      "wrong issuer": `?token=${hs256({ ...payload, iss: "somebody" }, secret)}`,
      "wrong audience": `?token=${hs256({ ...payload, aud: "something" }, secret)}`,
      "unknown user": `?token=${hs256({ ...payload, sub: "019a0000-0000-7000-8000-00000000dead" }, secret)}`,
    };
    for (const [name, query] of Object.entries(bad)) {
      const { status, body } = await upgrade(query);
      expect({ name, status }).toEqual({ name, status: 401 });
      expect(JSON.parse(body)).toMatchObject({ status: 401 });
    }
  });

  it("[W14] who is told that the token ends soon renews it in place, and the connection stays", async () => {
    const until = (seconds: number): string =>
      hs256({ ...payloadOf(world.token), exp: Math.floor(Date.now() / 1000) + seconds }, secret);
    const cti = await connectCti(world.server.url, until(8));
    const { data } = await cti.waitFor("AUTH_EXPIRING");
    const endsMs = Date.parse(String(data["expiresAt"]));
    const stranger = await cti.send("refreshToken", { token: `${until(600)}x` });
    expect(stranger).toMatchObject({ success: false, error: { code: "UNAUTHORIZED" } });
    const renewed = await cti.send("refreshToken", { token: until(600) });
    expect(renewed).toMatchObject({ success: true });
    expect(Date.parse(String(renewed.data?.["tokenExpiresAt"]))).toBeGreaterThan(endsMs + 500_000);
    await delay(Math.max(0, endsMs - Date.now()) + 2000);
    expect(await cti.send("listChannels")).toMatchObject({ success: true });
    expect(cti.events.map(({ type }) => type)).not.toContain("DISCONNECTED");
    await cti.close();
  });

  it("[W10] no token reaches the log", () => {
    const [, , signature] = world.token.split(".");
    expect(world.server.output()).not.toContain(signature);
  });

  it("[W5] garbage, unknown commands and wrong params get an answer, the connection stays", async () => {
    const cti = await connectCti(world.server.url, world.token);
    const answers: unknown[] = [];
    cti.socket.on("message", (data: Buffer) => answers.push(JSON.parse(data.toString())));
    cti.sendRaw("this is no JSON");
    cti.sendRaw(JSON.stringify({ id: "x1", command: "levitate", params: {} }));
    cti.sendRaw(JSON.stringify({ id: "x2", command: "hangup" }));
    expect((await cti.send("listChannels")).success).toBe(true);
    expect(answers.slice(0, 3)).toMatchObject([
      { id: null, success: false, error: { code: "INVALID_PARAMS" } },
      { id: "x1", success: false, error: { code: "UNKNOWN_COMMAND" } },
      { id: "x2", success: false, error: { code: "INVALID_PARAMS" } },
    ]);
    await cti.close();
  });

  it("[W5] an oversized frame closes with 1009", async () => {
    const cti = await connectCti(world.server.url, world.token);
    cti.sendRaw(JSON.stringify({ id: "big", command: "ping", params: { text: "x".repeat(70_000) } }));
    expect((await cti.closed).code).toBe(1009);
  });

  it("[W5] more than 20 bad frames in 10 s close the connection", async () => {
    const cti = await connectCti(world.server.url, world.token);
    for (let frame = 0; frame < 30; frame += 1) cti.sendRaw("{");
    expect((await cti.closed).code).toBeGreaterThanOrEqual(1000);
  });
});
