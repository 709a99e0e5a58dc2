import { useConference, useConferences, useParticipants } from "@pbx-x/client/react";
import { useIsPaused, useLiveChannels } from "../live/use-live-channels.ts";
import { useEffect } from "react";
import { useDial } from "../dial/use-dial.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { useMay, useMe } from "../session/me.ts";
import { ConfigureLink } from "../ui/configure-link.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { Empty, LoadError, PageView, Skeleton } from "../ui/page.tsx";
import { besides } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { PersonRow } from "./person-row.tsx";
import { type Room, RoomControls } from "./room-controls.tsx";
import { useTalking } from "./use-talking.ts";

/** Rooms with who is in them, in the order of joining, never of loudness. */
export function ConferencesPage() {
  const t = useWords();
  useLiveChannels(["conferences"]);
  const live = useConferences();
  const { data, error, isLoading, reload } = useApi<Page<Room>>("/conferences?limit=100");
  useEffect(reload, [live.length, reload]);
  const rooms = data?.data ?? [];
  return (
    <PageView title={t("conference.title")}>
      {error !== undefined && <LoadError error={error} onRetry={reload} />}
      {data === undefined && isLoading && <Skeleton />}
      {data !== undefined && rooms.length === 0 && (
        <Empty icon="people" text={t("conference.empty")}>
          <ConfigureLink href="/admin/conferences" text={t("panel.addOne")} />
        </Empty>
      )}
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        {rooms.map((room) => (
          <RoomView key={room.id} room={room} />
        ))}
      </div>
    </PageView>
  );
}

function RoomView({ room }: { readonly room: Room }) {
  const t = useWords();
  const isPaused = useIsPaused("conferences");
  const { userId, extensionId } = useMe();
  const dial = useDial();
  const live = useConference(room.id);
  const people = useParticipants(room.id);
  const talking = useTalking(room.id);
  const own = people.find((each) => each.extensionId !== undefined && each.extensionId === extensionId);
  const mayControl =
    useMay("conferences.control") || room.moderatorUserIds.includes(userId) || own?.isModerator === true;
  const moderators = people.filter(({ isModerator }) => isModerator).length;
  // What events told counts more than what was read once.
  const isLocked = live?.isLocked ?? (live === undefined ? false : room.isLocked);
  return (
    <section aria-label={room.name} data-room={room.number} data-locked={isLocked} className="panel">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
        <Icon name="people" className="text-muted" />
        <span className="font-semibold">{room.name}</span>
        <span className="num text-muted">{room.number}</span>
        {isLocked && <StateMark mark={besides.lockedRoom} />}
        {live?.recordingId !== undefined && (
          <span data-recording>
            <StateMark mark={besides.recordedRoom} />
          </span>
        )}
        <span className="num text-sm text-muted">{t("conference.participants", { count: people.length })}</span>
        {live?.startedAt !== undefined && (
          <Elapsed since={live.startedAt} label={room.name} className="text-sm text-muted" />
        )}
        {room.endsWithoutModerator && <span className="text-xs text-muted">{t("conference.needsModerator")}</span>}
        {own === undefined && (
          <button type="button" className="btn btn-sm ml-auto" onClick={() => dial(room.number)}>
            <Icon name="phone" size={14} />
            {t("conference.join")}
          </button>
        )}
      </div>
      {people.length === 0 && (
        <p className="px-4 py-4 text-sm text-muted">{t(isPaused ? "connection.pausedHere" : "conference.nobody")}</p>
      )}
      <ul>
        {people.map((person) => (
          <PersonRow
            key={person.participantId}
            person={person}
            room={room}
            isSelf={person === own}
            isTalking={talking.has(person.participantId)}
            mayControl={mayControl}
            isLastModerator={room.endsWithoutModerator && person.isModerator && moderators === 1}
          />
        ))}
      </ul>
      {mayControl && people.length > 0 && (
        <RoomControls
          room={room}
          count={people.length}
          isLocked={isLocked}
          isRecorded={live?.recordingId !== undefined}
        />
      )}
    </section>
  );
}
