import { causeOf, type Refusal, refuse, succeed } from "../calls/command-tools.ts";
import type { Identity } from "../auth/identity.ts";
import type { CommandHandlers } from "../realtime/command-handler.ts";
import { hasRight } from "../realtime/visibility.ts";
import type { MessageDesk } from "./message-desk.ts";
import type { VoiceMessage } from "./voice-message.ts";
import type { VoicemailStore } from "./voicemail-store.ts";

export type VoicemailCommands = Required<Pick<CommandHandlers, "voicemailMarkRead" | "voicemailDelete">>;

export interface VoicemailCommandOptions {
  readonly store: Pick<VoicemailStore, "find">;
  readonly desk: MessageDesk;
}

/** Whether a mailbox may be opened by a user: the own one, or any ([W24]). */
export function mayOpen(identity: Identity, boxId: string): boolean {
  if (identity.permissions.has("voicemail.all")) return true;
  return hasRight(identity, "voicemail.own") && identity.extensionId === boxId;
}

/** A message that the user may hear; to all others there is none. */
export async function findMessage(
  store: Pick<VoicemailStore, "find">,
  identity: Identity,
  messageId: string,
): Promise<VoiceMessage | undefined> {
  const message = await store.find(messageId);
  return message?.status === "complete" && mayOpen(identity, message.boxId) ? message : undefined;
}

/** Reading and deleting messages by command ([W43], [V32]). */
export function createVoicemailCommands({ store, desk }: VoicemailCommandOptions): VoicemailCommands {
  const find = async (
    { messageId, voicemailBoxId }: { readonly messageId: string; readonly voicemailBoxId?: string },
    identity: Identity,
  ): Promise<{ readonly ok: true; readonly message: VoiceMessage } | Refusal> => {
    await desk.settled();
    const message = await findMessage(store, identity, messageId);
    if (message === undefined || (voicemailBoxId !== undefined && voicemailBoxId !== message.boxId)) {
      return refuse("RECORDING_NOT_FOUND", "There is no such message in a mailbox that you may open.");
    }
    return { ok: true, message };
  };
  return {
    voicemailMarkRead: async (params, context) => {
      const found = await find(params, context.identity);
      if (!found.ok) return found;
      const { messageId, isRead = true } = params;
      const seq = await desk.markRead(found.message, isRead, readerOf(context.identity), causeOf(context));
      return succeed({ messageId, isRead }, seq);
    },
    voicemailDelete: async (params, context) => {
      const found = await find(params, context.identity);
      if (!found.ok) return found;
      const seq = await desk.remove(found.message, readerOf(context.identity), causeOf(context));
      return succeed({ messageId: params.messageId }, seq);
    },
  };
}

function readerOf({ userId, displayName }: Identity): { readonly userId: string; readonly name: string } {
  return { userId, name: displayName };
}
