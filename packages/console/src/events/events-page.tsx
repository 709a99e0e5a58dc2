import type { AnyEvent, Channel } from "@pbx-x/protocol/runtime";
import { useLiveChannels } from "../live/use-live-channels.ts";
import { type KeyboardEvent, useMemo, useState } from "react";
import { useMe } from "../session/me.ts";
import { Icon } from "../ui/icons.tsx";
import { Empty } from "../ui/page.tsx";
import { copyText } from "../ui/copy-text.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useWords } from "../words/use-words.ts";
import { CommandSender } from "./command-sender.tsx";
import { EventDetail } from "./event-detail.tsx";
import { fits, parseFilter } from "./event-filter.ts";
import { EventTable } from "./event-table.tsx";
import { ReplayControls, type Replay } from "./replay-controls.tsx";
import { useEventFeed } from "./use-event-feed.ts";

/** The live stream with filter, pause and replay: what a developer looks at (§4.10 of the design). */
export function EventsPage() {
  const t = useWords();
  const { permissions } = useMe();
  useLiveChannels(inspectedChannels(permissions));
  const feed = useEventFeed();
  const [get, put] = useQuery();
  const [replay, setReplay] = useState<Replay | undefined>();
  const [chosen, setChosen] = useState<AnyEvent | undefined>();
  const text = get("q");
  const source = replay?.events ?? feed.events;
  const shown = useMemo(() => {
    const filter = parseFilter(text);
    return source.filter((event) => fits(event, filter));
  }, [source, text]);
  const onKey = (event: KeyboardEvent): void => {
    const at = chosen === undefined ? -1 : shown.indexOf(chosen);
    const callId: unknown = chosen?.data !== undefined && "callId" in chosen.data ? chosen.data.callId : undefined;
    const next = (): void => setChosen(shown[Math.min(shown.length - 1, at + 1)]);
    const previous = (): void => setChosen(shown[Math.max(0, at - 1)]);
    const acts: Readonly<Record<string, () => void>> = {
      j: next,
      arrowdown: next,
      k: previous,
      arrowup: previous,
      home: () => setChosen(shown[0]),
      end: () => setChosen(shown.at(-1)),
      " ": () => feed.setPaused(!feed.isPaused),
      y: () => void copyText(JSON.stringify(chosen, undefined, 2)),
      f: () => typeof callId === "string" && put({ q: `call:${callId}` }),
    };
    const act = acts[event.key.toLowerCase()];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div className="flex h-full min-h-[480px] flex-col gap-3 p-4">
      <h1 className="sr-only">{t("events.title")}</h1>
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          className="min-w-64 flex-1 font-mono !text-[13px]"
          label={t("events.filter")}
          value={text}
          onChange={(q) => put({ q })}
        />
        <button
          type="button"
          className="btn"
          aria-pressed={feed.isPaused}
          onClick={() => feed.setPaused(!feed.isPaused)}
        >
          <Icon name={feed.isPaused ? "play" : "pause"} />
          {feed.isPaused ? t("events.resume", { count: feed.waiting }) : t("events.pause")}
        </button>
        <button type="button" className="btn" onClick={feed.clear}>
          {t("events.clear")}
        </button>
        <ReplayControls replay={replay} onReplay={setReplay} />
        <CommandSender events={feed.events} />
      </div>
      {replay !== undefined && (
        <p
          role="status"
          className="rounded-sm bg-[color-mix(in_srgb,var(--hold)_var(--tint),var(--raised))] px-3 py-2 text-sm text-hold"
        >
          {t("events.replayTitle")} {replay.gap !== undefined && t("events.gap", { oldest: replay.gap })}
        </p>
      )}
      <div
        className={`flex min-h-0 flex-1 gap-3 max-lg:flex-col ${replay === undefined ? "" : "rounded-md outline-2 outline-hold"}`}
      >
        <div className="flex min-h-0 min-w-0 flex-[3] flex-col">
          <p className="num pb-1 text-xs text-muted">
            {t("events.count", { shown: shown.length, all: source.length })}
            {feed.dropped > 0 && replay === undefined && ` · ${t("events.dropped", { count: feed.dropped })}`}
          </p>
          {shown.length === 0 ? (
            <Empty icon="list" text={t("events.empty")} />
          ) : (
            <EventTable
              events={shown}
              chosen={chosen}
              isFollowing={!feed.isPaused && replay === undefined}
              onChoose={setChosen}
              onKeyDown={onKey}
            />
          )}
        </div>
        <EventDetail
          event={chosen}
          events={source}
          onChoose={setChosen}
          onFollow={(callId) => put({ q: `call:${callId}` })}
        />
      </div>
    </div>
  );
}

function inspectedChannels(permissions: ReadonlySet<string>): readonly Channel[] {
  const wanted: readonly (readonly [Channel, string])[] = [
    ["me", "none"],
    ["calls", "calls.view.all"],
    ["extensions", "extensions.view.all"],
    ["presence", "presence.view"],
    ["queues", "queues.view.all"],
    ["agents", "agents.view.all"],
    ["parking", "parking.view"],
    ["conferences", "conferences.view.all"],
    ["voicemail", "voicemail.all"],
    ["trunks", "trunks.view"],
    ["system", "system.view"],
  ];
  return wanted.filter(([, right]) => permissions.has(right)).map(([channel]) => channel);
}
