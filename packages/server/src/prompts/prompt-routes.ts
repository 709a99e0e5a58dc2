import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { nothing, pageOf, time } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import { sendWholeSound } from "../rest/send-sound.ts";
import { acceptSound, refusedSound, soundOf, soundUpload } from "../rest/sound-body.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { blobKeyOf, maximumPromptMs, maximumPrompts, maximumUploadBytes, type Prompt } from "./prompt.ts";
import type { AddOutcome, PromptLibrary } from "./prompt-library.ts";

export interface PromptRoutesOptions {
  readonly prompts: PromptLibrary;
  readonly blobs: Pick<BlobStore, "read" | "size">;
  readonly audit: Pick<AuditLog, "write">;
}

const tags = ["prompts"];
const name = z.string().trim().min(1).max(100);
const params = z.object({ id: z.string().max(128) });
const promptAnswer = z
  .object({ id: z.string(), name: z.string(), durationMs: z.int(), bytes: z.int(), createdAt: time })
  .meta({ id: "Prompt" });
const musicSchema = z.strictObject({
  promptId: z.string().max(128).nullable().describe("`null`: the music that the PBX has by itself."),
});

/** Uploaded sound, and the music for who waits ([R7], [C24]). */
export function createPromptRoutes({ prompts, blobs, audit }: PromptRoutesOptions) {
  return (api: FastifyInstance): void => {
    // Only here a body may be sound, and large.
    void api.register(async (instance) => {
      acceptSound(instance, maximumUploadBytes);
      const app = instance.withTypeProvider<ZodTypeProvider>();
      const mustFind = (id: string): Prompt => {
        const prompt = prompts.byId(id);
        if (prompt === undefined) throw new ProblemError(404, "There is no such prompt.");
        return prompt;
      };

      const list = { tags, summary: "Uploaded sound", querystring: pageQuery, response: { 200: pageOf(promptAnswer) } };
      app.get("/prompts", { schema: list }, (request) => {
        requirePermission(request, "system.configure");
        const page = searchPage(prompts.all(), request.query, (prompt) => prompt.name);
        return { ...page, data: page.data.map(show) };
      });

      const upload = soundUpload(
        maximumUploadBytes,
        {
          tags,
          summary: "Upload sound: the body is a WAV, 16-bit PCM, mono or stereo, 8 to 192 kHz, 10 minutes at most",
          querystring: z.object({ name }),
          response: { 201: promptAnswer },
        },
        409,
      );
      app.post("/prompts", upload, async (request, reply) => {
        const { userId } = requirePermission(request, "system.configure");
        const added = await prompts.add(request.query.name, soundOf(request));
        if (!added.ok) throw refusalOf(added.error);
        audit.write(userId, "prompt.create", added.prompt.id, { name: added.prompt.name });
        return reply.code(201).send(show(added.prompt));
      });

      const one = { tags, summary: "One prompt", params, response: { 200: promptAnswer } };
      app.get("/prompts/:id", { schema: one }, (request) => {
        requirePermission(request, "system.configure");
        return show(mustFind(request.params.id));
      });

      const listen = { tags, summary: "The sound as it is played; with a ticket too", params };
      app.get("/prompts/:id/stream", { schema: listen }, async (request, reply) => {
        requirePermission(request, "system.configure");
        const key = blobKeyOf(mustFind(request.params.id).id);
        return sendWholeSound(reply, blobs, key, "The file of this prompt is gone.");
      });

      const rename = {
        config: { problems: [409] },
        schema: {
          tags,
          summary: "Rename a prompt",
          params,
          body: z.strictObject({ name }),
          response: { 200: promptAnswer },
        },
      };
      app.patch("/prompts/:id", rename, async (request) => {
        const { userId } = requirePermission(request, "system.configure");
        const renamed = await prompts.rename(request.params.id, request.body.name);
        if (renamed === undefined) throw new ProblemError(404, "There is no such prompt.");
        if (renamed === false) throw refusalOf("name_taken");
        audit.write(userId, "prompt.update", renamed.id, { name: renamed.name });
        return show(renamed);
      });

      const remove = {
        config: { problems: [409] },
        schema: { tags, summary: "Delete a prompt that is played nowhere", params, response: { 204: nothing } },
      };
      app.delete("/prompts/:id", remove, async (request, reply) => {
        const { userId } = requirePermission(request, "system.configure");
        const removed = await prompts.remove(request.params.id);
        if (!removed.ok && removed.error === "unknown") throw new ProblemError(404, "There is no such prompt.");
        if (!removed.ok) {
          throw new ProblemError(
            409,
            `It is played as ${removed.usedBy.slice(0, 10).join(", ")}: choose another there.`,
          );
        }
        audit.write(userId, "prompt.delete", removed.prompt.id, { name: removed.prompt.name });
        return reply.code(204).send();
      });

      const music = { 200: musicSchema };
      app.get("/music-on-hold", { schema: { tags, summary: "What who is held hears", response: music } }, (request) => {
        requirePermission(request, "system.configure");
        return { promptId: prompts.defaultMusicId ?? null };
      });
      const choose = {
        config: { problems: [422] },
        schema: {
          tags,
          summary: "Choose what who is held hears; from the next hold on",
          body: musicSchema,
          response: music,
        },
      };
      app.put("/music-on-hold", choose, async (request) => {
        const { userId } = requirePermission(request, "system.configure");
        const { promptId } = request.body;
        if (!(await prompts.setDefaultMusic(promptId ?? undefined))) {
          const errors = [{ field: "promptId", message: "is no prompt" }];
          throw new ProblemError(422, "There is no such prompt.", { errors });
        }
        audit.write(userId, "music_on_hold.update", promptId ?? "default");
        return { promptId };
      });
    });
  };
}

function show({ createdAtMs, ...prompt }: Prompt) {
  return { ...prompt, createdAt: new Date(createdAtMs).toISOString() };
}

function refusalOf(error: Extract<AddOutcome, { ok: false }>["error"]): ProblemError {
  switch (error) {
    case "too_many":
      return new ProblemError(422, `There are ${maximumPrompts} already: delete one that is not needed.`);
    case "name_taken":
      return new ProblemError(409, "Another prompt has this name.");
    default:
      return refusedSound(error, maximumPromptMs);
  }
}
