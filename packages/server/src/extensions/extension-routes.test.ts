import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unknownPresence } from "../presence/presence.ts";
import { createRestTestbench, type RestTestbench } from "../rest/rest-testbench.ts";
import { startingState } from "../starting-state.ts";
import { defaultExtension } from "./default-extension.ts";

let bench: RestTestbench;
const idOf: Record<string, string> = {};
let anna = "";
beforeAll(async () => {
  bench = await createRestTestbench();
  const { data } = (await bench.ask("/extensions")).json<{ data: { id: string; number: string }[] }>();
  for (const { id, number } of data) idOf[number] = id;
  anna = await bench.tokenOf("anna.schmidt@pbx-x.example");
});
afterAll(() => bench?.stop());

const patch = (number: string, payload: object, token?: string) =>
  bench.ask(`/extensions/${idOf[number]}`, { method: "PATCH", payload }, token);
const errorsOf = (answer: Awaited<ReturnType<typeof patch>>) => answer.json<{ errors: object[] }>().errors;

describe("settings of an extension by REST", () => {
  it("[R7] [R10] [E3] the administrator's change is told with what changed and by whom", async () => {
    const answer = await patch("201", { dndEnabled: true, forwardOnBusyDestination: "20 2" });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ dndEnabled: true, forwardOnBusyDestination: "202" });
    expect(bench.published.at(-1)).toMatchObject({
      type: "EXTENSION_STATUS_CHANGED",
      data: {
        number: "201",
        changes: { dndEnabled: true, forwardOnBusyDestination: "202" },
        causedBy: { via: "admin" },
      },
    });
  });

  it("[E3] a user changes forwarding and do not disturb of the own extension, and nothing else", async () => {
    const own = { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: "202" };
    expect((await patch("200", own, anna)).statusCode).toBe(200);
    expect(bench.published.at(-1)?.data).toMatchObject({ changes: own, causedBy: { via: "command" } });
    expect((await patch("201", own, anna)).statusCode).toBe(403);
    const more = await patch("200", { dndEnabled: true, canRecordCalls: true }, anna);
    expect(more.statusCode).toBe(403);
    expect(more.json<{ detail: string }>().detail).toContain("canRecordCalls");
    expect((await bench.ask(`/extensions/${idOf["200"]}`)).json()).toMatchObject({ dndEnabled: false });
  });

  it("[V37] [R10] language and PIN of the mailbox are the user's own; the PIN is kept as a hash and never shown", async () => {
    const id = idOf["200"] ?? "";
    const answer = await patch("200", { language: "en", voicemailPin: "47110815" }, anna);
    expect(answer.json()).toMatchObject({ language: "en" });
    expect(answer.body).not.toContain("47110815");
    expect(bench.published.at(-1)?.data).toMatchObject({ changes: { language: "en" } });
    expect(await bench.voicemail.pins.check(id, "47110815")).toBe(true);
    expect(await bench.voicemail.pins.check(id, "0815")).toBe(false);
    const rows = await bench.db.selectFrom("voicemail_pins").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain("47110815");
    expect(bench.logged()).not.toContain("47110815");
    expect((await patch("200", { voicemailPin: "12" }, anna)).statusCode).toBe(400);
    expect((await patch("201", { voicemailPin: "1234" }, anna)).statusCode).toBe(403);
    expect((await patch("200", { voicemailEmail: "anna@example.org" }, anna)).statusCode).toBe(403);
    expect((await patch("200", { language: null, voicemailPin: null }, anna)).json()).not.toHaveProperty("language");
    expect(await bench.voicemail.pins.has(id)).toBe(false);
  });

  it("[R1] [E3] what makes no sense is refused with the field, also for a new extension", async () => {
    const refused = await patch("202", { forwardOnBusyEnabled: true, forwardOnBusyDestination: "202" });
    expect(refused.statusCode).toBe(422);
    expect(errorsOf(refused)).toEqual([{ field: "forwardOnBusyDestination", message: "is the extension itself" }]);
    const created = await bench.ask("/extensions", {
      method: "POST",
      payload: { number: "215", displayName: "New", forwardOnNoAnswerEnabled: true },
    });
    expect([created.statusCode, errorsOf(created)]).toEqual([
      422,
      [{ field: "forwardOnNoAnswerDestination", message: "is needed where the forwarding is on" }],
    ]);
    expect((await bench.ask("/extensions?search=215")).json<{ data: object[] }>().data).toEqual([]);
  });

  it("[R7] an unknown extension is 404, and the audit log knows the changes", async () => {
    expect((await bench.ask("/extensions/none", { method: "PATCH", payload: {} })).statusCode).toBe(404);
    const entries = (await bench.ask("/audit?limit=100")).json<{ data: { subject: string; details: object }[] }>();
    expect(entries.data).toContainEqual(
      expect.objectContaining({
        subject: "201",
        details: { changed: ["dndEnabled", "forwardOnBusyDestination"], via: "admin" },
      }),
    );
  });
});

describe("what is known after a start", () => {
  it("[W26] [E3] has every setting that changes are told of", () => {
    const extension = {
      ...defaultExtension("id-200", "200", "Anna"),
      forwardUnconditionalEnabled: true,
      forwardUnconditionalDestination: "201",
    };
    const noTrunks = { all: () => [], statusOf: () => undefined };
    const directory = { all: () => [extension], byId: () => extension };
    const [told] = startingState(directory, [], () => unknownPresence, noTrunks, new Map(), 0);
    expect(told?.data).toMatchObject({
      changes: {
        displayName: "Anna",
        dndEnabled: false,
        forwardUnconditionalDestination: "201",
        forwardOnNoAnswerTimeout: 20,
        maxConcurrentCalls: 2,
      },
    });
  });
});
