import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "./rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

const anna = "anna.schmidt@pbx-x.example";
const lisa = "lisa.weber@pbx-x.example";
const idOf = async (email: string): Promise<string> =>
  (await bench.ask(`/users?search=${email}`)).json<{ data: [{ id: string }] }>().data[0].id;

describe("users", () => {
  it("[R7] creates one with a generated password that is shown once and works", async () => {
    const payload = { email: "New.Person@pbx-x.example", displayName: "New Person", role: "user" };
    const created = await bench.ask("/users", { method: "POST", payload });
    expect(created.statusCode).toBe(201);
    const { id, password, email } = created.json<{ id: string; password: string; email: string }>();
    expect(email).toBe("new.person@pbx-x.example");
    expect((await bench.login(email, password)).statusCode).toBe(200);
    const shown = await bench.ask(`/users/${id}`);
    expect(shown.json()).toMatchObject({ id, displayName: "New Person", isActive: true });
    expect(shown.body).not.toMatch(/password|argon2/);
  });

  it("[R1] [R7] says what is wrong: taken, malformed, unknown", async () => {
    const payload = { email: anna, displayName: "Again", role: "user" };
    const taken = await bench.ask("/users", { method: "POST", payload });
    expect([taken.statusCode, taken.json<{ errors: object[] }>().errors]).toEqual([
      409,
      [{ field: "email", message: "is taken" }],
    ]);
    const wrong = await bench.ask("/users", {
      method: "POST",
      payload: { ...payload, role: "king", password: "short" },
    });
    expect(
      wrong
        .json<{ errors: { field: string }[] }>()
        .errors.map(({ field }) => field)
        .toSorted(),
    ).toEqual(["password", "role"]);
    expect((await bench.ask("/users/nobody")).statusCode).toBe(404);
    expect((await bench.ask("/users/nobody", { method: "PATCH", payload: {} })).statusCode).toBe(404);
    expect((await bench.ask("/users/nobody", { method: "DELETE" })).statusCode).toBe(404);
  });

  it("[W24] only administrators see and change others; everybody sees themselves", async () => {
    const token = await bench.tokenOf(anna);
    const own = await idOf(anna);
    expect((await bench.ask("/users", {}, token)).statusCode).toBe(403);
    expect((await bench.ask(`/users/${await idOf(lisa)}`, {}, token)).statusCode).toBe(404);
    expect((await bench.ask(`/users/${own}`, {}, token)).statusCode).toBe(200);
    const payload = { role: "admin" };
    expect((await bench.ask(`/users/${own}`, { method: "PATCH", payload }, token)).statusCode).toBe(403);
  });

  it("[W14] another role renews the sessions, a deactivation ends them; older tokens no longer count", async () => {
    const token = await bench.tokenOf(lisa);
    const id = await idOf(lisa);
    expect((await bench.ask("/auth/session", {}, token)).statusCode).toBe(200);
    bench.clock.ms += 5;
    await bench.ask(`/users/${id}`, { method: "PATCH", payload: { role: "supervisor" } });
    expect(bench.revoked.at(-1)).toEqual({ userId: id, kind: "renewed" });
    expect((await bench.ask("/auth/session", {}, token)).statusCode).toBe(401);
    const fresh = await bench.tokenOf(lisa);
    expect((await bench.ask("/auth/session", {}, fresh)).json()).toMatchObject({ role: "supervisor" });
    bench.clock.ms += 5;
    await bench.ask(`/users/${id}`, { method: "PATCH", payload: { isActive: false } });
    expect(bench.revoked.at(-1)).toEqual({ userId: id, kind: "ended" });
    expect((await bench.login(lisa, bench.passwordOf(lisa))).statusCode).toBe(401);
  });

  it("the last active administrator can be neither demoted nor deleted", async () => {
    const id = await idOf("admin@pbx-x.example");
    for (const payload of [{ role: "user" }, { isActive: false }]) {
      expect((await bench.ask(`/users/${id}`, { method: "PATCH", payload })).statusCode).toBe(422);
    }
    expect((await bench.ask(`/users/${id}`, { method: "DELETE" })).statusCode).toBe(422);
  });

  it("one's own password needs the present one and ends the log-ins", async () => {
    const max = "max.mustermann@pbx-x.example";
    const token = await bench.tokenOf(max);
    const newPassword = "a-new-long-password";
    const change = (currentPassword: string) =>
      bench.ask("/auth/password", { method: "POST", payload: { currentPassword, newPassword } }, token);
    expect((await change("wrong")).statusCode).toBe(403);
    bench.clock.ms += 5;
    expect((await change(bench.passwordOf(max))).statusCode).toBe(204);
    expect((await bench.ask("/auth/session", {}, token)).statusCode).toBe(401);
    expect((await bench.login(max, newPassword)).statusCode).toBe(200);
  });

  it("[R7] a deleted user is gone, the extension stays", async () => {
    const id = await idOf("tom.mueller@pbx-x.example");
    expect((await bench.ask(`/users/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/users/${id}`)).statusCode).toBe(404);
    const [extension] = (await bench.ask("/extensions?search=202")).json<{ data: { userId?: string }[] }>().data;
    expect(extension).toMatchObject({ number: "202" });
    expect(extension?.userId).toBeUndefined();
  });
});

describe("extensions", () => {
  it("[R7] [R10] creates one, with a SIP password shown once and an event of all its settings", async () => {
    const payload = { number: "210", displayName: "Door", maxConcurrentCalls: 1 };
    const created = await bench.ask("/extensions", { method: "POST", payload });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({
      number: "210",
      maxConcurrentCalls: 1,
      sipPassword: expect.any(String) as string,
    });
    expect(bench.published.at(-1)).toMatchObject({
      type: "EXTENSION_STATUS_CHANGED",
      data: { number: "210", changes: { displayName: "Door", dndEnabled: false, maxConcurrentCalls: 1 } },
    });
    const { id } = created.json<{ id: string }>();
    expect((await bench.ask(`/extensions/${id}`)).body).not.toContain("sipPassword");
  });

  it("[R1] refuses a taken number, a wrong one, and a user who is nobody", async () => {
    const post = async (payload: object) => (await bench.ask("/extensions", { method: "POST", payload })).statusCode;
    expect(await post({ number: "200", displayName: "Again" })).toBe(409);
    expect(await post({ number: "2", displayName: "Short" })).toBe(400);
    expect(await post({ number: "211", displayName: "X", userId: "nobody" })).toBe(422);
  });

  it("[R7] a deleted extension unregisters its phones and says that it is gone", async () => {
    const { data } = (await bench.ask("/extensions?search=201")).json<{ data: [{ id: string }] }>();
    expect((await bench.ask(`/extensions/${data[0].id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect(bench.unregistered).toEqual(["known"]);
    expect(bench.published.at(-1)).toMatchObject({ data: { number: "201", changes: { deleted: true } } });
    expect((await bench.ask(`/extensions/${data[0].id}`)).statusCode).toBe(404);
  });

  it("[R7] a queue whose member was deleted can be changed like any other", async () => {
    const door = { number: "212", displayName: "Member" };
    const { id } = (await bench.ask("/extensions", { method: "POST", payload: door })).json<{ id: string }>();
    const payload = { name: "Shrinking", extensionNumber: "390" };
    const path = `/queues/${(await bench.ask("/queues", { method: "POST", payload })).json<{ id: string }>().id}`;
    const members = [{ extensionId: id, penalty: 0, skills: {} }];
    expect((await bench.ask(`${path}/members`, { method: "PUT", payload: { members } })).statusCode).toBe(200);
    expect((await bench.ask(`/extensions/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    for (const shown of [path, `${path}/members`, "/queues?search=Shrinking"]) {
      expect((await bench.ask(shown)).body).not.toContain(id);
    }
    const changed = await bench.ask(path, { method: "PATCH", payload: { maxQueueSize: 7 } });
    expect([changed.statusCode, changed.json()]).toMatchObject([200, { maxQueueSize: 7, members: [] }]);
    // Who names one that is no more is told so.
    const sent = await bench.ask(`${path}/members`, { method: "PUT", payload: { members } });
    expect(sent.statusCode).toBe(422);
  });

  it("[R8] the directory is open to every role and has names and numbers only", async () => {
    const token = await bench.tokenOf(anna);
    const answer = await bench.ask("/directory?search=anna", {}, token);
    expect(answer.json<{ data: object[] }>().data).toEqual([
      { extensionId: expect.any(String) as string, number: "200", displayName: "Anna Schmidt" },
    ]);
  });
});

describe("what an operator asks for", () => {
  it("[R7] the audit log names who did what, without secrets", async () => {
    const audit = await bench.ask("/audit?limit=100");
    const entries = audit.json<{ data: { action: string; userId: string }[] }>().data;
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["user.create", "user.update", "user.delete", "extension.create", "extension.delete"]),
    );
    expect(audit.body).not.toContain("a-new-long-password");
    expect((await bench.ask("/audit", {}, await bench.tokenOf(anna))).statusCode).toBe(403);
  });

  it("[R9] figures: for this machine without a token, else with the right to see the system", async () => {
    const local = await bench.app.inject("/metrics");
    expect(local.body).toContain("pbxx_calls_active 3");
    expect(local.body).toContain("pbxx_sockets 5");
    const far = { url: "/metrics", remoteAddress: "203.0.113.5" };
    expect((await bench.app.inject(far)).statusCode).toBe(401);
    expect(
      (await bench.app.inject({ url: "/metrics", headers: { "x-forwarded-for": "203.0.113.5" } })).statusCode,
    ).toBe(401);
    const headers = { authorization: `Bearer ${await bench.tokenOf(anna)}` };
    expect((await bench.app.inject({ ...far, headers })).statusCode).toBe(403);
    const fixed = { authorization: "Bearer a-token-for-figures-only" };
    expect((await bench.app.inject({ ...far, headers: fixed })).statusCode).toBe(200);
    expect((await bench.app.inject({ url: "/api/v1/system/stats", headers: fixed })).statusCode).toBe(401);
    expect((await bench.ask("/system/stats")).json()).toMatchObject({ activeCalls: 3, registrations: 2, sessions: 6 });
  });

  it("[R9] the status is for all, its details for administrators", async () => {
    bench.clock.ms += 60_000;
    const plain = { healthy: true, version: "0.1.0" };
    expect((await bench.app.inject("/api/v1/system/status")).json()).toEqual(plain);
    expect((await bench.ask("/system/status", {}, await bench.tokenOf(anna))).json()).toEqual(plain);
    expect((await bench.ask("/system/status", {}, "an-old-token")).json()).toEqual(plain);
    expect((await bench.ask("/system/status")).json()).toMatchObject({
      ...plain,
      details: { engine: "fake", sip: { udp: 5060 }, epoch: bench.log.epoch, seq: 0 },
    });
  });

  it("no secret reaches the log, at any level", async () => {
    const token = await bench.tokenOf(anna);
    await bench.app.inject({ url: `/api/v1/nothing?token=${token}` });
    await bench.ask("/extensions", {
      method: "POST",
      payload: { number: "x", sipPassword: "a-sip-password-of-30-letters!!" },
    });
    await bench.login("admin@pbx-x.example", "a-wrong-password");
    const text = bench.logged();
    for (const secret of [
      token,
      "a-sip-password-of-30-letters",
      "a-wrong-password",
      "admin-password",
      bench.passwordOf("200"),
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});
