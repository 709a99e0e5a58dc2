import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBaresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { registerSipp } from "./src/sipp.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_SIP_MIN_EXPIRES: "2" } });
});
afterAll(() => world?.stop());

const registered = (number: string, transport: string) =>
  world.cti.waitFor("EXTENSION_REGISTERED", ({ data }) => data["number"] === number && data["transport"] === transport);
const unregistered = (number: string, reason: string) =>
  world.cti.waitFor("EXTENSION_UNREGISTERED", ({ data }) => data["number"] === number && data["reason"] === reason);

describe("registration of real phones", () => {
  it("[E1] SIPp registers 200 by digest over UDP and unregisters itself", async () => {
    const localPort = await freePort();
    const phone = { user: world.user("200"), pbx: world.pbx.udp, localPort };
    const before = Date.now();
    await registerSipp({ ...phone, expires: 120 });
    const after = Date.now();
    const { data } = await registered("200", "udp");
    expect(data).toMatchObject({ ipAddress: "127.0.0.1", userAgent: "SIPp phone", transport: "udp" });
    expect(data["contactUri"]).toContain(`200@127.0.0.1:${localPort}`);
    const grantedAt = Date.parse(String(data["expiresAt"])) - 120_000;
    expect(grantedAt).toBeGreaterThanOrEqual(before - 1000);
    expect(grantedAt).toBeLessThanOrEqual(after + 1000);
    await registerSipp({ ...phone, expires: 0 });
    await unregistered("200", "user_logout");
  });

  it("[E1] SIPp registers 201 over TCP", async () => {
    const localPort = await freePort();
    await registerSipp({ user: world.user("201"), pbx: world.pbx.tcp, localPort, transport: "tcp" });
    expect((await registered("201", "tcp")).data["ipAddress"]).toBe("127.0.0.1");
  });

  it("[E1] baresip registers 202 over UDP, 200 over TCP and 201 over TLS", async () => {
    const phones = await Promise.all([
      startBaresip({ ...world.user("202"), pbx: world.pbx.udp }),
      startBaresip({ ...world.user("200"), pbx: world.pbx.tcp, transport: "tcp" }),
      startBaresip({ ...world.user("201"), pbx: world.pbx.tls, transport: "tls" }),
    ]);
    try {
      const events = await Promise.all([registered("202", "udp"), registered("200", "tcp"), registered("201", "tls")]);
      for (const { data } of events) {
        expect(String(data["userAgent"])).toContain("baresip");
        expect(data["ipAddress"]).toBe("127.0.0.1");
      }
    } finally {
      await Promise.all(phones.map((phone) => phone.stop()));
    }
  });

  it("[E1] a registration that is not refreshed ends with timeout", async () => {
    await registerSipp({ user: world.user("100"), pbx: world.pbx.udp, localPort: await freePort(), expires: 2 });
    await registered("100", "udp");
    const { data } = await unregistered("100", "timeout");
    expect(data["reason"]).toBe("timeout");
  });

  it("[R7] an administrator forces a phone off", async () => {
    await registerSipp({ user: world.user("202"), pbx: world.pbx.udp, localPort: await freePort() });
    const event = await world.cti.waitFor(
      "EXTENSION_REGISTERED",
      ({ data }) => data["number"] === "202" && data["userAgent"] === "SIPp phone",
    );
    const [extensionId, bindingId] = [String(event.data["extensionId"]), String(event.data["bindingId"])];
    const response = await fetch(`${world.server.url}/api/v1/extensions/${extensionId}/registrations/${bindingId}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${world.token}` },
    });
    expect(response.status).toBe(204);
    await unregistered("202", "admin_force");
  });

  it("a wrong password is refused and nothing is told", async () => {
    const seen = world.cti.events.length;
    const user = { number: "202", password: "not-the-password" };
    await expect(registerSipp({ user, pbx: world.pbx.udp, localPort: await freePort() })).rejects.toThrow("failed");
    expect(world.cti.events.slice(seen).filter(({ type }) => type === "EXTENSION_REGISTERED")).toEqual([]);
  });
});
