import type { LegId } from "@pbx-x/telephony";
import { type Call, legsOf } from "./call.ts";
import type { CallTestbench } from "./call-testbench.ts";

/** What the phones hear is what the calls say, and no leg is without a call; throws what is broken. */
export function checkSound({ engine, calls, monitors }: Pick<CallTestbench, "engine" | "calls" | "monitors">): void {
  const owners = new Map<LegId, string>();
  for (const call of calls.registry.all()) {
    for (const legId of legsOf(call)) {
      const other = owners.get(legId);
      if (other !== undefined) throw new Error(`leg ${legId} is in ${call.callId} and in ${other}`);
      owners.set(legId, call.callId);
      const state = engine.leg(legId)?.state;
      if (state === undefined || state === "ended") fail(call, `its leg ${legId} is ${state ?? "unknown"}`);
    }
  }
  const listening = new Set<LegId>();
  for (const call of calls.registry.all()) {
    for (const { legs, legId } of monitors.ofCall(call.callId)) {
      for (const each of legs) listening.add(each);
      const { stage } = call;
      // In a conference one hears the room, whose bridge is none of the call's.
      if (stage.at === "conference") continue;
      const wanted = stage.at === "connected" ? stage.bridgeId : undefined;
      if (legId !== undefined && engine.leg(legId)?.bridgeId !== wanted) fail(call, `[C71] ${legId} listens elsewhere`);
    }
  }
  for (const { legId } of engine.legs()) {
    if (listening.has(legId)) continue;
    if (!owners.has(legId)) throw new Error(`leg ${legId} is in no call`);
    if (calls.registry.ofLeg(legId)?.callId !== owners.get(legId)) throw new Error(`leg ${legId} is not found`);
  }
  for (const call of calls.registry.all()) {
    checkCall(call, engine);
    for (const { legId, callId, isHere } of call.shared) {
      const isInBridge = call.stage.at === "connected" && engine.leg(legId)?.bridgeId === call.stage.bridgeId;
      if (isInBridge && !isHere) fail(call, `[C35] leg ${legId} is away, and talks here`);
      const isLinked = calls.registry.get(callId)?.shared.some((link) => link.legId === legId);
      if (isLinked !== true) fail(call, `[C35] leg ${legId} is not shared by ${callId}`);
      if (!owners.has(legId)) fail(call, `[C35] its leg ${legId} is in neither of its calls`);
    }
  }
}

function checkCall(call: Call, engine: CallTestbench["engine"]): void {
  const { stage } = call;
  const holdsAt = (legId: LegId): boolean => engine.leg(legId)?.isHeld === true;
  if (stage.at === "parked") {
    if (!engine.hearsHoldMusic(stage.callerLegId)) fail(call, "[C40] who is parked hears no music");
    return;
  }
  // A phone that is between two calls is heard in one of them only.
  if (stage.at !== "connected" || call.shared.length > 0) return;
  const { callerLegId, calleeLegId, holds } = stage;
  const pairs = [
    [callerLegId, calleeLegId],
    [calleeLegId, callerLegId],
  ] as const;
  for (const [own, other] of pairs) {
    const isHeld = holds.some(({ legId }) => legId === other);
    if (engine.hearsHoldMusic(own) !== isHeld) fail(call, `[C20] leg ${own} hears music: ${!isHeld}`);
    if (holdsAt(own) !== holds.some(({ legId, by }) => legId === own && by === "device")) {
      fail(call, `[C20] the phone of ${own} holds: ${holdsAt(own)}`);
    }
    if (holds.length === 0 && !engine.hears(own, other)) fail(call, `leg ${own} does not hear ${other}`);
    if (holds.length > 0 && engine.hears(own, other)) fail(call, `[C20] leg ${own} hears ${other} while held`);
  }
}

function fail(call: Call, what: string): never {
  throw new Error(`${what}: ${JSON.stringify(call)}`);
}
