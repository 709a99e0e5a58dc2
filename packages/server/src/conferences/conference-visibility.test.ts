import { permissions, type Permission } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
import { emptyTables, snapshotFromTables } from "@pbx-x/protocol/runtime";
import { redactSnapshot } from "../realtime/redaction.ts";
import { isVisible } from "../realtime/visibility.ts";

const event = {
  type: "CONFERENCE_STARTED",
  audience: { conferenceIds: ["room"], userIds: ["anna"] },
} as const;

function viewer(userId: string, held: readonly Permission[]) {
  return {
    userId,
    displayName: userId,
    role: "user",
    permissions: new Set(held),
    queueIds: [],
    tokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
  } as const;
}

describe("who sees a conference", () => {
  it.each(["conferences", "conferences:room"])("[W24] [V22] by %s who takes part, and who may see all", (route) => {
    const routes = new Set([route]);
    expect(isVisible(viewer("anna", ["conferences.view.own"]), event, routes)).toBe(true);
    expect(isVisible(viewer("tom", ["conferences.view.own"]), event, routes)).toBe(false);
    expect(isVisible(viewer("max", permissions), event, routes)).toBe(true);
  });

  it("[W26] [V22] in the state, too: the conferences that one takes part in, with their participants", () => {
    const tables = emptyTables();
    const about = { displayName: "", isModerator: false, isMuted: false, seq: 1 };
    for (const conferenceId of ["r1", "r2"]) {
      tables.conferences.set(conferenceId, { conferenceId, name: "", currentParticipantCount: 1, seq: 1 });
    }
    tables.participants.set("p1", { ...about, participantId: "p1", conferenceId: "r1", extensionId: "e200" });
    tables.participants.set("p2", { ...about, participantId: "p2", conferenceId: "r1", extensionId: "e201" });
    tables.participants.set("p3", { ...about, participantId: "p3", conferenceId: "r2", extensionId: "e201" });
    const whole = snapshotFromTables(tables, { epoch: "e", seq: 1, scope: ["conferences"] });
    const own = { ...viewer("anna", ["conferences.view.own"]), extensionId: "e200" };
    const seen = redactSnapshot(whole, tables, own).tables;
    expect(seen.conferences.map(({ conferenceId }) => conferenceId)).toEqual(["r1"]);
    expect(seen.participants.map(({ participantId }) => participantId)).toEqual(["p1", "p2"]);
    expect(redactSnapshot(whole, tables, viewer("max", permissions)).tables.conferences).toHaveLength(2);
  });
});
