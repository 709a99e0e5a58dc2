import type { ParamsOf } from "@pbx-x/protocol";
import type { LegId } from "@pbx-x/telephony";
import type { Call } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { sideOf } from "../calls/command-decisions.ts";
import { causeOf, findCall, type Refusal, refuse, succeed } from "../calls/command-tools.ts";
import type { Cause } from "../calls/decision.ts";
import { areOnePair, busyElsewhere, findPair, isOtherAway, notOnePair } from "../calls/find-pair.ts";
import { findParty, invalidState } from "../calls/find-party.ts";
import { isHeldAtDevice } from "../calls/hold-decisions.ts";
import { permit } from "../calls/permit.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import { type AdHocRoom, conferenceLimits, defaultRoom } from "./conference-room.ts";
import type { ConferenceService } from "./conference-service.ts";
import type { Place } from "./passing-on.ts";
import { decideMerge, type Merge, type MergedCall } from "./merge-decisions.ts";

export interface MergeCommandOptions {
  readonly calls: CallService;
  readonly conferences: ConferenceService;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
}

type Found<Value> = ({ readonly ok: true } & Value) | Refusal;
type Params = ParamsOf<"conferenceMerge">;

/** Three-way talks out of two calls ([V25]). */
export function createMergeCommands(options: MergeCommandOptions): Required<Pick<CommandHandlers, "conferenceMerge">> {
  const { calls, conferences, extensions } = options;
  const carryOut = (merge: Merge, cause: Cause): number | undefined => {
    const seq = calls.applyAll(decideMerge(merge, calls.surroundings(), calls.context(cause)));
    return conferences.toldSeq ?? seq;
  };
  /** Somebody more comes into the conference that the first call is in. */
  const add = (place: Place, params: Params, context: CommandContext) => {
    const { conference, participant } = place;
    const room = conferences.roomOf(conference.conferenceId);
    const found = findParty(calls, { ...params, callId: params.consultCallId }, context, "conferenceMerge");
    if (!found.ok) return found;
    const { call, stage, legId } = found;
    if (isOtherAway(call, legId)) return busyElsewhere(call);
    if (room === undefined || conference.participants.length >= room.maxParticipants) {
      return invalidState(call, "The conference is full: somebody has to leave first.", "conference_full");
    }
    if (conference.isLocked) {
      return invalidState(call, "The conference is locked: unlock it first (conferenceUnlock).", "conference_locked");
    }
    const merged: MergedCall = { call, stage, legId, besides: participant.callId };
    const seq = carryOut({ room, calls: [merged] }, causeOf(context));
    return succeed({ conferenceId: room.id, callId: participant.callId }, seq);
  };

  return {
    conferenceMerge: async (params, context) => {
      const inRoom = findPlace(options, params, context);
      if (!inRoom.ok) return inRoom;
      if (inRoom.place !== undefined) return add(inRoom.place, params, context);
      const pair = findPair(calls, params, context, "conferenceMerge");
      if (!pair.ok) return pair;
      if (!areOnePair(pair)) return notOnePair(pair);
      const { held, heldLegId, other, otherLegId } = pair;
      const sides: readonly (readonly [Call, LegId, string])[] = [
        [held, heldLegId, other.callId],
        [other, otherLegId, held.callId],
      ];
      const merged: MergedCall[] = [];
      for (const [call, legId, besides] of sides) {
        const { stage } = call;
        if (stage.at !== "connected") return invalidState(call, "The other call is not answered.", "not_answered");
        if (isOtherAway(call, legId)) return busyElsewhere(call);
        merged.push({ call, stage, legId, besides });
      }
      // The connection that the phone talks on; one that it holds by itself would stay silent.
      const talking = merged.toReversed().find(({ stage, legId }) => !isHeldAtDevice(stage, legId));
      if (talking === undefined) {
        return invalidState(held, "The phone holds both calls by itself: resume one there first.", "held_at_device");
      }
      const side = sideOf(held, params.extensionId ?? context.identity.extensionId);
      const { extensionId = "", name, number } = held[side ?? "caller"];
      const userId = extensions.byId(extensionId)?.userId;
      const startedBy = userId === undefined ? undefined : { userId, name: name ?? number };
      const room: AdHocRoom = {
        ...defaultRoom,
        id: calls.newId(),
        number: "",
        name: `Conference of ${name ?? number}`,
        maxParticipants: conferenceLimits.participants,
        moderatorUserIds: userId === undefined ? [] : [userId],
        isAdHoc: true,
        startedBy,
      };
      const own = { callId: calls.newId(), legId: talking.legId };
      conferences.openAdHoc(room);
      const seq = carryOut({ room, calls: merged, own }, causeOf(context));
      return succeed({ conferenceId: room.id, callId: own.callId }, seq);
    },
  };
}

/** The place of the own phone in a conference, where the first call is its call there. */
function findPlace(
  { calls, conferences }: MergeCommandOptions,
  { callId, extensionId }: Params,
  { identity }: CommandContext,
): Found<{ readonly place: Place | undefined }> {
  const found = findCall(calls, callId);
  if (!found.ok) return found;
  const { call } = found;
  if (call.stage.at !== "conference") return { ok: true, place: undefined };
  const denied = permit("conferenceMerge", call, identity, extensionId);
  if (denied !== undefined) return denied;
  const place = conferences.placeOf(call.callId);
  if (place !== undefined) return { ok: true, place };
  return refuse("INVALID_STATE", "This call waits at the door of a conference.", { reason: "not_answered" });
}
