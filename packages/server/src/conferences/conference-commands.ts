import type { Identity } from "../auth/identity.ts";
import { causeOf, refuse, type Refusal, succeed } from "../calls/command-tools.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import { type Actor, actorOf, type Conference, type Participant } from "./conference.ts";
import type { ConferenceService } from "./conference-service.ts";

export interface ConferenceCommandOptions {
  readonly conferences: ConferenceService;
  readonly audit: Pick<AuditLog, "write">;
}

export type ConferenceCommands = Required<
  Pick<
    CommandHandlers,
    | "conferenceMute"
    | "conferenceUnmute"
    | "conferencePromote"
    | "conferenceKick"
    | "conferenceLock"
    | "conferenceUnlock"
    | "conferenceEnd"
  >
>;

interface About {
  readonly conferenceId: string;
  readonly participantId: string;
}

type Found =
  | { readonly ok: true; readonly conference: Conference; readonly by: Actor; readonly isInCharge: boolean }
  | Refusal;

/** What is done in conferences ([V22]): everybody mutes himself, moderators and supervisors everybody. */
export function createConferenceCommands(options: ConferenceCommandOptions): ConferenceCommands {
  const { conferences, audit } = options;

  const findParticipant = (
    { conferenceId, participantId }: About,
    context: CommandContext,
  ): { readonly ok: true; readonly participant: Participant; readonly by: Actor } | Refusal => {
    const found = findConference(options, conferenceId, context);
    if (!found.ok) return found;
    const participant = found.conference.participants.find((one) => one.participantId === participantId);
    const isSelf = participant !== undefined && isOf(participant, context.identity);
    if (!isSelf && !found.isInCharge) return notInCharge;
    if (participant === undefined) {
      const reason = "no_such_participant";
      return refuse("INVALID_STATE", "This participant is not in the conference any more.", { reason });
    }
    return { ok: true, participant, by: isSelf ? actorOf(participant) : found.by };
  };

  const changeMute = async (params: About, isMuted: boolean, context: CommandContext) => {
    const found = findParticipant(params, context);
    if (!found.ok) return found;
    const { conferenceId, participantId } = params;
    const seq = conferences.mute(conferenceId, participantId, isMuted, found.by, causeOf(context));
    return succeed({ conferenceId, participantId }, seq);
  };

  const takeCharge = (conferenceId: string, context: CommandContext): Found => {
    const found = findConference(options, conferenceId, context);
    return found.ok && !found.isInCharge ? notInCharge : found;
  };

  const changeLock = async (
    { conferenceId }: Pick<About, "conferenceId">,
    isLocked: boolean,
    context: CommandContext,
  ) => {
    const found = takeCharge(conferenceId, context);
    if (!found.ok) return found;
    return succeed({ conferenceId }, conferences.lock(conferenceId, isLocked, found.by, causeOf(context)));
  };

  return {
    conferenceMute: (params, context) => changeMute(params, true, context),
    conferenceUnmute: (params, context) => changeMute(params, false, context),
    conferenceLock: (params, context) => changeLock(params, true, context),
    conferenceUnlock: (params, context) => changeLock(params, false, context),

    conferencePromote: async (params, context) => {
      const inCharge = takeCharge(params.conferenceId, context);
      if (!inCharge.ok) return inCharge;
      const found = findParticipant(params, context);
      if (!found.ok) return found;
      const { conferenceId, participantId } = params;
      const seq = conferences.promote(conferenceId, participantId, inCharge.by, causeOf(context));
      audit.write(context.identity.userId, "conference.promote", conferenceId, { participantId });
      return succeed({ conferenceId, participantId }, seq);
    },

    conferenceKick: async (params, context) => {
      const found = findParticipant(params, context);
      if (!found.ok) return found;
      const { conferenceId, participantId } = params;
      const seq = conferences.kick(conferenceId, participantId, causeOf(context));
      audit.write(context.identity.userId, "conference.kick", conferenceId, { participantId });
      return succeed({ conferenceId, participantId }, seq);
    },

    conferenceEnd: async ({ conferenceId }, context) => {
      const found = takeCharge(conferenceId, context);
      if (!found.ok) return found;
      const seq = conferences.end(conferenceId, found.by, causeOf(context));
      audit.write(context.identity.userId, "conference.end", found.conference.name, { conferenceId });
      return succeed({ conferenceId }, seq);
    },
  };
}

const notInCharge = refuse("UNAUTHORIZED", "Only moderators of this conference and supervisors may do that.");

/** The conference, who acts there, and whether he is in charge ([V22]). */
export function findConference(
  { conferences }: Pick<ConferenceCommandOptions, "conferences">,
  conferenceId: string,
  { identity }: CommandContext,
): Found {
  const conference = conferences.get(conferenceId);
  if (conference === undefined) return refuse("CONFERENCE_NOT_FOUND", "There is no such conference going on.");
  const own = conference.participants.find((participant) => isOf(participant, identity));
  const { userId, displayName } = identity;
  const isInCharge =
    identity.permissions.has("conferences.control") ||
    own?.isModerator === true ||
    conferences.roomOf(conferenceId)?.moderatorUserIds.includes(userId) === true;
  return { ok: true, conference, by: own === undefined ? { userId, displayName } : actorOf(own), isInCharge };
}

function isOf({ userId }: Participant, identity: Identity): boolean {
  return userId === identity.userId;
}
