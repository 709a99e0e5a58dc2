import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { useAnyPbxEvent } from "@pbx-x/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { addEvents, emptyBuffer, type EventBuffer } from "./event-buffer.ts";

export interface EventFeed extends EventBuffer {
  readonly isPaused: boolean;
  /** Received while paused; shown when it goes on. */
  readonly waiting: number;
  setPaused(isPaused: boolean): void;
  readonly clear: () => void;
}

/** All events of the session, gathered and shown twice a second at most, so that a flood stays readable ([U60]). */
export function useEventFeed(): EventFeed {
  const [buffer, setBuffer] = useState<EventBuffer>(emptyBuffer);
  const [isPaused, setPaused] = useState(false);
  const [waiting, setWaiting] = useState(0);
  const incoming = useRef<EventBuffer>(emptyBuffer);
  const fresh = useRef<AnyEvent[]>([]);
  useAnyPbxEvent((event) => void fresh.current.push(event));
  useEffect(() => {
    const timer = setInterval(() => {
      if (fresh.current.length === 0) return;
      const added = fresh.current.splice(0);
      if (isPaused) {
        incoming.current = addEvents(incoming.current, added);
        setWaiting(incoming.current.events.length + incoming.current.dropped);
      } else setBuffer((before) => addEvents(before, added));
    }, 250);
    return () => clearInterval(timer);
  }, [isPaused]);
  const changePause = useCallback((wanted: boolean) => {
    setPaused(wanted);
    if (wanted) return;
    const { events, dropped } = incoming.current;
    incoming.current = emptyBuffer;
    setWaiting(0);
    setBuffer((before) => {
      const merged = addEvents(before, events);
      return { ...merged, dropped: merged.dropped + dropped };
    });
  }, []);
  const clear = useCallback(() => setBuffer(emptyBuffer), []);
  return { ...buffer, isPaused, waiting, setPaused: changePause, clear };
}
