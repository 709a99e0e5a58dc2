import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { contextOf, resultOf } from "../rest/command-answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { asPage, pageQuery } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import { sendSound, soundSize } from "../rest/send-sound.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { GreetingBook } from "./greeting-book.ts";
import { mailboxPin, type MailboxPins } from "./mailbox-pins.ts";
import { noMessages, type VoiceMessage } from "./voice-message.ts";
import { mailboxAnswer, messageAnswer, showGreeting, showMessage } from "./voicemail-answer.ts";
import { findMessage, mayOpen, type VoicemailCommands } from "./voicemail-commands.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export interface VoicemailRoutesOptions {
  readonly messages: VoicemailStore;
  /** What has been told of messages is in the store. */
  readonly messagesSettled: () => Promise<void>;
  readonly pins: MailboxPins;
  readonly greetings: Pick<GreetingBook, "of">;
  readonly voicemailCommands: VoicemailCommands;
  readonly extensions: Pick<ExtensionDirectory, "all">;
  readonly blobs: BlobStore;
  readonly newId: NewId;
}

const tags = ["voicemail"];
const params = z.object({ id: z.string().max(128) });
const listQuery = pageQuery.extend({
  boxId: z.string().max(128).optional(),
  isRead: z.stringbool().optional(),
});

/** Mailboxes and their messages ([R8], [V32]). */
export function createVoicemailRoutes(options: VoicemailRoutesOptions) {
  const { messages, messagesSettled, pins, greetings, voicemailCommands, extensions, blobs, newId } = options;
  const find = async (request: FastifyRequest, id: string): Promise<VoiceMessage> => {
    const identity = requirePermission(request, "voicemail.own");
    await messagesSettled();
    const message = await findMessage(messages, identity, id);
    if (message === undefined) throw new ProblemError(404, "There is no such message in a mailbox that you may open.");
    return message;
  };

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const boxes = {
      schema: {
        tags,
        summary: "The mailboxes that the user may open",
        response: { 200: z.object({ data: z.array(mailboxAnswer) }) },
      },
    };
    app.get("/voicemail/boxes", boxes, async (request) => {
      const identity = requirePermission(request, "voicemail.own");
      await messagesSettled();
      const counts = await messages.allCounts();
      const data = extensions.all().flatMap(({ id, number, displayName, voicemailEnabled }) => {
        const known = counts.get(id);
        if (!mayOpen(identity, id) || (!voicemailEnabled && known === undefined)) return [];
        const { unreadCount, totalCount } = known ?? noMessages;
        const greeting = greetings.of(id);
        return [
          {
            id,
            extensionNumber: number,
            displayName,
            isEnabled: voicemailEnabled,
            unreadCount,
            totalCount,
            ...(greeting !== undefined && { greeting: showGreeting(greeting) }),
          },
        ];
      });
      return { data };
    });

    const changeBox = {
      schema: {
        tags,
        summary: "Set the PIN that `*97` asks for; null: none is asked",
        params,
        body: z.strictObject({
          voicemailPin: mailboxPin.nullable(),
        }),
        response: { 204: nothing },
      },
    };
    app.patch("/voicemail/boxes/:id", changeBox, async (request, reply) => {
      const identity = requirePermission(request, "voicemail.own");
      const { id } = request.params;
      if (!mayOpen(identity, id) || !extensions.all().some((extension) => extension.id === id)) {
        throw new ProblemError(404, "There is no such mailbox that you may open.");
      }
      await pins.set(id, request.body.voicemailPin ?? undefined);
      return reply.code(204).send();
    });

    const list = {
      schema: {
        tags,
        summary: "Messages, the newest first",
        querystring: listQuery,
        response: { 200: pageOf(messageAnswer) },
      },
    };
    app.get("/voicemail/messages", list, async (request) => {
      const identity = requirePermission(request, "voicemail.own");
      const { page, limit, isRead, boxId } = request.query;
      const isForAll = identity.permissions.has("voicemail.all");
      const wanted = boxId ?? (isForAll ? undefined : identity.extensionId);
      if (!isForAll && (wanted === undefined || !mayOpen(identity, wanted))) {
        return asPage([], 0, request.query);
      }
      await messagesSettled();
      const found = await messages.list({ page, limit, isRead, boxId: wanted });
      return asPage(found.messages.map(showMessage), found.total, request.query);
    });

    app.get(
      "/voicemail/messages/:id",
      { schema: { tags, summary: "One message", params, response: { 200: messageAnswer } } },
      async (request) => showMessage(await find(request, request.params.id)),
    );

    app.get(
      "/voicemail/messages/:id/stream",
      { schema: { tags, summary: "The sound, also in parts (Range); with a ticket too", params } },
      async (request, reply) => {
        const { id, blobKey } = await find(request, request.params.id);
        const size = await soundSize(blobs, blobKey, "The file of this message is gone.");
        return sendSound(request, reply, blobs, { blobKey, size, fileName: id });
      },
    );

    const mark = {
      schema: {
        tags,
        summary: "Mark a message as read or unread",
        params,
        body: z.strictObject({ isRead: z.boolean() }),
        response: { 200: messageAnswer },
      },
    };
    app.patch("/voicemail/messages/:id", mark, async (request) => {
      const { id: messageId } = await find(request, request.params.id);
      const { isRead } = request.body;
      resultOf(await voicemailCommands.voicemailMarkRead({ messageId, isRead }, contextOf(request, newId)));
      return showMessage(await find(request, messageId));
    });

    app.delete(
      "/voicemail/messages/:id",
      { schema: { tags, summary: "Delete a message for good", params, response: { 204: nothing } } },
      async (request, reply) => {
        const { id: messageId } = await find(request, request.params.id);
        resultOf(await voicemailCommands.voicemailDelete({ messageId }, contextOf(request, newId)));
        return reply.code(204).send();
      },
    );
  };
}
