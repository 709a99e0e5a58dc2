import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AsteriskCarrier, startCarrier } from "./src/asterisk.ts";
import type { WireEvent } from "./src/cti.ts";
import { startWorld, type World } from "./src/world.ts";

const account = { username: "pbx1", password: "a-carriers-password" };
let world: World;
let carrier: AsteriskCarrier;
let trunkId = "";
beforeAll(async () => {
  world = await startWorld({ env: { PBXX_TRUNK_OPTIONS_SECONDS: "2" } });
  carrier = await startCarrier(account);
});
afterAll(async () => {
  await carrier?.stop();
  await world?.stop();
});

/** Does something, and waits for what becomes of the trunk by it. */
async function status(act: () => Promise<unknown>, wanted: Readonly<Record<string, unknown>>): Promise<WireEvent> {
  const seen = world.cti.events.length;
  await act();
  const isWanted = ({ data }: WireEvent): boolean =>
    data["trunkName"] === "Asterisk" && Object.entries(wanted).every(([name, value]) => data[name] === value);
  return world.cti.waitFor(
    "TRUNK_STATUS_CHANGED",
    (event) => world.cti.events.indexOf(event) >= seen && isWanted(event),
    60_000,
  );
}
const change = (changes: object) => world.request("PATCH", `/trunks/${trunkId}`, changes);

describe("a trunk to a real Asterisk", () => {
  it("[V4] registers with digest as soon as it is made; the snapshot and REST show it", async () => {
    const create = async (): Promise<void> => {
      const place = { host: "127.0.0.1", port: carrier.port, transport: "udp" };
      const body = { name: "Asterisk", trunkType: "register", ...place, ...account };
      ({ id: trunkId } = (await world.request("POST", "/trunks", body)) as { id: string });
    };
    const told = await status(create, { newStatus: "active" });
    expect(told.data).toMatchObject({ trunkId, oldStatus: "inactive", reason: "recovered" });
    expect(await carrier.contact()).toMatch(/sip:pbx1@127\.0\.0\.1:\d+;line=[0-9a-f]+/);
    expect(await world.get(`/trunks/${trunkId}`)).toMatchObject({ status: "active", statusReason: "recovered" });
    const answer = await world.cti.send("subscribe", { channels: ["trunks"], snapshot: true });
    expect(JSON.stringify(answer.data)).toContain(trunkId);
  });

  it("[R7] tried out, it tells each step; with a wrong password, which one failed", async () => {
    const test = () => world.request("POST", `/trunks/${trunkId}/test`);
    expect(await test()).toMatchObject({
      ok: true,
      steps: [{ step: "resolve" }, { step: "options" }, { step: "register" }],
    });
    await status(() => change({ isEnabled: false, password: "wrong" }), { reason: "disabled" });
    expect(await test()).toMatchObject({
      ok: false,
      steps: [{ ok: true }, { ok: true }, { step: "register", ok: false }],
    });
    await status(() => change({ isEnabled: true, password: account.password }), { newStatus: "active" });
  });

  it("[V4] tells a wrong password, and that the right one is taken again", async () => {
    const refused = await status(() => change({ password: "wrong" }), { reason: "auth_failed" });
    expect(refused.data).toMatchObject({ oldStatus: "active", newStatus: "inactive" });
    expect(refused.data["errorMessage"]).toContain("401");
    expect(JSON.stringify(refused)).not.toContain("wrong");
    const taken = await status(() => change({ password: account.password }), { newStatus: "active" });
    expect(taken.data).toMatchObject({ oldStatus: "inactive", reason: "recovered" });
  });

  it("[V4] finds the carrier unreachable when it is gone, and registered again when it is back", async () => {
    const gone = await status(() => carrier.stop(), { reason: "unreachable" });
    expect(gone.data).toMatchObject({ oldStatus: "active", newStatus: "inactive" });
    const back = await status(
      async () => {
        carrier = await startCarrier({ ...account, port: carrier.port });
      },
      { newStatus: "active" },
    );
    expect(back.data).toMatchObject({ oldStatus: "inactive", reason: "recovered" });
    expect(await carrier.contact()).toMatch(/^sip:pbx1@/);
  });

  it("[V4] takes its registration back when it is disabled, registers when it is enabled", async () => {
    const told = await status(() => change({ isEnabled: false }), { reason: "disabled" });
    expect(told.data).toMatchObject({ oldStatus: "active", newStatus: "inactive", causedBy: { via: "admin" } });
    await expect.poll(() => carrier.contact()).toBeUndefined();
    await status(() => change({ isEnabled: true }), { newStatus: "active" });
    expect(await carrier.contact()).toMatch(/^sip:pbx1@/);
  });

  it("[R7] is gone when it is deleted, for the carrier too", async () => {
    const told = await status(() => world.request("DELETE", `/trunks/${trunkId}`), { deleted: true });
    expect(told.data).toMatchObject({ trunkId, newStatus: "inactive" });
    await expect.poll(() => carrier.contact()).toBeUndefined();
    const entries = (await world.get("/audit?search=trunk.")) as { data: { action: string }[] };
    expect(entries.data.map(({ action }) => action)).toContain("trunk.delete");
  });
});
