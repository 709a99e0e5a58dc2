import type { Actor, Channel } from "@pbx-x/protocol/runtime";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { ConnectionState } from "../connection/connection-state.ts";
import type { ChannelStatus } from "../delivery/wanted-channels.ts";
import { usePbx } from "./provider.ts";
import { useReadable } from "./use-readable.ts";

const idle: ConnectionState = Object.freeze({ at: "idle" });
const nobody: Actor = Object.freeze({ permissions: new Set<never>() });
const unwanted: ChannelStatus = Object.freeze({ is: "unwanted" });

/** The state of the connection, for banners and disabled buttons. */
export function useConnection(): ConnectionState {
  return useReadable(usePbx().connection, idle);
}

/** The user's permissions and own extension; nobody's until the first connection. */
export function useActor(): Actor {
  return useReadable(usePbx().actor, nobody);
}

/**
 * Wants channels for as long as the component is mounted ([D9], [M6]); the array may be a new one each time. Other
 * components may want the same: it is counted.
 */
export function useChannels(channels: readonly Channel[]): void {
  const client = usePbx();
  // Names have no line ends: one text per list of names.
  const key = [...new Set(channels)].join("\n");
  useEffect(() => (key === "" ? undefined : client.channels.want(key.split("\n") as Channel[])), [client, key]);
}

/** What became of a channel: pending, live, or refused and why. With `live` all that it brings is there for the other hooks ([M3]). */
export function useChannelStatus(channel: Channel): ChannelStatus {
  const { channels } = usePbx();
  const get = useCallback(() => channels.published(channel), [channels, channel]);
  return useSyncExternalStore(channels.subscribe, get, () => unwanted);
}
