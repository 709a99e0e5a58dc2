import { useAnyPbxEvent, usePbxEvent } from "@pbx-x/client/react";
import { useRef } from "react";
import { createChannelLoad } from "../live/channel-load.ts";
import { channelsToGiveUp, type OptionalChannel, pausedChannels } from "../live/use-live-channels.ts";
import { Icon } from "../ui/icons.tsx";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";

/** Gives up the busiest list where the connection ended because this page could not keep up, and says so ([U26]). */
export function PausedBar() {
  const t = useWords();
  const load = useRef(createChannelLoad());
  const paused = useStore(pausedChannels);
  useAnyPbxEvent(({ type }) => load.current.note(type, performance.now()));
  usePbxEvent("DISCONNECTED", ({ data: { reason } }) => {
    if (reason !== "slow_consumer") return;
    const all = channelsToGiveUp();
    const busiest = all.find((channel) => channel === load.current.busiest(all, performance.now()));
    if (busiest !== undefined) pausedChannels.set(new Set(pausedChannels.get()).add(busiest));
  });
  const wantAgain = (channel: OptionalChannel): void =>
    pausedChannels.set(new Set([...pausedChannels.get()].filter((each) => each !== channel)));
  return [...paused].map((channel) => (
    <div
      key={channel}
      role="status"
      data-paused={channel}
      className="flex items-center gap-3 border-b border-line bg-[color-mix(in_srgb,var(--amber)_var(--tint),var(--raised))] px-4 py-2 text-sm text-amber"
    >
      <Icon name="pause" />
      <span className="min-w-0">{t("connection.paused", { list: t(`channel.${channel}`) })}</span>
      <button type="button" className="btn btn-sm shrink-0" onClick={() => wantAgain(channel)}>
        {t("connection.unpause")}
      </button>
    </div>
  ));
}
