import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import { nothing } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { ProblemError } from "../rest/problem.ts";
import { sendWholeSound } from "../rest/send-sound.ts";
import { acceptSound, refusedSound, soundOf, soundUpload } from "../rest/sound-body.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type GreetingBook, maximumGreetingMs } from "./greeting-book.ts";
import { greetingAnswer, showGreeting } from "./voicemail-answer.ts";
import { mayOpen } from "./voicemail-commands.ts";

export interface GreetingRoutesOptions {
  readonly greetings: GreetingBook;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly blobs: Pick<BlobStore, "read" | "size">;
  readonly audit: Pick<AuditLog, "write">;
}

const tags = ["voicemail"];
const params = z.object({ id: z.string().max(128) });
/** A minute of stereo at 48 kHz. */
const maximumBytes = 12 * 1024 * 1024;

const noGreeting = "The mailbox has no greeting of its own.";

/** The own greeting of a mailbox ([V35]). */
export function createGreetingRoutes({ greetings, extensions, blobs, audit }: GreetingRoutesOptions) {
  const mustOpen = (request: FastifyRequest, id: string): { readonly userId: string; readonly number: string } => {
    const identity = requirePermission(request, "voicemail.own");
    const extension = extensions.byId(id);
    if (extension === undefined || !mayOpen(identity, id)) {
      throw new ProblemError(404, "There is no such mailbox that you may open.");
    }
    return { userId: identity.userId, number: extension.number };
  };
  return (api: FastifyInstance): void => {
    // Only here a body may be sound.
    void api.register(async (instance) => {
      acceptSound(instance, maximumBytes);
      const app = instance.withTypeProvider<ZodTypeProvider>();
      const listen = { schema: { tags, summary: "The own greeting, as it is played; with a ticket too", params } };
      app.get("/voicemail/boxes/:id/greeting", listen, async (request, reply) => {
        mustOpen(request, request.params.id);
        const greeting = greetings.of(request.params.id);
        if (greeting === undefined) throw new ProblemError(404, noGreeting);
        return sendWholeSound(reply, blobs, greeting.blobKey, noGreeting);
      });

      const set = soundUpload(maximumBytes, {
        tags,
        summary: "Set the own greeting: the body is a WAV, 16-bit PCM, mono or stereo, 8 to 192 kHz, 60 s at most",
        params,
        response: { 200: greetingAnswer },
      });
      app.put("/voicemail/boxes/:id/greeting", set, async (request) => {
        const { id } = request.params;
        const { userId, number } = mustOpen(request, id);
        const taken = await greetings.set(id, soundOf(request));
        if (!taken.ok) throw refusedSound(taken.error, maximumGreetingMs);
        audit.write(userId, "voicemail.greeting.set", number);
        const greeting = greetings.of(id);
        if (greeting === undefined) throw new ProblemError(404, "The greeting was deleted meanwhile.");
        return showGreeting(greeting);
      });

      const remove = { schema: { tags, summary: "Back to the general greeting", params, response: { 204: nothing } } };
      app.delete("/voicemail/boxes/:id/greeting", remove, async (request, reply) => {
        const { userId, number } = mustOpen(request, request.params.id);
        if (!(await greetings.remove(request.params.id))) {
          throw new ProblemError(404, noGreeting);
        }
        audit.write(userId, "voicemail.greeting.delete", number);
        return reply.code(204).send();
      });
    });
  };
}
