import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";

let bench: RestTestbench;
beforeAll(async () => {
  bench = await createRestTestbench();
});
afterAll(() => bench?.stop());

const idOf = async (search: string): Promise<string> =>
  (await bench.ask(`/conferences?search=${search}`)).json<{ data: [{ id: string }] }>().data[0].id;

describe("conferences by REST", () => {
  it("[R12] the demo world has a Team Meeting at 400", async () => {
    const answer = await bench.ask(`/conferences/${await idOf("400")}`);
    expect(answer.json()).toMatchObject({ name: "Team Meeting", number: "400", hasPin: false, participants: [] });
  });

  it("[R7] creates, changes and deletes; PINs are never shown; all of it is in the audit log", async () => {
    const payload = { number: "410", name: "Board", pin: "47110815", moderatorPin: "98760815" };
    const created = await bench.ask("/conferences", { method: "POST", payload });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ number: "410", hasPin: true, hasModeratorPin: true, maxParticipants: 50 });
    expect(created.body).not.toMatch(/47110815|98760815/);
    const url = `/conferences/${created.json<{ id: string }>().id}`;
    const changes = { pin: null, maxParticipants: 5, language: "en" };
    const changed = await bench.ask(url, { method: "PATCH", payload: changes });
    expect(changed.json()).toMatchObject({ hasPin: false, hasModeratorPin: true, maxParticipants: 5, language: "en" });
    expect((await bench.ask(url, { method: "DELETE" })).statusCode).toBe(204);
    expect((await bench.ask(url)).statusCode).toBe(404);
    const audit = await bench.ask("/audit");
    for (const action of ["create", "change", "delete"]) expect(audit.body).toContain(`conference.${action}`);
    expect(audit.body).not.toMatch(/47110815|98760815/);
    expect(bench.logged()).not.toMatch(/47110815|98760815/);
  });

  it("[R7] refuses a number that is taken, a PIN that is none, and what is unknown", async () => {
    const create = (payload: object) => bench.ask("/conferences", { method: "POST", payload });
    for (const number of ["200", "400", "701"]) expect((await create({ number, name: "x" })).statusCode).toBe(409);
    expect((await create({ number: "420", name: "x", pin: "abcd" })).statusCode).toBe(400);
    expect((await bench.ask("/conferences/none", { method: "PATCH", payload: { name: "y" } })).statusCode).toBe(404);
    expect((await bench.ask("/conferences/none/end", { method: "POST" })).statusCode).toBe(404);
    expect((await bench.ask("/conferences/none/participants/x/kick", { method: "POST" })).statusCode).toBe(404);
  });

  it("[W24] [V22] users see what they take part in or moderate, and configure nothing", async () => {
    const anna = await bench.tokenOf("anna.schmidt@pbx-x.example");
    const max = await bench.tokenOf("max.mustermann@pbx-x.example");
    expect((await bench.ask("/conferences", {}, anna)).json()).toMatchObject({ data: [] });
    expect((await bench.ask(`/conferences/${await idOf("400")}`, {}, anna)).statusCode).toBe(404);
    expect((await bench.ask("/conferences", {}, max)).json()).toMatchObject({ data: [{ number: "400" }] });
    const payload = { number: "430", name: "x" };
    expect((await bench.ask("/conferences", { method: "POST", payload }, max)).statusCode).toBe(403);
  });
});
