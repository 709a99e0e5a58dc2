import { useChannels } from "@pbx-x/client/react";
import type { Channel } from "@pbx-x/protocol/runtime";
import { useEffect } from "react";
import { createStore, useStore } from "../ui/store.ts";

/** What a page can be without: what concerns oneself comes by `me` and is never given up. */
export const optionalChannels = [
  "calls",
  "extensions",
  "presence",
  "queues",
  "agents",
  "parking",
  "conferences",
  "voicemail",
  "trunks",
] as const satisfies readonly Channel[];
export type OptionalChannel = (typeof optionalChannels)[number];

/** Given up because this page could not keep up ([U26]); each until somebody wants it again, or the page is loaded anew. */
export const pausedChannels = createStore<ReadonlySet<OptionalChannel>>(new Set());

const wanted = new Map<string, number>();

/** The optional channels that pages want now and get. */
export function channelsToGiveUp(): readonly OptionalChannel[] {
  return optionalChannels.filter((channel) => wanted.has(channel) && !pausedChannels.get().has(channel));
}

/** Whether a list is empty only because it is not asked for now ([U2]). */
export function useIsPaused(channel: OptionalChannel): boolean {
  return useStore(pausedChannels, (all) => all.has(channel));
}

/** The channels of a page while it is on view, but for those that are paused. */
export function useLiveChannels(channels: readonly Channel[]): void {
  const paused = useStore(pausedChannels);
  useChannels(channels.filter((channel) => !paused.has(channel as OptionalChannel)));
  const key = channels.join("\n");
  useEffect(() => {
    const names = key.split("\n");
    for (const name of names) wanted.set(name, (wanted.get(name) ?? 0) + 1);
    return () => {
      for (const name of names) {
        const left = (wanted.get(name) ?? 1) - 1;
        if (left === 0) wanted.delete(name);
        else wanted.set(name, left);
      }
    };
  }, [key]);
}
