import type { Call, QueueEntry } from "@pbx-x/protocol/runtime";
import { useCallback, useMemo } from "react";
import { sideOf } from "../live/calls.ts";
import type { Entry } from "../live/directory.tsx";
import { useSelector } from "@pbx-x/client/react";
import { sameList } from "../live/shallow.ts";
import { useMay } from "../session/me.ts";
import { type CardState, cardState } from "./card-state.ts";

/** Follows what concerns one extension only, so that nothing else renders its card ([U27]). */
export function useCardState({ number, extensionId }: Pick<Entry, "number" | "extensionId">): CardState {
  const knowsPhones = useMay("extensions.view.all");
  const calls = useSelector(
    useCallback(
      (read) => {
        const found: Call[] = [];
        for (const call of read("calls").values())
          if (sideOf(call, { number, extensionId }) !== undefined) found.push(call);
        return found;
      },
      [number, extensionId],
    ),
    sameList,
  );
  const entries = useSelector(
    useCallback(
      (read) => calls.map(({ callId }) => read("queueEntries").get(callId)).filter((entry) => entry !== undefined),
      [calls],
    ),
    sameList<QueueEntry>,
  );
  const extension = useSelector(useCallback((read) => read("extensions").get(number), [number]));
  const presence = useSelector(useCallback((read) => read("presence").get(extensionId)?.presenceStatus, [extensionId]));
  const phones = useSelector(
    useCallback(
      (read) => {
        if (!knowsPhones) return undefined;
        let count = 0;
        for (const registration of read("registrations").values()) if (registration.number === number) count += 1;
        return count;
      },
      [number, knowsPhones],
    ),
  );
  return useMemo(
    () => cardState({ number, extensionId, calls, entries, extension, presence, phones }),
    [number, extensionId, calls, entries, extension, presence, phones],
  );
}
