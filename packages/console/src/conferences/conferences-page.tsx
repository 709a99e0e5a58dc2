import type { Participant } from "@pbx-x/protocol/runtime";
import { useChannels, useConferences, useParticipants } from "@pbx-x/client/react";
import { useEffect } from "react";
import { useDial } from "../dial/use-dial.ts";
import { useRun } from "../live/use-run.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { useMay, useMe } from "../session/me.ts";
import { ask } from "../ui/ask.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { Empty, LoadError, PageView, Skeleton } from "../ui/page.tsx";
import { useWords } from "../words/use-words.ts";

interface Room {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly moderatorUserIds: readonly string[];
  readonly isLocked: boolean;
}

/** Rooms with who is in them, in the order of joining, never of loudness. */
export function ConferencesPage() {
  const t = useWords();
  useChannels(["conferences"]);
  const live = useConferences();
  const { data, error, isLoading, reload } = useApi<Page<Room>>("/conferences?limit=100");
  useEffect(reload, [live.length, reload]);
  const rooms = data?.data ?? [];
  return (
    <PageView title={t("conference.title")}>
      {error !== undefined && <LoadError error={error} onRetry={reload} />}
      {data === undefined && isLoading && <Skeleton />}
      {data !== undefined && rooms.length === 0 && <Empty icon="people" text={t("conference.empty")} />}
      <div className="grid gap-4 lg:grid-cols-2">
        {rooms.map((room) => (
          <RoomView
            key={room.id}
            room={room}
            startedAt={live.find(({ conferenceId }) => conferenceId === room.id)?.startedAt}
            onChanged={reload}
          />
        ))}
      </div>
    </PageView>
  );
}

function RoomView({
  room,
  startedAt,
  onChanged,
}: {
  readonly room: Room;
  readonly startedAt: string | undefined;
  readonly onChanged: () => void;
}) {
  const t = useWords();
  const { userId, extensionId } = useMe();
  const dial = useDial();
  const run = useRun();
  const people = useParticipants(room.id);
  const own = people.find((each) => each.extensionId !== undefined && each.extensionId === extensionId);
  const mayControl =
    useMay("conferences.control") || room.moderatorUserIds.includes(userId) || own?.isModerator === true;
  const conferenceId = room.id;
  return (
    <section aria-label={room.name} data-room={room.number} className="panel">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
        <Icon name="people" className="text-muted" />
        <span className="font-semibold">{room.name}</span>
        <span className="num text-muted">{room.number}</span>
        {room.isLocked && (
          <span className="inline-flex items-center gap-1 text-xs font-medium text-amber">
            <Icon name="lock" size={14} />
            {t("conference.locked")}
          </span>
        )}
        <span className="num text-sm text-muted">{t("conference.participants", { count: people.length })}</span>
        {startedAt !== undefined && <Elapsed since={startedAt} label={room.name} className="text-sm text-muted" />}
        {own === undefined && (
          <button type="button" className="btn btn-sm ml-auto" onClick={() => dial(room.number)}>
            <Icon name="phone" size={14} />
            {t("conference.join")}
          </button>
        )}
      </div>
      {people.length === 0 && <p className="px-4 py-4 text-sm text-muted">{t("conference.nobody")}</p>}
      <ul>
        {people.map((person) => (
          <PersonRow
            key={person.participantId}
            person={person}
            room={room}
            isSelf={person === own}
            mayControl={mayControl}
          />
        ))}
      </ul>
      {mayControl && people.length > 0 && (
        <div className="flex gap-2 border-t border-line px-4 py-2">
          <button
            type="button"
            className="btn btn-sm"
            onClick={() =>
              void run(room.isLocked ? "conferenceUnlock" : "conferenceLock", { conferenceId }, conferenceId).then(
                onChanged,
              )
            }
          >
            <Icon name="lock" size={14} />
            {t(room.isLocked ? "conference.unlock" : "conference.lock")}
          </button>
          <button
            type="button"
            className="btn btn-sm ml-auto text-danger"
            onClick={() =>
              ask({
                title: t("conference.end"),
                text: t("conference.askEnd", { room: room.name, count: people.length }),
                confirm: t("conference.end"),
                run: () => void run("conferenceEnd", { conferenceId }, conferenceId),
              })
            }
          >
            {t("conference.end")}
          </button>
        </div>
      )}
    </section>
  );
}

interface PersonRowProps {
  readonly person: Participant;
  readonly room: Room;
  readonly isSelf: boolean;
  readonly mayControl: boolean;
}

function PersonRow({ person, room, isSelf, mayControl }: PersonRowProps) {
  const t = useWords();
  const run = useRun();
  const { participantId, displayName, number, isModerator, isMuted, joinedAt } = person;
  const about = { conferenceId: room.id, participantId };
  return (
    <li
      data-participant={number}
      className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 last:border-0"
    >
      <Icon name={isMuted ? "micOff" : "mic"} className={isMuted ? "text-danger" : "text-ok"} />
      <span className="font-medium">{displayName}</span>
      <span className="num text-xs text-muted">{number}</span>
      {isModerator && (
        <span className="rounded-full border border-line px-2 text-xs text-muted">{t("conference.moderator")}</span>
      )}
      {isMuted && <span className="text-xs text-danger">{t("conference.muted")}</span>}
      {isSelf && <span className="text-xs text-muted">{t("panel.you")}</span>}
      <Elapsed since={joinedAt} label={displayName} className="ml-auto text-xs text-muted" />
      {(mayControl || isSelf) && (
        <button
          type="button"
          className="btn btn-sm"
          onClick={() => void run(isMuted ? "conferenceUnmute" : "conferenceMute", about, participantId)}
        >
          {t(isMuted ? "conference.unmute" : "conference.mute")}
        </button>
      )}
      {mayControl && !isModerator && (
        <button
          type="button"
          className="btn btn-sm"
          onClick={() => void run("conferencePromote", about, participantId)}
        >
          {t("conference.promote")}
        </button>
      )}
      {mayControl && !isSelf && (
        <button
          type="button"
          className="btn btn-sm"
          onClick={() =>
            ask({
              title: t("conference.kick"),
              text: t("conference.askKick", { name: displayName, room: room.name }),
              confirm: t("conference.kick"),
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
