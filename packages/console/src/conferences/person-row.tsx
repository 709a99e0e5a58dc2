import type { Participant } from "@pbx-x/protocol/runtime";
import { useRun } from "../live/use-run.ts";
import { ask } from "../ui/ask.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { besides } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import type { Room } from "./room-controls.tsx";

interface PersonRowProps {
  readonly person: Participant;
  readonly room: Room;
  readonly isSelf: boolean;
  readonly isTalking: boolean;
  readonly mayControl: boolean;
  /** The conference ends for all with this one. */
  readonly isLastModerator: boolean;
}

/** One in a room; who speaks now is marked, and stays where he is. */
export function PersonRow({ person, room, isSelf, isTalking, mayControl, isLastModerator }: PersonRowProps) {
  const t = useWords();
  const run = useRun();
  const { participantId, displayName, number, isModerator, isMuted, joinedAt } = person;
  const about = { conferenceId: room.id, participantId };
  return (
    <li
      data-participant={number}
      data-talking={isTalking}
      className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 last:border-0"
    >
      <Icon
        name={isMuted ? "micOff" : "mic"}
        className={isMuted ? "text-danger" : isTalking ? "text-ok" : "text-muted"}
      />
      <span className="font-medium">{displayName}</span>
      <span className="num text-xs text-muted">{number}</span>
      {isModerator && (
        <span className="rounded-full border border-line px-2 text-xs text-muted">{t("conference.moderator")}</span>
      )}
      {isMuted && <span className="text-xs text-danger">{t("conference.muted")}</span>}
      {isTalking && <StateMark mark={besides.speaks} />}
      {isSelf && <span className="text-xs text-muted">{t("panel.you")}</span>}
      <Elapsed since={joinedAt} label={displayName} className="ml-auto text-xs text-muted" />
      {(mayControl || isSelf) && (
        <button
          type="button"
          className="btn btn-sm"
          aria-label={`${t(isMuted ? "conference.unmute" : "conference.mute")}: ${displayName}`}
          onClick={() => void run(isMuted ? "conferenceUnmute" : "conferenceMute", about, participantId)}
        >
          {t(isMuted ? "conference.unmute" : "conference.mute")}
        </button>
      )}
      {mayControl && !isModerator && (
        <button
          type="button"
          className="btn btn-sm"
          aria-label={`${t("conference.promote")}: ${displayName}`}
          onClick={() => void run("conferencePromote", about, participantId)}
        >
          {t("conference.promote")}
        </button>
      )}
      {mayControl && !isSelf && (
        <button
          type="button"
          className="btn btn-sm"
          aria-label={`${t("conference.kick")}: ${displayName}`}
          onClick={() =>
            ask({
              title: t("conference.kick"),
              text: [
                t("conference.askKick", { name: displayName, room: room.name }),
                ...(isLastModerator ? [t("conference.endsWithThem")] : []),
              ].join(" "),
              run: () => void run("conferenceKick", about, participantId),
            })
          }
        >
          {t("conference.kick")}
        </button>
      )}
    </li>
  );
}
