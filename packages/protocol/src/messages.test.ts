import { describe, expect, it } from "vitest";
import { commands, errorCodes, eventChannels, events, eventTypes, isEventType, parseCommandFrame } from "./index.ts";

const callId = "550e8400-e29b-41d4-a716-446655440000";

describe("definitions", () => {
  it.each(Object.values(events))(
    "[W52] the example of $type holds exactly fields of its schema",
    ({ data, example }) => {
      expect(data.parse(example)).toEqual(example);
    },
  );

  it.each(Object.values(commands))(
    "[W43] the examples of $name hold exactly fields of their schemas",
    ({ params, result, example }) => {
      expect(params.parse(example.params)).toEqual(example.params);
      expect(result.parse(example.result)).toEqual(example.result);
    },
  );

  it("[N9] each command says which errors it can answer, each of the closed list and each once", () => {
    for (const { name, errors } of Object.values(commands)) {
      expect(new Set(errors).size, name).toBe(errors.length);
      for (const code of errors) expect(errorCodes, name).toContain(code);
    }
  });

  it("[W23] the table of events and the definitions name the same types", () => {
    expect(Object.keys(events).toSorted()).toEqual(eventTypes.toSorted());
    for (const [type, definition] of Object.entries(events)) {
      expect(definition.type).toBe(type);
      if (isEventType(type)) expect(definition.channels).toBe(eventChannels[type]);
    }
    for (const [name, definition] of Object.entries(commands)) expect(definition.name).toBe(name);
  });
});

describe("parseCommandFrame", () => {
  it.each([
    ["no JSON", "{", null, "INVALID_PARAMS"],
    ["no object", "[]", null, "INVALID_PARAMS"],
    ["no command", `{"id":"1"}`, "1", "INVALID_PARAMS"],
    ["no id", `{"command":"hold","params":{"callId":"${callId}"}}`, null, "INVALID_PARAMS"],
    ["unknown command", `{"id":"1","command":"toString"}`, "1", "UNKNOWN_COMMAND"],
    ["missing parameter", `{"id":"1","command":"hold"}`, "1", "INVALID_PARAMS"],
    ["call id is no UUID", `{"id":"1","command":"hold","params":{"callId":"7"}}`, "1", "INVALID_CALL_ID"],
    ["digits", `{"id":"1","command":"sendDtmf","params":{"callId":"${callId}","digits":"1x"}}`, "1", "INVALID_PARAMS"],
    ["pickup of nothing", `{"id":"1","command":"pickup","params":{}}`, "1", "INVALID_PARAMS"],
  ])("[W5] [W6] refuses: %s", (_, json, id, code) => {
    expect(parseCommandFrame(json)).toMatchObject({ ok: false, id, code });
  });

  it("[W53] names each wrong field by its path", () => {
    expect(parseCommandFrame(`{"id":"1","command":"originate","params":{"from":"200"}}`)).toMatchObject({
      details: { errors: [{ field: "params.to" }] },
    });
  });

  it("[W3] ping needs no id; unknown parameters are left out", () => {
    expect(parseCommandFrame(`{"command":"ping"}`)).toEqual({ ok: true, command: { command: "ping", params: {} } });
    expect(parseCommandFrame(`{"id":"9","command":"hold","params":{"callId":"${callId}","new":1}}`)).toEqual({
      ok: true,
      command: { id: "9", command: "hold", params: { callId } },
    });
  });
});
