import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Identity } from "../auth/identity.ts";
import type { NewId } from "../ids.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { contextOf, resultOf } from "../rest/command-answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { asPage, pageQuery } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import { sendSound, soundSize } from "../rest/send-sound.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { createListeningLog } from "./listening-log.ts";
import { readPeaks } from "./peaks.ts";
import type { Recording } from "./recording.ts";
import { peaksAnswer, recordingAnswer, showRecording } from "./recording-answer.ts";
import type { RecordingCommands } from "./recording-commands.ts";
import type { RecordingStore } from "./recording-store.ts";

export interface RecordingRoutesOptions {
  readonly recordings: RecordingStore;
  /** What has been told of recordings is in the store. */
  readonly recordingsWritten: () => Promise<void>;
  readonly blobs: BlobStore;
  readonly recordingCommands: RecordingCommands;
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
  readonly now: () => number;
}

const tags = ["recordings"];
const callParams = z.object({ id: z.uuid() });
const params = z.object({ id: z.string().max(128) });
const listQuery = pageQuery.extend({
  callId: z.uuid().optional(),
  status: z.enum(["recording", "complete", "failed"]).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  extensionId: z.string().max(128).optional(),
});

/** Recordings ([R8], [C56]), and recording a call ([R6]). */
export function createRecordingRoutes(options: RecordingRoutesOptions) {
  const { recordings, blobs, audit, newId, now, recordingsWritten } = options;
  const noteListening = createListeningLog({ audit, now });

  /** One that the asking user may hear; to all others there is none. */
  const find = async (request: FastifyRequest, id: string): Promise<Recording> => {
    const identity = requirePermission(request, "calls.record");
    await recordingsWritten();
    const recording = await recordings.find(id);
    if (recording === undefined || !mayHear(identity, recording)) {
      throw new ProblemError(404, "There is no such recording.");
    }
    return recording;
  };
  const fileOf = async ({ status, blobKey }: Recording): Promise<number> => {
    if (status === "recording") throw new ProblemError(409, "This call is still being recorded.");
    return soundSize(blobs, blobKey, "The file of this recording is gone.");
  };

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    for (const [name, command] of [
      ["start", "recordStart"],
      ["stop", "recordStop"],
      ["pause", "recordPause"],
      ["resume", "recordResume"],
    ] as const) {
      app.post(
        `/calls/:id/recording/${name}`,
        { schema: { tags: ["calls"], summary: `The command ${command}`, params: callParams } },
        async (request) => {
          const { id: callId } = request.params;
          return resultOf<object>(await options.recordingCommands[command]({ callId }, contextOf(request, newId)));
        },
      );
    }

    const list = {
      schema: {
        tags,
        summary: "Recordings, the newest first",
        querystring: listQuery,
        response: { 200: pageOf(recordingAnswer) },
      },
    };
    app.get("/recordings", list, async (request) => {
      const identity = requirePermission(request, "calls.record");
      const { from, to, extensionId, ...query } = request.query;
      const isForAll = identity.permissions.has("calls.record.others");
      if (
        !isForAll &&
        (identity.extensionId === undefined || (extensionId ?? identity.extensionId) !== identity.extensionId)
      ) {
        return asPage([], 0, query);
      }
      await recordingsWritten();
      const found = await recordings.list({
        ...query,
        fromMs: from === undefined ? undefined : Date.parse(from),
        toMs: to === undefined ? undefined : Date.parse(to),
        extensionId: isForAll ? extensionId : identity.extensionId,
      });
      return asPage(found.recordings.map(showRecording), found.total, query);
    });

    app.get(
      "/recordings/:id",
      { schema: { tags, summary: "One recording", params, response: { 200: recordingAnswer } } },
      async (request) => showRecording(await find(request, request.params.id)),
    );

    app.get(
      "/recordings/:id/stream",
      { schema: { tags, summary: "The sound, also in parts (Range); with a ticket too", params } },
      async (request, reply) => {
        const recording = await find(request, request.params.id);
        const size = await fileOf(recording);
        const { userId } = requirePermission(request, "calls.record");
        const { id, callId, blobKey } = recording;
        const onListening = (start: number): void => noteListening(userId, id, callId, start);
        return sendSound(request, reply, blobs, { blobKey, size, fileName: id, onListening });
      },
    );

    const peaksQuery = z.object({ points: z.coerce.number().int().min(1).max(4000).default(800) });
    app.get(
      "/recordings/:id/peaks",
      {
        config: { problems: [409] },
        schema: { tags, summary: "A waveform", params, querystring: peaksQuery, response: { 200: peaksAnswer } },
      },
      async (request) => {
        const recording = await find(request, request.params.id);
        const size = await fileOf(recording);
        const peaks = await readPeaks(blobs.read(recording.blobKey), size, request.query.points);
        return { durationSeconds: recording.durationMs / 1000, ...peaks };
      },
    );

    const remove = {
      config: { problems: [409] },
      schema: { tags, summary: "Delete a recording for good", params, response: { 204: nothing } },
    };
    app.delete("/recordings/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "calls.record.others");
      const { id, status, blobKey, callId } = await find(request, request.params.id);
      if (status === "recording") throw new ProblemError(409, "This call is still being recorded.");
      await blobs.remove(blobKey);
      await recordings.remove(id);
      audit.write(userId, "recording.delete", id, { callId });
      return reply.code(204).send();
    });
  };
}

function mayHear({ permissions, extensionId }: Identity, { extensions }: Recording): boolean {
  return permissions.has("calls.record.others") || extensions.some(({ id }) => id === extensionId);
}
