import type { AnyEvent, EventOf, EventType } from "@pbx-x/protocol/runtime";
import { useEffect } from "react";
import type { ClientEvents } from "../client-events.ts";
import type { Meta } from "../delivery/delivery.ts";
import { useLatest } from "./command-hooks.ts";
import { usePbx } from "./provider.ts";

/**
 * Calls `run` with each event of a type while the component is mounted; always the function of the last render. The
 * events must be wanted by a channel.
 */
export function usePbxEvent<T extends EventType>(type: T, run: (event: EventOf<T>, meta: Meta) => void): void {
  const client = usePbx();
  const latest = useLatest(run);
  useEffect(
    () => client.on(type, (event: EventOf<T>, meta: Meta) => latest.current(event, meta)),
    [client, type, latest],
  );
}

/** The same for all types, also those that this version does not know. */
export function useAnyPbxEvent(run: (event: AnyEvent, meta: Meta) => void): void {
  const client = usePbx();
  const latest = useLatest(run);
  useEffect(() => client.onAny((event, meta) => latest.current(event, meta)), [client, latest]);
}

/** The same for what the client itself tells: `resumed`, `gap`, `channelError`, `error`. */
export function useClientEvent<T extends keyof ClientEvents>(type: T, run: (event: ClientEvents[T]) => void): void {
  const client = usePbx();
  const latest = useLatest(run);
  useEffect(() => client.on(type, (event: ClientEvents[T]) => latest.current(event)), [client, type, latest]);
}
