import type { BridgeId, LegId, Operation } from "@pbx-x/telephony";
import type { LeaveReason } from "@pbx-x/protocol";
import type { Party } from "../calls/call.ts";
import type { Cause, DecisionContext } from "../calls/decision.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import { type ConferenceRoom, isAdHoc } from "./conference-room.ts";

/** Somebody in a conference: one phone, one call. */
export interface Participant {
  readonly participantId: string;
  readonly callId: string;
  readonly legId: LegId;
  readonly party: Party;
  readonly userId?: string;
  readonly isModerator: boolean;
  readonly isMuted: boolean;
  readonly joinedAtMs: number;
}

/** A room that people are in, from the first join to the last leave ([V2]). */
export interface Conference {
  readonly conferenceId: string;
  readonly name: string;
  readonly number: string;
  readonly bridgeId: BridgeId;
  readonly startedAtMs: number;
  /** In the order in which they joined. */
  readonly participants: readonly Participant[];
  /** Everybody who ever joined. */
  readonly total: number;
  /** Users who take or took part: they see its events ([W24]). */
  readonly userIds: readonly string[];
  /** Only moderators get in. */
  readonly isLocked: boolean;
  /** While it is recorded as a whole ([V26]). */
  readonly recordingId?: string;
  /** Nobody stays in it alone ([V25]). */
  readonly isAdHoc: boolean;
}

/** What happens to a conference: data, carried out by the service; nothing is left of it after its end. */
export interface ConferenceDecision {
  readonly conference: Conference | undefined;
  readonly events: readonly NewEvent[];
  readonly operations: readonly Operation[];
}

export type Joiner = Pick<Participant, "callId" | "legId" | "party" | "userId" | "isModerator"> & {
  /** He had muted himself in the call that comes in: he stays so ([C62]). */
  readonly isMuted?: boolean;
};

type EndReason = "last_left" | "ended_by_moderator" | "no_moderator";

/** Who did it, as the events name them. */
export interface Actor {
  readonly participantId?: string;
  readonly userId?: string;
  readonly displayName: string;
}

/** Somebody comes in; the first one begins the conference. */
export function decideJoin(
  before: Conference | undefined,
  room: ConferenceRoom,
  joiner: Joiner,
  context: DecisionContext,
): ConferenceDecision {
  const { nowMs, newId } = context;
  const begun = before ?? begin(room, context);
  const isMuted = joiner.isMuted ?? false;
  const participant: Participant = { ...joiner, participantId: newId(), isMuted, joinedAtMs: nowMs };
  const { userId, party } = participant;
  const conference: Conference = {
    ...begun,
    participants: [...begun.participants, participant],
    total: begun.total + 1,
    userIds: userId === undefined || begun.userIds.includes(userId) ? begun.userIds : [...begun.userIds, userId],
  };
  const { bridgeId, name, number } = conference;
  const ownName = userId === undefined ? undefined : { userId, name: displayNameOf(party) };
  const startedBy = isAdHoc(room) ? room.startedBy : ownName;
  const shownNumber = number === "" ? {} : { number };
  const started = tell(conference, context.cause, "CONFERENCE_STARTED", {
    name,
    ...shownNumber,
    ...(startedBy !== undefined && { startedBy }),
  });
  const joined = tell(conference, context.cause, "CONFERENCE_PARTICIPANT_JOINED", {
    participantId: participant.participantId,
    displayName: displayNameOf(party),
    isModerator: participant.isModerator,
    isMuted,
    currentParticipantCount: conference.participants.length,
    number: party.number,
    ...(party.extensionId !== undefined && { extensionId: party.extensionId }),
    callId: participant.callId,
    conference: { name, ...shownNumber, startedAt: new Date(conference.startedAtMs).toISOString() },
  });
  return {
    conference,
    events: before === undefined ? [started, joined] : [joined],
    operations: [
      ...(before === undefined ? [{ op: "createBridge", bridgeId, isMixed: true } as const] : []),
      { op: "join", bridgeId, legId: participant.legId, mode: "talk" },
    ],
  };
}

/** Somebody takes the place of another, who leaves in the same moment: it goes on, though it be the only one ([V27]). */
export function decideTakePlace(
  before: Conference,
  room: ConferenceRoom,
  { former, joiner }: { readonly former: Participant; readonly joiner: Joiner },
  context: DecisionContext,
): ConferenceDecision {
  const joined = decideJoin(before, room, joiner, context);
  if (joined.conference === undefined) return joined;
  const left = decideOneLeaves(joined.conference, former.participantId, "left", context);
  return {
    conference: left.conference,
    events: [...joined.events, ...left.events],
    // Who goes makes room first.
    operations: [...left.operations, ...joined.operations],
  };
}

/**
 * Somebody is out; the last one ends the conference, and takes along who would be alone in one without a number ([V25]).
 * Whoever is not in it changes nothing.
 */
export function decideLeave(
  before: Conference,
  participantId: string,
  reason: LeaveReason,
  context: DecisionContext,
): ConferenceDecision {
  const decision = decideOneLeaves(before, participantId, reason, context);
  const { conference } = decision;
  const [last, ...others] = conference?.participants ?? [];
  if (conference?.isAdHoc !== true || conference === before || last === undefined || others.length > 0) return decision;
  const end = decideOneLeaves(conference, last.participantId, "left", context);
  return {
    conference: end.conference,
    events: [...decision.events, ...end.events],
    operations: [...decision.operations, ...end.operations],
  };
}

function decideOneLeaves(
  before: Conference,
  participantId: string,
  reason: LeaveReason,
  context: DecisionContext,
): ConferenceDecision {
  const participant = before.participants.find((one) => one.participantId === participantId);
  if (participant === undefined) return { conference: before, events: [], operations: [] };
  const conference = { ...before, participants: before.participants.filter((one) => one !== participant) };
  const { bridgeId } = conference;
  const left = tell(conference, context.cause, "CONFERENCE_PARTICIPANT_LEFT", {
    participantId,
    displayName: displayNameOf(participant.party),
    reason,
    currentParticipantCount: conference.participants.length,
  });
  const leave: readonly Operation[] = [
    { op: "leave", bridgeId, legId: participant.legId },
    ...(participant.isMuted ? [{ op: "mute", legId: participant.legId, isMuted: false } as const] : []),
  ];
  if (conference.participants.length > 0) return { conference, events: [left], operations: leave };
  return {
    conference: undefined,
    events: [left, ended(conference, "last_left", context)],
    operations: [...leave, { op: "destroyBridge", bridgeId }],
  };
}

/** A moderator ends it for all: everybody leaves, then it is over. */
export function decideEnd(before: Conference, by: Actor, context: DecisionContext): ConferenceDecision {
  const leaving = before.participants.map(
    ({ participantId }) => [participantId, participantId === by.participantId ? "left" : "kicked"] as const,
  );
  const endedBy = by.userId === undefined ? {} : { endedBy: { userId: by.userId, name: by.displayName } };
  return allLeave(before, leaving, "ended_by_moderator", context, endedBy);
}

function allLeave(
  before: Conference,
  leaving: readonly (readonly [participantId: string, reason: LeaveReason])[],
  why: EndReason,
  context: DecisionContext,
  more: Readonly<Record<string, unknown>> = {},
): ConferenceDecision {
  const events: NewEvent[] = [];
  const operations: Operation[] = [];
  let conference: Conference | undefined = before;
  for (const [participantId, reason] of leaving) {
    const decision: ConferenceDecision = decideOneLeaves(conference ?? before, participantId, reason, context);
    ({ conference } = decision);
    events.push(...decision.events.filter(({ type }) => type !== "CONFERENCE_ENDED"));
    operations.push(...decision.operations);
  }
  return { conference: undefined, events: [...events, ended(before, why, context, more)], operations };
}

/** Whether the others hear somebody; what is so already is told to nobody. */
export function decideMute(
  before: Conference,
  participantId: string,
  isMuted: boolean,
  by: Actor,
  context: DecisionContext,
): ConferenceDecision {
  const participant = before.participants.find((one) => one.participantId === participantId);
  if (participant === undefined || participant.isMuted === isMuted) {
    return { conference: before, events: [], operations: [] };
  }
  const isSelf = by.participantId === participantId;
  const actor = by.participantId === undefined ? {} : { participantId: by.participantId, displayName: by.displayName };
  const who = by.participantId === undefined ? {} : { [isMuted ? "mutedBy" : "unmutedBy"]: actor };
  const conference = {
    ...before,
    participants: before.participants.map((one) => (one === participant ? { ...one, isMuted } : one)),
  };
  const event = isMuted
    ? tell(conference, context.cause, "CONFERENCE_PARTICIPANT_MUTED", { participantId, ...who, isSelfMute: isSelf })
    : tell(conference, context.cause, "CONFERENCE_PARTICIPANT_UNMUTED", {
        participantId,
        ...who,
        isSelfUnmute: isSelf,
      });
  return { conference, events: [event], operations: [{ op: "mute", legId: participant.legId, isMuted }] };
}

/** Whether only moderators get in; what is so already is told to nobody. */
export function decideLock(
  before: Conference,
  isLocked: boolean,
  by: Actor,
  { cause }: DecisionContext,
): ConferenceDecision {
  if (before.isLocked === isLocked) return { conference: before, events: [], operations: [] };
  const event = isLocked
    ? tell(before, cause, "CONFERENCE_LOCKED", { lockedBy: namedIn(by) })
    : tell(before, cause, "CONFERENCE_UNLOCKED", { unlockedBy: namedIn(by) });
  return { conference: { ...before, isLocked }, events: [event], operations: [] };
}

/** Somebody in the room becomes moderator ([V28]); who is one already is told to nobody. */
export function decidePromote(
  before: Conference,
  participantId: string,
  by: Actor,
  { cause }: DecisionContext,
): ConferenceDecision {
  const participant = before.participants.find((one) => one.participantId === participantId);
  if (participant === undefined || participant.isModerator) return { conference: before, events: [], operations: [] };
  const conference = {
    ...before,
    participants: before.participants.map((one) => (one === participant ? { ...one, isModerator: true } : one)),
  };
  // Who knows the PIN has made himself one.
  const isSelf = by.participantId === participantId;
  const event = tell(conference, cause, "CONFERENCE_PARTICIPANT_PROMOTED", {
    participantId,
    displayName: displayNameOf(participant.party),
    ...(!isSelf && { promotedBy: namedIn(by) }),
  });
  return { conference, events: [event], operations: [] };
}

/** Whether nobody is moderator once this one is gone. */
export function isLastModerator({ participants }: Conference, leaver: Participant): boolean {
  return leaver.isModerator && participants.every((one) => one === leaver || !one.isModerator);
}

/** The last moderator leaves a room that ends without one ([V28]): the others have to go. */
export function decideEndWithout(
  before: Conference,
  { participantId: leaverId }: Participant,
  reason: LeaveReason,
  context: DecisionContext,
): ConferenceDecision {
  const others = before.participants.filter(({ participantId }) => participantId !== leaverId);
  const leaving = [[leaverId, reason] as const, ...others.map((one) => [one.participantId, "kicked"] as const)];
  return allLeave(before, leaving, others.length === 0 ? "last_left" : "no_moderator", context);
}

/** Who did it, as an event tells everybody in the room. */
function namedIn({ participantId, displayName }: Actor): Omit<Actor, "userId"> {
  return { ...(participantId !== undefined && { participantId }), displayName };
}

/** How somebody is shown: by name, else by number. */
export function displayNameOf({ name, number }: Party): string {
  return name ?? (number === "" ? "anonymous" : number);
}

function begin(room: ConferenceRoom, { nowMs, newId }: DecisionContext): Conference {
  const { id: conferenceId, name, number } = room;
  const bridgeId = newId() as BridgeId;
  const nobody = { participants: [], total: 0, userIds: [], isLocked: false, isAdHoc: isAdHoc(room) };
  return { conferenceId, name, number, bridgeId, startedAtMs: nowMs, ...nobody };
}

function ended(
  conference: Conference,
  reason: EndReason,
  { nowMs, cause }: DecisionContext,
  more: Readonly<Record<string, unknown>> = {},
): NewEvent {
  return tell(conference, cause, "CONFERENCE_ENDED", {
    name: conference.name,
    durationSeconds: Math.floor((nowMs - conference.startedAtMs) / 1000),
    totalParticipants: conference.total,
    reason,
    ...more,
  });
}

/** An event of a conference, for those who take or took part and those who see all ([W24]). */
export function tell(
  { conferenceId, userIds }: Conference,
  causedBy: Cause,
  type: NewEvent["type"],
  data: Readonly<Record<string, unknown>>,
): NewEvent {
  return {
    type,
    data: { conferenceId, ...data, causedBy },
    audience: { conferenceIds: [conferenceId], userIds },
  };
}

export function actorOf({ participantId, party, userId }: Participant): Actor {
  return { participantId, displayName: displayNameOf(party), ...(userId !== undefined && { userId }) };
}
