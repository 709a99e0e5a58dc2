import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { nothing, time } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { ProblemError } from "../rest/problem.ts";
import { sendWholeSound } from "../rest/send-sound.ts";
import { acceptSound, refusedSound, soundOf, soundUpload } from "../rest/sound-body.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type AnnouncementBook, maximumAnnouncementMs } from "./announcement-book.ts";
import { announcementFile } from "./announcement-library.ts";
import {
  type AnnouncementId,
  type AnnouncementLanguage,
  allAnnouncements,
  announcementLanguages,
} from "./announcement-texts.ts";

export interface AnnouncementRoutesOptions {
  readonly announcements: AnnouncementBook;
  readonly blobs: Pick<BlobStore, "read" | "size">;
  readonly audit: Pick<AuditLog, "write">;
}

const tags = ["announcements"];
/** Two minutes of stereo at 48 kHz. */
const maximumBytes = 24 * 1024 * 1024;
const language = z.enum(announcementLanguages);
const params = z.object({ language, name: z.string().max(64) });
const answer = z
  .object({
    name: z.string(),
    language,
    text: z.string().describe("What it says as it comes with the PBX."),
    isReplaced: z.boolean(),
    durationMs: z.int().exactOptional().describe("Of the uploaded sound."),
    replacedAt: time.exactOptional(),
  })
  .meta({ id: "Announcement" });

/** All that the PBX says, and own sound in its place ([V38]). */
export function createAnnouncementRoutes({ announcements, blobs, audit }: AnnouncementRoutesOptions) {
  const texts = new Map(allAnnouncements());
  const show = (id: AnnouncementId, spoken: AnnouncementLanguage): z.infer<typeof answer> => {
    const own = announcements.ownOf(id, spoken);
    return {
      name: id,
      language: spoken,
      text: texts.get(id)?.[spoken] ?? "",
      isReplaced: own !== undefined,
      ...(own !== undefined && {
        durationMs: own.durationMs,
        replacedAt: new Date(own.createdAtMs).toISOString(),
      }),
    };
  };
  const mustKnow = (name: string): AnnouncementId => {
    const id = [...texts.keys()].find((known) => known === name);
    if (id === undefined) throw new ProblemError(404, "There is no such announcement.");
    return id;
  };
  return (api: FastifyInstance): void => {
    // Only here a body may be sound.
    void api.register(async (instance) => {
      acceptSound(instance, maximumBytes);
      const app = instance.withTypeProvider<ZodTypeProvider>();
      const list = {
        schema: {
          tags,
          summary: "All announcements, with what they say",
          querystring: z.object({ language: language.optional() }),
          response: { 200: z.object({ data: z.array(answer) }) },
        },
      };
      app.get("/announcements", list, (request) => {
        requirePermission(request, "system.configure");
        const wanted = request.query.language;
        const languages = wanted === undefined ? announcementLanguages : [wanted];
        return { data: languages.flatMap((spoken) => [...texts.keys()].map((id) => show(id, spoken))) };
      });

      const listen = { schema: { tags, summary: "The sound as it is played; with a ticket too", params } };
      app.get("/announcements/:language/:name/stream", listen, async (request, reply) => {
        requirePermission(request, "system.configure");
        const id = mustKnow(request.params.name);
        const own = announcements.ownOf(id, request.params.language);
        if (own === undefined) {
          return reply.type("audio/wav").send(await readFile(announcementFile(id, request.params.language)));
        }
        return sendWholeSound(reply, blobs, own.blobKey, "The file of this announcement is gone: upload it again.");
      });

      const replace = soundUpload(maximumBytes, {
        tags,
        summary: "Say something else: the body is a WAV, 16-bit PCM, mono or stereo, 8 to 192 kHz, 2 minutes at most",
        params,
        response: { 200: answer },
      });
      app.put("/announcements/:language/:name", replace, async (request) => {
        const { userId } = requirePermission(request, "system.configure");
        const id = mustKnow(request.params.name);
        const spoken = request.params.language;
        const replaced = await announcements.replace(id, spoken, soundOf(request));
        if (!replaced.ok) throw refusedSound(replaced.error, maximumAnnouncementMs);
        audit.write(userId, "announcement.replace", id, { language: spoken });
        return show(id, spoken);
      });

      const reset = {
        schema: { tags, summary: "Back to how the PBX says it by itself", params, response: { 204: nothing } },
      };
      app.delete("/announcements/:language/:name", reset, async (request, reply) => {
        const { userId } = requirePermission(request, "system.configure");
        const id = mustKnow(request.params.name);
        const spoken = request.params.language;
        if (!(await announcements.reset(id, spoken))) throw new ProblemError(404, "It is said as it came.");
        audit.write(userId, "announcement.reset", id, { language: spoken });
        return reply.code(204).send();
      });
    });
  };
}
