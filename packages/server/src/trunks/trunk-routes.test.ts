import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

const carrier = {
  name: "Carrier",
  trunkType: "register",
  host: "sip.carrier.example",
  username: "pbx",
  password: "s3cret",
};
const create = (changes: object = {}) => bench.ask("/trunks", { method: "POST", payload: { ...carrier, ...changes } });
const change = (id: string, payload: object) => bench.ask(`/trunks/${id}`, { method: "PATCH", payload });
const idOf = async (name: string): Promise<string> =>
  (await bench.ask(`/trunks?search=${encodeURIComponent(name)}`)).json<{ data: [{ id: string }] }>().data[0].id;

describe("trunks by REST", () => {
  it("[R12] the demo world has the specification's trunk, disabled", async () => {
    const { data } = (await bench.ask("/trunks")).json<{ data: object[] }>();
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      name: "Telekom SIP-Trunk",
      isEnabled: false,
      status: "inactive",
      statusReason: "disabled",
    });
  });

  it("[R7] [R10] are created, shown, changed and deleted, each noted; the password is never shown", async () => {
    const made = await create({ name: "First", allowedIps: ["192.0.2.0/24", "2001:db8::1"], maxConcurrentCalls: 4 });
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({
      name: "First",
      trunkType: "register",
      transport: "udp",
      username: "pbx",
      hasPassword: true,
      maxConcurrentCalls: 4,
      status: "inactive",
      activeCalls: 0,
    });
    expect(made.body).not.toContain("s3cret");
    const { id } = made.json<{ id: string }>();
    const changed = await change(id, { name: "Second", maxConcurrentCalls: null, port: 5070 });
    expect(changed.json()).toMatchObject({ name: "Second", port: 5070 });
    expect(changed.json()).not.toHaveProperty("maxConcurrentCalls");
    expect((await bench.ask(`/trunks/${id}`)).body).not.toContain("s3cret");
    expect((await bench.ask(`/trunks/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/trunks/${id}`)).statusCode).toBe(404);
    const { data } = (await bench.ask("/audit?search=trunk.")).json<{ data: { action: string }[] }>();
    expect(data.map(({ action }) => action).toSorted()).toEqual(["trunk.change", "trunk.create", "trunk.delete"]);
    expect(JSON.stringify(data) + bench.logged()).not.toContain("s3cret");
  });

  it("[V4] [W26] tell by TRUNK_STATUS_CHANGED what the model has to know: new, renamed, switched off, gone", async () => {
    const from = bench.published.length;
    const { id } = (await create({ name: "Told" })).json<{ id: string }>();
    await change(id, { name: "Renamed" });
    await change(id, { codecPreferences: ["PCMA"] });
    await change(id, { isEnabled: false });
    await bench.ask(`/trunks/${id}`, { method: "DELETE" });
    const told = bench.published.slice(from);
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(["TRUNK_STATUS_CHANGED"]));
    expect(told.map(({ data }) => [data["trunkName"], data["newStatus"], data["reason"], data["deleted"]])).toEqual([
      ["Told", "inactive", undefined, undefined],
      ["Renamed", "inactive", undefined, undefined],
      ["Renamed", "inactive", "disabled", undefined],
      ["Renamed", "inactive", "disabled", true],
    ]);
    expect(told[0]?.data["causedBy"]).toMatchObject({ via: "admin" });
  });

  it.each([
    [{ host: "sip:carrier" }, "host"],
    [{ host: "carrier.example:5060" }, "host"],
    [{ port: 0 }, "port"],
    [{ transport: "sctp" }, "transport"],
    [{ allowedIps: ["192.0.2.0/33"] }, "allowedIps.0"],
    [{ username: "a b" }, "username"],
    [{ outboundProxy: "proxy:99999" }, "outboundProxy"],
    [{ codecPreferences: ["MP3"] }, "codecPreferences.0"],
    [{ secret: "x" }, undefined],
  ])("[R1] refuse %j by name of the field", async (wrong, field) => {
    const answer = await create(wrong);
    expect(answer.statusCode).toBe(400);
    if (field !== undefined) expect(answer.json()).toMatchObject({ errors: [{ field }] });
  });

  it("[R1] refuse what cannot work together, and a name that is taken", async () => {
    const { username: _, password: __, ...bare } = carrier;
    const withoutAccount = await bench.ask("/trunks", { method: "POST", payload: { ...bare, name: "Bare" } });
    expect(withoutAccount.statusCode).toBe(422);
    expect(withoutAccount.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual([
      "username",
      "password",
    ]);
    expect((await create({ name: "Telekom SIP-Trunk" })).statusCode).toBe(409);
    expect((await change(await idOf("Telekom"), { isEnabled: true })).statusCode).toBe(422);
    expect((await change("nobody", {})).statusCode).toBe(404);
  });

  it("[R7] are tried out, which is noted too", async () => {
    const answer = await bench.ask(`/trunks/${await idOf("Telekom")}/test`, { method: "POST" });
    expect(answer.json()).toEqual({
      ok: false,
      steps: [{ step: "resolve", ok: false, detail: "no address", durationMs: 3 }],
    });
    expect((await bench.ask("/audit?search=trunk.test")).json()).toMatchObject({
      data: [{ subject: "Telekom SIP-Trunk" }],
    });
    expect((await bench.ask("/trunks/nobody/test", { method: "POST" })).statusCode).toBe(404);
  });

  it("[W24] are seen and changed by administrators alone", async () => {
    const token = await bench.tokenOf("max.mustermann@pbx-x.example");
    expect((await bench.ask("/trunks", {}, token)).statusCode).toBe(403);
    expect((await bench.ask("/trunks", { method: "POST", payload: carrier }, token)).statusCode).toBe(403);
  });
});
