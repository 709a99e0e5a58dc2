import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
const callId = "019a0000-0000-7000-8000-000000000001";
const anna = "anna.schmidt@pbx-x.example";
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

interface Lot {
  readonly id: string;
}
const lots = async () => (await bench.ask("/parking-lots")).json<{ data: readonly Lot[] }>().data;
const patch = async (id: string, payload: object, token?: string) =>
  bench.ask(`/parking-lots/${id}`, { method: "PATCH", payload, ...(token && { headers: bearer(token) }) });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("parking lots", () => {
  it("[R7] [R12] everybody sees them, an administrator changes them; a change is in the audit log", async () => {
    const token = await bench.tokenOf(anna);
    const listed = await bench.ask("/parking-lots", {}, token);
    expect(listed.json()).toMatchObject({
      data: [{ name: "Main", firstSlot: 701, lastSlot: 720, timeoutSeconds: 300 }],
      meta: { total: 1 },
    });
    const id = (await lots())[0]?.id ?? "";
    expect((await patch(id, { timeoutSeconds: 60 }, token)).statusCode).toBe(403);
    expect((await patch(id, { timeoutSeconds: 60, name: "Reception" })).json()).toEqual({
      id,
      name: "Reception",
      firstSlot: 701,
      lastSlot: 720,
      timeoutSeconds: 60,
    });
    expect((await bench.ask("/audit?search=parking-lot")).json()).toMatchObject({
      data: [{ action: "parking-lot.update", subject: "Reception", details: { changed: ["name", "timeoutSeconds"] } }],
    });
  });

  it("[R1] [R7] what cannot be is refused with what is wrong", async () => {
    const id = (await lots())[0]?.id ?? "";
    expect((await patch("nobody", { name: "X" })).statusCode).toBe(404);
    expect((await patch(id, { firstSlot: 721 })).json()).toMatchObject({ status: 422 });
    expect((await patch(id, { firstSlot: 190 })).json()).toMatchObject({
      status: 409,
      detail: expect.stringContaining("extension") as string,
    });
    for (const wrong of [{ timeoutSeconds: 1 }, { firstSlot: 1.5 }, { size: 3 }, { name: "" }]) {
      expect((await patch(id, wrong)).statusCode).toBe(400);
    }
  });
});

describe("what is parked", () => {
  it("[R6] [W24] is listed with its time; an outside number only for who may see the call", async () => {
    const outside = { number: "+49301234567", name: "Max" };
    const data = {
      callId,
      version: 1,
      state: "parked",
      parkingSlot: "701",
      parkedBy: { number: "201", extensionId: "e201" },
    };
    const expiresAt = "2026-01-01T00:05:00.000Z";
    await bench.log.append([
      { type: "CALL_PARKED", callId, audience: {}, data: { ...data, expiresAt, parkedParty: outside } },
    ]).committed;
    const seen = (await bench.ask("/parking")).json<{ data: object[] }>().data;
    expect(seen).toMatchObject([
      { parkingSlot: "701", callId, parkedBy: { number: "201" }, parkedParty: outside, expiresAt },
    ]);
    const masked = (await bench.ask("/parking", {}, await bench.tokenOf(anna))).json<{ data: object[] }>().data;
    expect(masked).toMatchObject([{ parkingSlot: "701", parkedParty: { number: "" }, expiresAt }]);
    const scoped = await bench.ask("/snapshot?channels=parking", {}, await bench.tokenOf(anna));
    expect(scoped.json()).toMatchObject({ tables: { parkingSlots: masked } });
    const missed = await bench.ask(
      `/events?after=0&epoch=${bench.log.epoch}&channels=parking`,
      {},
      await bench.tokenOf(anna),
    );
    expect(missed.json()).toMatchObject({ events: [{ redacted: ["parkedParty.number", "parkedParty.name"] }] });
    expect(`${scoped.body}${missed.body}`).not.toContain("49301234567");
  });

  it("[R6] the commands refuse by their codes", async () => {
    const post = async (path: string, payload?: object) =>
      (await bench.ask(path, { method: "POST", ...(payload && { payload }) })).json<{
        status: number;
        detail: string;
      }>();
    expect(await post(`/calls/${callId}/park`)).toMatchObject({
      status: 404,
      detail: expect.stringContaining("CALL_NOT_FOUND") as string,
    });
    expect(await post(`/calls/${callId}/park`, { parkingSlot: "" })).toMatchObject({ status: 400 });
    expect(await post(`/calls/${callId}/pickup`)).toMatchObject({ status: 400 });
    const extension = (await bench.ask("/extensions?search=200")).json<{ data: [{ id: string }] }>().data[0];
    expect(await post(`/calls/${callId}/pickup`, { extensionId: extension.id })).toMatchObject({
      status: 404,
      detail: expect.stringContaining("CALL_NOT_FOUND") as string,
    });
  });
});
