import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
let trunkId: string;

beforeAll(async () => {
  bench = await createRestTestbench();
  const payload = { name: "Carrier", trunkType: "static", host: "127.0.0.1", mainNumber: "+49305550" };
  const made = await bench.ask("/trunks", { method: "POST", payload });
  trunkId = made.json<{ id: string }>().id;
});
afterAll(() => bench.stop());

const post = (url: string, payload: object) => bench.ask(url, { method: "POST", payload });
const patch = (url: string, payload: object) => bench.ask(url, { method: "PATCH", payload });
const idOf = (answer: { json: <T>() => T }): string => answer.json<{ id: string }>().id;
const explain = async (query: string) =>
  (await bench.ask(`/routing/explain?${query}`)).json<{
    direction: string;
    outcome: Record<string, unknown>;
    steps: readonly { subject: string; verdict: string; why: string }[];
  }>();
const audited = async (action: string) =>
  (await bench.ask(`/audit?search=${action}`)).json<{ data: readonly { action: string; details: object }[] }>().data;

describe("rules by REST", () => {
  it("[R7] [G21] an outbound rule is made with defaults, changed, found and deleted, at once and audited", async () => {
    const made = await post("/rules/outbound", { name: "National", pattern: "0Z.", trunkIds: [trunkId] });
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({ isEnabled: true, priority: 100, strip: 0, callerId: { mode: "trunk" } });
    const id = idOf(made);
    expect((await explain("from=200&to=0301234567")).outcome).toMatchObject({
      kind: "outside",
      number: "+49301234567",
    });
    const changed = await patch(`/rules/outbound/${id}`, { isEnabled: false, priority: 5 });
    expect(changed.json()).toMatchObject({ isEnabled: false, priority: 5, name: "National" });
    expect((await explain("from=200&to=0301234567")).outcome).toMatchObject({ kind: "none" });
    expect((await bench.ask("/rules/outbound?search=nat")).json()).toMatchObject({ meta: { total: 1 } });
    expect((await bench.ask(`/trunks/${trunkId}`, { method: "DELETE" })).json()).toMatchObject({
      status: 409,
      detail: "The trunk is used by National.",
    });
    expect((await bench.ask(`/rules/outbound/${id}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/rules/outbound/${id}`)).statusCode).toBe(404);
    const entries = await audited("rule.outbound");
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      "rule.outbound.create",
      "rule.outbound.delete",
      "rule.outbound.update",
    ]);
    expect(entries.find(({ action }) => action.endsWith("update"))?.details).toEqual({
      name: "National",
      changed: ["isEnabled", "priority"],
    });
  });

  it("[G1] a pattern that cannot be read is refused with the place", async () => {
    const answer = await post("/rules/outbound", { name: "Bad", pattern: "0[", trunkIds: [trunkId] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      errors: [
        { field: expect.stringContaining("pattern") as string, message: expect.stringContaining("place 2") as string },
      ],
    });
  });

  it("[G21] what does not fit the configuration is refused by field", async () => {
    const answer = await post("/rules/outbound", {
      name: "Lost",
      pattern: "0.",
      trunkIds: ["gone"],
      timeProfileId: "t",
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ errors: [{ field: "timeProfileId" }, { field: "trunkIds.0" }] });
    const inbound = await post("/rules/inbound", {
      name: "Lost",
      didPattern: ".",
      destination: { kind: "extension", extensionId: "gone" },
    });
    expect(inbound.json()).toMatchObject({ errors: [{ field: "destination.extensionId" }] });
    for (const [destination, field] of [
      [{ kind: "queue", queueId: "none" }, "queueId"],
      [{ kind: "conference", conferenceId: "none" }, "conferenceId"],
      [{ kind: "mailbox", extensionId: "none" }, "extensionId"],
    ] as const) {
      const refused = await post("/rules/inbound", { name: "Nowhere", didPattern: "+493055500", destination });
      expect(refused.json()).toMatchObject({ errors: [{ field: `destination.${field}` }] });
    }
    const fixed = await post("/rules/outbound", {
      name: "F",
      pattern: "0.",
      trunkIds: [trunkId],
      callerId: { mode: "fixed" },
    });
    expect(fixed.statusCode).toBe(400);
  });

  it("[G5] [G6] [G21] an inbound rule with a time profile, which cannot be deleted while it is used", async () => {
    const profile = idOf(
      await post("/time-profiles", {
        name: "Office",
        timeZone: "Europe/Berlin",
        ranges: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "17:00" }],
        holidays: [{ date: "12-25" }],
      }),
    );
    expect((await post("/time-profiles", { name: "X", timeZone: "Mars/Base", ranges: [] })).statusCode).toBe(400);
    const rule = idOf(
      await post("/rules/inbound", {
        name: "Main",
        trunkId,
        didPattern: "+49305550",
        timeProfileId: profile,
        destination: { kind: "internal", number: "200" },
        fallbackDestination: { kind: "internal", number: "201" },
      }),
    );
    const day = await explain(`trunk=Carrier&from=01701234567&to=0305550&at=2026-11-26T10:00:00Z`);
    expect(day).toMatchObject({
      direction: "inbound",
      outcome: { kind: "extension", number: "200", rule: { name: "Main" } },
    });
    const night = await explain(`trunk=${trunkId}&from=01701234567&to=0305550&at=2026-11-26T20:00:00Z`);
    expect(night.outcome).toMatchObject({ kind: "extension", number: "201" });
    expect(night.steps[0]?.why).toContain("closed: thu 2026-11-26 21:00 Europe/Berlin");
    const used = await bench.ask(`/time-profiles/${profile}`, { method: "DELETE" });
    expect(used.json()).toMatchObject({ status: 409, detail: "The time profile is used by Main." });
    await patch(`/rules/inbound/${rule}`, { timeProfileId: null, fallbackDestination: null });
    expect((await bench.ask(`/time-profiles/${profile}`, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(`/rules/inbound/${rule}`)).json()).not.toHaveProperty("fallbackDestination");
  });

  it("[G10] [G21] guards: read, changed role by role, and in force at once", async () => {
    expect((await bench.ask("/rules/guards")).json()).toMatchObject({
      maxCallsAtOnce: 5,
      maxCallsPerHour: 60,
      emergencyNumbers: ["112", "110"],
      classesByRole: { agent: ["freephone", "national", "mobile", "service"], none: ["freephone", "national"] },
    });
    const rule = idOf(await post("/rules/outbound", { name: "All", pattern: "0.", trunkIds: [trunkId] }));
    expect((await explain("from=200&to=0043112345")).outcome).toMatchObject({ kind: "refused", reason: "not_allowed" });
    const changed = await patch("/rules/guards", {
      classesByRole: { agent: ["national", "international"] },
      maxCallsAtOnce: 2,
    });
    expect(changed.json()).toMatchObject({
      maxCallsAtOnce: 2,
      classesByRole: { user: ["freephone", "national", "mobile", "service"] },
    });
    expect((await explain("from=200&to=0043112345")).outcome).toMatchObject({
      kind: "outside",
      class: "international",
    });
    expect((await patch("/rules/guards", { classesByRole: { agent: ["emergency"] } })).statusCode).toBe(400);
    expect((await patch("/rules/guards", { emergencyNumbers: [] })).statusCode).toBe(400);
    expect((await audited("guards.update"))[0]?.details).toMatchObject({ changed: { maxCallsAtOnce: 2 } });
    await bench.ask(`/rules/outbound/${rule}`, { method: "DELETE" });
  });

  it("[G10] a permission granted to a user counts at once", async () => {
    const rule = idOf(await post("/rules/outbound", { name: "All", pattern: "0.", trunkIds: [trunkId] }));
    expect((await explain("from=201&to=0900123456")).outcome).toMatchObject({ kind: "refused", class: "premium" });
    const users = (await bench.ask("/users")).json<{ data: readonly { id: string; displayName: string }[] }>().data;
    const lisa = users.find(({ displayName }) => displayName === "Lisa Weber")?.id ?? "";
    await patch(`/users/${lisa}`, { grantedPermissions: ["calls.outside.premium"] });
    expect((await explain("from=201&to=0900123456")).outcome).toMatchObject({ kind: "outside", class: "premium" });
    await bench.ask(`/rules/outbound/${rule}`, { method: "DELETE" });
  });

  it("[G20] explain: internal numbers, nowhere, and questions that cannot be answered", async () => {
    expect(await explain("from=200&to=201")).toMatchObject({
      direction: "internal",
      outcome: { kind: "extension", number: "201" },
    });
    expect((await explain("from=200&to=999")).outcome).toEqual({
      kind: "none",
      number: "999",
      reason: "no_such_number",
    });
    expect((await explain("from=200&to=112")).outcome).toMatchObject({ kind: "outside", class: "emergency" });
    expect(await explain("from=0170&to=200")).toMatchObject({ status: 422, errors: [{ field: "from" }] });
    expect(await explain("trunk=none&from=0170&to=200")).toMatchObject({ status: 422, errors: [{ field: "trunk" }] });
  });

  it.each(["/rules/outbound", "/rules/inbound", "/time-profiles", "/rules/guards", "/routing/explain?from=200&to=201"])(
    "[R7] GET %s is an administrator's",
    async (url) => {
      const token = await bench.tokenOf("anna.schmidt@pbx-x.example");
      expect((await bench.ask(url, {}, token)).statusCode).toBe(403);
    },
  );
});
