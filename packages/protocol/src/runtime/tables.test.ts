import { describe, expect, it } from "vitest";
import {
  channelKinds,
  channelsOf,
  channelTable,
  closeCodes,
  commonErrorCodes,
  conflationKeyOf,
  conflationOf,
  disconnectReasons,
  errorCodes,
  eventTable,
  eventTypes,
  hangupCauses,
  isEphemeral,
  parseChannel,
  permissions,
  rolePermissions,
  roles,
  type EventType,
} from "../runtime.ts";

const audience = {
  extensions: [
    { id: "e200", number: "200" },
    { id: "e201", number: "201" },
  ],
  userIds: ["u1"],
  queueIds: ["q1"],
  agentIds: ["a1"],
  conferenceIds: ["c1"],
};
const ofCall = ["calls", "calls:e200", "calls:e201", "extension:200", "extension:201", "queues:q1", "me:u1"];

describe("channelsOf", () => {
  const rows: readonly (readonly [EventType, readonly string[]])[] = [
    ["CALL_CREATED", ofCall],
    ["CALL_PARKED", [...ofCall, "parking"]],
    ["CALL_ENDED", ofCall],
    ["EXTENSION_REGISTERED", ["extensions", "extension:200", "extension:201", "me:u1"]],
    ["PRESENCE_UPDATED", ["presence", "extension:200", "extension:201", "me:u1"]],
    ["QUEUE_CALL_ENTERED", ["queues", "queues:q1", "me:u1"]],
    ["AGENT_STATE_CHANGED", ["agents", "agents:a1", "queues:q1", "extension:200", "extension:201", "me:u1"]],
    ["VOICEMAIL_RECEIVED", ["voicemail", "extension:200", "extension:201", "me:u1"]],
    ["CONFERENCE_STARTED", ["conferences", "conferences:c1", "me:u1"]],
    ["SYSTEM_ALERT", ["system"]],
    ["TRUNK_STATUS_CHANGED", ["system", "trunks"]],
    ["CONNECTED", []],
  ];
  it.each(rows)("[W23] %s", (type, channels) => {
    expect(channelsOf(type, audience)).toEqual(channels);
  });

  it("[W22] names each channel once", () => {
    const twice = {
      extensions: [
        { id: "e", number: "1" },
        { id: "e", number: "1" },
      ],
    };
    expect(channelsOf("CALL_DTMF", twice)).toEqual(["calls", "calls:e", "extension:1"]);
  });

  it("[W54] tells parking of the end of a parked call only", () => {
    expect(channelsOf("CALL_ENDED", { isParked: true })).toEqual(["calls", "parking"]);
  });
});

describe("parseChannel", () => {
  it.each([
    "calls",
    "queues",
    "agents",
    "system",
    "extensions",
    "presence",
    "voicemail",
    "conferences",
    "parking",
    "trunks",
    "me",
  ])("[W21] reads %s", (text) => expect(parseChannel(text)).toEqual({ ok: true, channel: { kind: text, form: text } }));

  it.each(["calls", "queues", "extension", "agents", "conferences"])("[W21] reads %s with what it is about", (kind) => {
    expect(parseChannel(`${kind}:a:b`)).toMatchObject({ ok: true, channel: { kind, id: "a:b" } });
  });

  it.each([
    "",
    ":",
    "call",
    "extension",
    "extension:",
    "me:1",
    "system:x",
    "calls:a b",
    `calls:${"x".repeat(200)}`,
    "__proto__",
  ])("[W21] refuses %j with words", (text) => {
    const parsed = parseChannel(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? "" : parsed.message).not.toBe("");
  });

  it("[W21] every form has a kind", () => {
    for (const form of Object.keys(channelTable)) expect(channelKinds).toContain(form.split(":")[0]);
  });
});

describe("conflation", () => {
  it("[W31] beginnings and ends are never merged; differences are united", () => {
    const merged = eventTypes.filter((type) => conflationOf(type) !== "never");
    expect(merged).toEqual([
      "EXTENSION_STATUS_CHANGED",
      "PRESENCE_UPDATED",
      "QUEUE_POSITION_CHANGED",
      "QUEUE_STATS_UPDATED",
      "AGENT_STATE_CHANGED",
      "CONFERENCE_TALKING",
      "TRUNK_STATUS_CHANGED",
      "AUTH_EXPIRING",
    ]);
    expect(merged.filter((type) => conflationOf(type) === "unite")).toEqual(["EXTENSION_STATUS_CHANGED"]);
  });

  it("[W31] only events about the same thing are merged", () => {
    const of = (extensionId: string): string | undefined =>
      conflationKeyOf({ type: "PRESENCE_UPDATED", data: { extensionId } });
    expect(of("a")).toBe(of("a"));
    expect(of("a")).not.toBe(of("b"));
    expect(conflationKeyOf({ type: "CALL_CREATED", data: { callId: "x" } })).toBeUndefined();
    expect(conflationKeyOf({ type: "PRESENCE_UPDATED", data: {} })).toBeUndefined();
  });

  it("[W1] exactly six types are ephemeral", () => {
    expect(eventTypes.filter(isEphemeral).toSorted()).toEqual([
      "AUTH_EXPIRING",
      "CONFERENCE_TALKING",
      "CONNECTED",
      "DISCONNECTED",
      "PONG",
      "QUEUE_STATS_UPDATED",
    ]);
  });
});

describe("rolePermissions", () => {
  it.each([
    ["user", "calls.control.own", true],
    ["user", "calls.view.all", false],
    ["user", "parking.view", true],
    ["agent", "queues.view.own", true],
    ["agent", "queues.view.all", false],
    ["supervisor", "calls.control.all", true],
    ["supervisor", "system.view", false],
    ["supervisor", "calls.record", false],
    ["admin", "system.configure", true],
    ["display", "queues.view.all", true],
    ["display", "calls.view.own", false],
  ] as const)("[W24] %s has %s: %s", (role, permission, has) => {
    expect(rolePermissions(role).has(permission)).toBe(has);
  });

  it("[W24] a receptionist's right opens all calls and extensions", () => {
    const granted = rolePermissions("user", ["calls.view.all"]);
    expect(granted.has("calls.view.all") && granted.has("extensions.view.all")).toBe(true);
    expect(granted.has("calls.control.all")).toBe(false);
  });

  it("[W24] an administrator has every right but the costly ones; a display token gets none beyond its own", () => {
    // Calls abroad and to premium numbers are granted by name, to whomever.
    const costly = new Set<string>(["calls.outside.international", "calls.outside.premium"]);
    const others = permissions.filter((permission) => !costly.has(permission));
    expect([...rolePermissions("admin")].toSorted()).toEqual(others.toSorted());
    expect([...rolePermissions("display", [...permissions])].toSorted()).toEqual(
      [...rolePermissions("display")].toSorted(),
    );
  });

  it("[W44] recording needs a grant in every role but the administrator's", () => {
    expect(roles.filter((role) => rolePermissions(role).has("calls.record"))).toEqual(["admin"]);
    expect(rolePermissions("user", ["calls.record"]).has("calls.record")).toBe(true);
  });
});

describe("lists", () => {
  it("[W13] [W14] [W15] [W16] [W17] disconnect reasons have their close codes", () => {
    expect(
      Object.entries(disconnectReasons).map(([reason, { closeCode, reconnect }]) => [reason, closeCode, reconnect]),
    ).toEqual([
      ["session_timeout", 4000, true],
      ["auth_revoked", 4001, true],
      ["server_shutdown", 1012, true],
      ["duplicate_connection", 4002, false],
      ["slow_consumer", 4008, true],
    ]);
    expect(closeCodes.frameTooLarge).toBe(1009);
  });

  it("[W6] codes are unique, and the common ones are among them", () => {
    expect(new Set(errorCodes).size).toBe(errorCodes.length);
    for (const code of commonErrorCodes) expect(errorCodes).toContain(code);
  });

  it("[C13] the specification's hang-up causes, closed", () => {
    expect(hangupCauses).toEqual(["normal_clearing", "busy", "no_answer", "cancel", "rejected", "failed", "timeout"]);
  });

  it("[W24] every event names a known right", () => {
    for (const { permission } of Object.values(eventTable)) expect(permissions).toContain(permission);
  });
});
