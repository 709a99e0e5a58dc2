import { permissions, type Permission } from "@pbx-x/protocol/runtime";
import { describe, expect, it } from "vitest";
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
});
