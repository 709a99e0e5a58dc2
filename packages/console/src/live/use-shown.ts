import { useEntity } from "@pbx-x/client/react";
import type { Call, QueueEntry } from "@pbx-x/protocol/runtime";
import { useMe } from "../session/me.ts";
import { phaseSince, type Shown, shownState } from "./calls.ts";

/** What a call is for oneself now, since when, and its place in a queue while it waits there. */
export function useShown(call: Call): {
  readonly shown: Shown;
  readonly since: string | undefined;
  readonly wait: QueueEntry | undefined;
} {
  const entry = useEntity("queueEntries", call.callId);
  const shown = shownState(call, useMe(), entry);
  return { shown, since: phaseSince(call, shown, entry), wait: shown === "waiting" ? entry : undefined };
}
