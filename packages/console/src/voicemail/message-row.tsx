import type { Party } from "@pbx-x/protocol/runtime";
import { useState } from "react";
import { useDial } from "../dial/use-dial.ts";
import { useNameOf } from "../live/directory.tsx";
import { formatElapsed, formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { useRun } from "../live/use-run.ts";
import { SoundPlayer } from "../sound/sound-player.tsx";
import { DeleteButton } from "../ui/delete-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { useLanguage, useWords } from "../words/use-words.ts";
import { useDelayedDelete } from "./use-delayed-delete.ts";

export interface VoiceMessage {
  readonly id: string;
  readonly voicemailBoxId: string;
  readonly callId: string;
  readonly caller: Party;
  readonly receivedAt: string;
  readonly durationSeconds: number;
  readonly isUrgent: boolean;
  readonly isRead: boolean;
}

/** One message: heard after 3 s of it, deleted 5 s after the press unless taken back. */
export function MessageRow({ message, isGone }: { readonly message: VoiceMessage; readonly isGone: boolean }) {
  const t = useWords();
  const language = useLanguage();
  const nameOf = useNameOf();
  const dial = useDial();
  const run = useRun();
  const [isOpen, setOpen] = useState(false);
  const { id: messageId, voicemailBoxId, caller, receivedAt, durationSeconds, isUrgent, isRead } = message;
  const name = nameOf(caller) ?? t("call.unknown");
  const mark = (read: boolean): void =>
    void run("voicemailMarkRead", { messageId, voicemailBoxId, isRead: read }, messageId);
  const deletion = useDelayedDelete(() => run("voicemailDelete", { messageId, voicemailBoxId }, messageId));
  if (deletion.isPending)
    return (
      <li className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3 text-muted last:border-0">
        <span role="status" className="min-w-0 flex-1">
          {t("voicemail.deleted", { name })}
        </span>
        {/* The focus was on the bin, which is gone. */}
        <button
          type="button"
          className="btn btn-sm"
          autoFocus
          aria-disabled={!deletion.canUndo}
          onClick={() => deletion.canUndo && deletion.undo()}
        >
          {t("common.undo")}
        </button>
      </li>
    );
  if (isGone)
    return (
      <li className="border-b border-line px-4 py-3 text-muted last:border-0">
        {name}: {t("voicemail.gone")}
      </li>
    );
  return (
    <li data-message={messageId} className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="btn btn-icon"
          aria-expanded={isOpen}
          aria-label={`${t("sound.play")}: ${name}`}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "down" : "play"} />
        </button>
        <span className="min-w-0 flex-1">
          <span className={`block truncate ${isRead ? "" : "font-semibold"}`}>{name}</span>
          <span className="num block text-xs text-muted">{name === caller.number ? "" : caller.number}</span>
        </span>
        {!isRead && (
          <span className="inline-flex items-center gap-1 text-xs font-medium text-ring">
            <Icon name="disc" size={12} />
            {t("voicemail.unread")}
          </span>
        )}
        {isUrgent && (
          <span className="inline-flex items-center gap-1 text-xs font-medium text-danger">
            <Icon name="warning" size={14} />
            {t("voicemail.urgent")}
          </span>
        )}
        <span className="num text-sm text-muted">{formatElapsed(durationSeconds * 1000)}</span>
        <span className="num text-sm text-muted">{formatWhen(receivedAt, language, serverNow())}</span>
        <button type="button" className="btn btn-sm" onClick={() => mark(!isRead)}>
          {t(isRead ? "voicemail.unreadMark" : "voicemail.read")}
        </button>
        <button
          type="button"
          className="btn btn-sm"
          aria-label={`${t("voicemail.callBack")}: ${name}`}
          onClick={() => dial(caller.number)}
        >
          <Icon name="phone" size={14} />
          {t("voicemail.callBack")}
        </button>
        <DeleteButton what={name} onPress={deletion.begin} />
      </div>
      {isOpen && (
        <SoundPlayer
          path={`/voicemail/messages/${messageId}/stream`}
          durationSeconds={durationSeconds}
          onHeard={() => !isRead && mark(true)}
        />
      )}
    </li>
  );
}
