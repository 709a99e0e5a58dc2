import { commands as definitions } from "@pbx-x/protocol";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { announcementLanguages } from "../announcements/announcement-texts.ts";
import type { Identity } from "../auth/identity.ts";
import type { NewId } from "../ids.ts";
import { nothing, pageOf, time } from "../rest/answers.ts";
import { contextOf, resultOf } from "../rest/command-answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { Participant } from "./conference.ts";
import { displayNameOf } from "./conference.ts";
import type { ConferenceBook, RoomOutcome } from "./conference-book.ts";
import { conferenceLimits, type ConferenceRoom, defaultRoom } from "./conference-room.ts";
import type { ConferenceService } from "./conference-service.ts";
import type { Conferences } from "./start-conferences.ts";
import { givenFields } from "../rest/given-fields.ts";

export interface ConferenceRoutesOptions {
  readonly rooms: ConferenceBook;
  readonly conferences: ConferenceService;
  readonly conferenceCommands: Conferences["commands"];
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
}

const number = z.string().regex(/^[1-9]\d{1,9}$/);
const pin = z
  .string()
  .regex(/^\d{4,12}$/)
  .describe("4 to 12 digits; never shown. Null takes it away.");
const settings = {
  pin: pin.nullable().optional(),
  moderatorPin: pin.nullable().optional(),
  moderatorUserIds: z.array(z.string().min(1).max(64)).max(100).optional(),
  maxParticipants: z.int().min(2).max(conferenceLimits.participants).optional(),
  endsWithoutModerator: z.boolean().optional().describe("Once the last moderator has left, all others have to go."),
  language: z.enum(announcementLanguages).optional(),
};
const creation = z.strictObject({ number, name: z.string().min(1).max(200), ...settings });
const changes = z.strictObject({
  number: number.optional(),
  name: z.string().min(1).max(200).optional(),
  ...settings,
});

const participantAnswer = z.object({
  participantId: z.string(),
  displayName: z.string(),
  number: z.string(),
  extensionId: z.string().exactOptional(),
  callId: z.string(),
  isModerator: z.boolean(),
  isMuted: z.boolean(),
  joinedAt: time,
});
const conferenceAnswer = z
  .object({
    id: z.string().describe("The `conferenceId` of events and commands."),
    number: z.string().describe("Empty for one that was made of calls."),
    name: z.string(),
    hasPin: z.boolean(),
    hasModeratorPin: z.boolean(),
    moderatorUserIds: z.array(z.string()),
    maxParticipants: z.int(),
    endsWithoutModerator: z.boolean(),
    language: z.enum(announcementLanguages),
    startedAt: time.exactOptional().describe("Only while somebody is in it."),
    isLocked: z.boolean(),
    recordingId: z.string().exactOptional().describe("While it is recorded as a whole."),
    participants: z.array(participantAnswer).describe("In the order in which they joined."),
  })
  .meta({ id: "Conference" });

const merging = definitions.conferenceMerge;
const tags = ["conferences"];
const params = z.object({ id: z.string() });
const participantParams = z.object({ id: z.string(), participantId: z.string() });

const done = z.object({ conferenceId: z.string() });
const participantDone = done.extend({ participantId: z.string() });

/** Conferences, and what is done in them ([R7], [V22]). */
export function createConferenceRoutes(options: ConferenceRoutesOptions) {
  const { rooms, conferences, conferenceCommands: commands, audit, newId } = options;
  const response = { 200: conferenceAnswer };

  const show = (room: ConferenceRoom): z.output<typeof conferenceAnswer> => {
    const { id, number: shown, name, pin: secret, moderatorPin, maxParticipants, language } = room;
    const now = conferences.get(id);
    return {
      id,
      number: shown,
      name,
      maxParticipants,
      endsWithoutModerator: room.endsWithoutModerator,
      language,
      moderatorUserIds: [...room.moderatorUserIds],
      hasPin: secret !== undefined,
      hasModeratorPin: moderatorPin !== undefined,
      isLocked: now?.isLocked ?? false,
      ...(now?.recordingId !== undefined && { recordingId: now.recordingId }),
      ...(now !== undefined && { startedAt: new Date(now.startedAtMs).toISOString() }),
      participants: (now?.participants ?? []).map(showParticipant),
    };
  };
  const isSeen = ({ permissions, userId }: Identity, { id, moderatorUserIds }: ConferenceRoom): boolean =>
    permissions.has("conferences.view.all") ||
    moderatorUserIds.includes(userId) ||
    conferences.get(id)?.participants.some((participant) => participant.userId === userId) === true;

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const list = {
      schema: {
        tags,
        summary: "Conferences; with the `.own` right those that one takes part in or moderates",
        querystring: pageQuery,
        response: { 200: pageOf(conferenceAnswer) },
      },
    };
    app.get("/conferences", list, (request) => {
      const viewer = requirePermission(request, "conferences.view.own");
      const seen = [...rooms.all(), ...conferences.adHocRooms()].filter((room) => isSeen(viewer, room));
      const page = searchPage(seen, request.query, (room) => `${room.number} ${room.name}`);
      return { ...page, data: page.data.map(show) };
    });
    app.get("/conferences/:id", { schema: { tags, summary: "One conference", params, response } }, (request) => {
      const viewer = requirePermission(request, "conferences.view.own");
      const room = conferences.roomOf(request.params.id);
      if (room === undefined || !isSeen(viewer, room)) throw notFound;
      return show(room);
    });
    const create = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "Create a conference", body: creation, response: { 201: conferenceAnswer } },
    };
    app.post("/conferences", create, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { number: wanted, name } = request.body;
      const room = { ...defaultRoom, ...given(request.body), id: newId(), number: wanted, name };
      const created = madeOf(await rooms.create(room));
      audit.write(userId, "conference.create", created.name, { conferenceId: created.id });
      return reply.code(201).send(show(created));
    });
    const patch = {
      config: { problems: [409, 422] },
      schema: { tags, summary: "Change a conference; who is in it stays", params, body: changes, response },
    };
    app.patch("/conferences/:id", patch, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const changed = madeOf(
        await rooms.update(request.params.id, (before) => without({ ...before, ...given(request.body) }, request.body)),
      );
      audit.write(userId, "conference.change", changed.name, {
        conferenceId: changed.id,
        fields: Object.keys(request.body),
      });
      return show(changed);
    });
    const remove = {
      config: { problems: [409] },
      schema: { tags, summary: "Delete a conference that nobody is in", params, response: { 204: nothing } },
    };
    app.delete("/conferences/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { id } = request.params;
      if (conferences.get(id) !== undefined) {
        throw new ProblemError(409, "Somebody is in this conference; end it first.");
      }
      const { name } = madeOf(await rooms.remove(id));
      audit.write(userId, "conference.delete", name, { conferenceId: id });
      return reply.code(204).send();
    });

    const merge = {
      config: { problems: [409, 422, 503] },
      schema: {
        tags: ["calls"],
        summary: merging.when,
        params: z.object({ id: z.uuid() }),
        body: merging.params.omit({ callId: true }),
        response: { 200: merging.result },
      },
    };
    app.post("/calls/:id/conferenceMerge", merge, async (request) => {
      const params = { ...request.body, callId: request.params.id };
      return resultOf(await commands.conferenceMerge(params, contextOf(request, newId)));
    });

    const config = { problems: [422, 503] };
    const participantActs = {
      mute: { run: commands.conferenceMute, summary: "Take a participant's voice away" },
      unmute: { run: commands.conferenceUnmute, summary: "Let a participant be heard again" },
      promote: { run: commands.conferencePromote, summary: definitions.conferencePromote.when },
      kick: { run: commands.conferenceKick, summary: "Remove a participant" },
    };
    for (const [name, { run, summary }] of Object.entries(participantActs)) {
      const schema = { tags, summary, params: participantParams, response: { 200: participantDone } };
      app.post(`/conferences/:id/participants/:participantId/${name}`, { config, schema }, async (request) => {
        const { id: conferenceId, participantId } = request.params;
        return resultOf(await run({ conferenceId, participantId }, contextOf(request, newId)));
      });
    }
    const recordActs = {
      recordStart: { run: commands.conferenceRecordStart, summary: definitions.conferenceRecordStart.when },
      recordStop: { run: commands.conferenceRecordStop, summary: definitions.conferenceRecordStop.when },
    };
    for (const [name, { run, summary }] of Object.entries(recordActs)) {
      const schema = { tags, summary, params, response: { 200: done.extend({ recordingId: z.string() }) } };
      app.post(`/conferences/:id/${name}`, { config, schema }, async (request) =>
        resultOf(await run({ conferenceId: request.params.id }, contextOf(request, newId))),
      );
    }
    const acts = {
      lock: { run: commands.conferenceLock, summary: "Let only moderators in" },
      unlock: { run: commands.conferenceUnlock, summary: "Let everybody in again" },
      end: { run: commands.conferenceEnd, summary: "End a conference for all" },
    };
    for (const [name, { run, summary }] of Object.entries(acts)) {
      app.post(
        `/conferences/:id/${name}`,
        { schema: { tags, summary, params, response: { 200: done } } },
        async (request) => resultOf(await run({ conferenceId: request.params.id }, contextOf(request, newId))),
      );
    }
  };
}

function showParticipant(participant: Participant): z.output<typeof participantAnswer> {
  const { participantId, party, callId, isModerator, isMuted, joinedAtMs } = participant;
  const { number: shown, extensionId } = party;
  return {
    participantId,
    displayName: displayNameOf(party),
    number: shown,
    ...(extensionId !== undefined && { extensionId }),
    callId,
    isModerator,
    isMuted,
    joinedAt: new Date(joinedAtMs).toISOString(),
  };
}

/** The fields that have a value. */
function given(body: z.output<typeof changes>): Partial<ConferenceRoom> {
  // Fields of the schema with values of their own types.
  return givenFields(body) as Partial<ConferenceRoom>;
}

/** Without the PINs that are to be taken away. */
function without(room: ConferenceRoom, { pin: secret, moderatorPin: other }: z.output<typeof changes>): ConferenceRoom {
  const { pin: kept, moderatorPin, ...rest } = room;
  return {
    ...rest,
    ...(kept !== undefined && secret !== null && { pin: kept }),
    ...(moderatorPin !== undefined && other !== null && { moderatorPin }),
  };
}

const notFound = new ProblemError(404, "There is no such conference.");

function madeOf(outcome: RoomOutcome): ConferenceRoom {
  if (outcome.ok) return outcome.room;
  switch (outcome.reason) {
    case "no_such_room":
      throw notFound;
    case "number_taken":
      throw new ProblemError(409, "The number is taken.");
    case "too_many":
      throw new ProblemError(422, `There are ${conferenceLimits.rooms} conferences already.`);
  }
}
