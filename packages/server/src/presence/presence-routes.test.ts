import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
let annaToken: string;
let annaId: string;
let lisaId: string;
const [anna, lisa] = ["anna.schmidt@pbx-x.example", "lisa.weber@pbx-x.example"];
beforeAll(async () => {
  bench = await createRestTestbench();
  annaToken = await bench.tokenOf(anna);
  const idOf = async (email: string): Promise<string> =>
    (await bench.ask(`/users?search=${email}`)).json<{ data: [{ id: string }] }>().data[0].id;
  [annaId, lisaId] = [await idOf(anna), await idOf(lisa)];
});
afterAll(() => bench?.stop());

const put = (userId: string, payload: object, token?: string) =>
  bench.ask(`/users/${userId}/presence`, { method: "PUT", payload }, token);

describe("presence by REST", () => {
  it("[P4] everybody reads it, in pages", async () => {
    const answer = await bench.ask("/presence?limit=2", {}, annaToken);
    expect(answer.json()).toMatchObject({ meta: { total: 4, totalPages: 2 } });
    const found = await bench.ask("/presence?search=anna", {}, annaToken);
    expect(found.json()).toMatchObject({
      data: [{ userId: annaId, number: "200", presenceStatus: "offline", isManual: false }],
    });
  });

  it("[P4] one's own is set and given back", async () => {
    const set = await put(annaId, { status: "busy", statusMessage: "In a meeting" }, annaToken);
    expect([set.statusCode, set.json()]).toMatchObject([
      200,
      { presenceStatus: "busy", statusMessage: "In a meeting", isManual: true },
    ]);
    const back = await bench.ask(`/users/${annaId}/presence`, { method: "DELETE" }, annaToken);
    expect([back.statusCode, back.json()]).toMatchObject([200, { presenceStatus: "offline", isManual: false }]);
    const events = await bench.log.read({ after: 0, limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(["PRESENCE_UPDATED", "PRESENCE_UPDATED"]);
  });

  it("[P4] that of others only by an administrator, which is written down", async () => {
    expect((await put(lisaId, { status: "dnd" }, annaToken)).statusCode).toBe(403);
    expect((await put(lisaId, { status: "dnd" })).json()).toMatchObject({ presenceStatus: "dnd" });
    const { data } = (await bench.ask("/audit")).json<{ data: { action: string; subject: string }[] }>();
    expect(data).toContainEqual(expect.objectContaining({ action: "presence.set", subject: lisaId }));
    expect((await put("nobody", { status: "dnd" })).statusCode).toBe(404);
    expect((await put(lisaId, { status: "sleeping" })).statusCode).toBe(400);
  });
});
