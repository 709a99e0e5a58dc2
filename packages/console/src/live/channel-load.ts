import { eventTable, type EventType } from "@pbx-x/protocol/runtime";

/** How many events came lately by each channel; after a minute without any they hardly count. */
export interface ChannelLoad {
  note(type: string, now: number): void;
  /** Which of these brings the most; undefined where none brings any. */
  busiest(channels: readonly string[], now: number): string | undefined;
}

const halfLifeMs = 15_000;

export function createChannelLoad(): ChannelLoad {
  const counts = new Map<string, { readonly count: number; readonly at: number }>();
  const countOf = (channel: string, now: number): number => {
    const known = counts.get(channel);
    return known === undefined ? 0 : known.count * 0.5 ** ((now - known.at) / halfLifeMs);
  };
  return {
    note: (type, now) => {
      if (!isKnown(type)) return;
      for (const channel of eventTable[type].channels)
        counts.set(channel, { count: countOf(channel, now) + 1, at: now });
    },
    busiest: (channels, now) => {
      const loads = channels
        .map((channel) => ({ channel, load: countOf(channel, now) }))
        .filter(({ load }) => load > 0)
        .toSorted((a, b) => b.load - a.load);
      return loads[0]?.channel;
    },
  };
}

function isKnown(type: string): type is EventType {
  return Object.hasOwn(eventTable, type);
}
