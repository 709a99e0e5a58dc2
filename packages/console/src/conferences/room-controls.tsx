import { useOverlay, useRun } from "../live/use-run.ts";
import { useMay } from "../session/me.ts";
import { ask } from "../ui/ask.tsx";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";

export interface Room {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly moderatorUserIds: readonly string[];
  readonly isLocked: boolean;
  /** The last moderator takes all others along. */
  readonly endsWithoutModerator: boolean;
}

interface RoomControlsProps {
  readonly room: Room;
  readonly count: number;
  readonly isLocked: boolean;
  readonly isRecorded: boolean;
}

/** What moderators do with a room; ending it for all stands apart and asks. */
export function RoomControls({ room, count, isLocked, isRecorded }: RoomControlsProps) {
  const t = useWords();
  const run = useRun();
  const mayRecord = useMay("calls.record");
  const conferenceId = room.id;
  const lock = isLocked ? "conferenceUnlock" : "conferenceLock";
  const record = isRecorded ? "conferenceRecordStop" : "conferenceRecordStart";
  const isLocking = useOverlay(conferenceId, lock) !== undefined;
  const isRecording = useOverlay(conferenceId, record) !== undefined;
  return (
    <div className="flex flex-wrap gap-2 border-t border-line px-4 py-2">
      <button
        type="button"
        className="btn btn-sm"
        aria-disabled={isLocking}
        onClick={() => !isLocking && void run(lock, { conferenceId }, conferenceId)}
      >
        <Icon name="lock" size={14} />
        {t(isLocked ? "conference.unlock" : "conference.lock")}
      </button>
      {mayRecord && (
        <button
          type="button"
          className="btn btn-sm"
          aria-disabled={isRecording}
          onClick={() => !isRecording && void run(record, { conferenceId }, conferenceId)}
        >
          <Icon name={isRecorded ? "square" : "record"} size={14} />
          {t(isRecorded ? "act.recordStop" : "act.record")}
        </button>
      )}
      <button
        type="button"
        className="btn btn-sm ml-auto text-danger"
        onClick={() =>
          ask({
            title: t("conference.end"),
            text: t("conference.askEnd", { room: room.name, count }),
            run: () => void run("conferenceEnd", { conferenceId }, conferenceId),
          })
        }
      >
        {t("conference.end")}
      </button>
    </div>
  );
}
