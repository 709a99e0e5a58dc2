import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminEmail, createRestTestbench, type RestTestbench } from "./rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

const userIdOf = async (email: string): Promise<string> =>
  (await bench.ask(`/users?search=${email}`)).json<{ data: [{ id: string }] }>().data[0].id;
const extensionIdOf = async (number: string): Promise<string> =>
  (await bench.ask(`/extensions?search=${number}`)).json<{ data: [{ id: string }] }>().data[0].id;
const post = async (url: string, payload: object): Promise<number> =>
  (await bench.ask(url, { method: "POST", payload })).statusCode;
const patch = async (url: string, payload: object): Promise<number> =>
  (await bench.ask(url, { method: "PATCH", payload })).statusCode;

describe("changes at the same moment", () => {
  it("[R1] [R7] of two users with one e-mail address, and two extensions with one number, one is made", async () => {
    const user = {
      email: "twin@pbx-x.example",
      displayName: "Twin",
      role: "user",
      password: "a-long-password-of-twins",
    };
    const users = await Promise.all([post("/users", user), post("/users", user)]);
    expect(users.toSorted((a, b) => a - b)).toEqual([201, 409]);
    const extension = { number: "299", displayName: "Twin" };
    const extensions = await Promise.all([post("/extensions", extension), post("/extensions", extension)]);
    expect(extensions.toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  it("[R7] two changes of one extension's settings both count", async () => {
    const url = `/extensions/${await extensionIdOf("202")}`;
    await Promise.all([patch(url, { dndEnabled: true }), patch(url, { department: "Sales" })]);
    expect((await bench.ask(url)).json()).toMatchObject({ dndEnabled: true, department: "Sales" });
  });

  it("[R7] of two administrators who are demoted at once, one stays", async () => {
    const max = await userIdOf("max.mustermann@pbx-x.example");
    await patch(`/users/${max}`, { role: "admin" });
    const statuses = await Promise.all([
      patch(`/users/${max}`, { role: "user" }),
      patch(`/users/${max}`, { role: "user" }),
    ]);
    expect(statuses).toEqual([200, 200]);
    await patch(`/users/${max}`, { role: "admin" });
    const admin = await userIdOf(adminEmail);
    const both = await Promise.all([
      patch(`/users/${max}`, { isActive: false }),
      patch(`/users/${admin}`, { isActive: false }),
    ]);
    // Whichever comes first wins; it may have been the one who asks, so the others get a system of their own.
    expect(both.toSorted((a, b) => a - b)).toEqual([200, 422]);
    await bench.stop();
    bench = await createRestTestbench();
  });
});

describe("rights that change", () => {
  it("[W14] a user's sessions are made anew when the own extension, or what it may, changes", async () => {
    const anna = await userIdOf("anna.schmidt@pbx-x.example");
    const extension = await extensionIdOf("200");
    const before = bench.revoked.length;
    await patch(`/extensions/${extension}`, { displayName: "Anna S." });
    expect(bench.revoked).toHaveLength(before);
    await patch(`/extensions/${extension}`, { canRecordCalls: true });
    expect(bench.revoked.slice(before)).toEqual([{ userId: anna, kind: "renewed" }]);
    const lisa = await userIdOf("lisa.weber@pbx-x.example");
    await patch(`/extensions/${extension}`, { userId: lisa });
    expect(bench.revoked.slice(before + 1).map(({ userId }) => userId)).toEqual([anna, lisa]);
  });

  it("[W14] after a change of role a new token is got by refreshing; after a new password by logging in", async () => {
    const email = "tom.mueller@pbx-x.example";
    const id = await userIdOf(email);
    const refresh = (refreshToken: string) =>
      bench.app.inject({ method: "POST", url: "/api/v1/auth/refresh", payload: { refreshToken } });
    const logged = (await bench.login(email, bench.passwordOf(email))).json<{
      tokens: { accessToken: string; refreshToken: string };
    }>().tokens;
    bench.clock.ms += 5;
    await patch(`/users/${id}`, { role: "agent" });
    expect((await bench.ask("/auth/session", {}, logged.accessToken)).statusCode).toBe(401);
    const renewed = await refresh(logged.refreshToken);
    expect(renewed.statusCode).toBe(200);
    const { tokens } = renewed.json<{ tokens: { accessToken: string; refreshToken: string } }>();
    expect((await bench.ask("/auth/session", {}, tokens.accessToken)).json()).toMatchObject({ role: "agent" });
    await patch(`/users/${id}`, { password: "another-long-password" });
    expect((await refresh(tokens.refreshToken)).statusCode).toBe(401);
  });

  it("[R3] guessing the present password of an open log-in is told to wait, too", async () => {
    const token = await bench.tokenOf(adminEmail, "admin-password");
    const payload = { currentPassword: "a-guess", newPassword: "a-new-long-password" };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      statuses.push((await bench.ask("/auth/password", { method: "POST", payload }, token)).statusCode);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });
});
