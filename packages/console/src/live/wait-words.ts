import type { QueueEntry } from "@pbx-x/protocol/runtime";
import type { T } from "../words/use-words.ts";
import { formatElapsed } from "./format-time.ts";

/** Where a caller stands in a queue, and how long it takes from there where that is known. */
export function waitWords({ position, estimatedWaitSeconds }: QueueEntry, t: T): string {
  const words = [t("call.position", { position })];
  if (estimatedWaitSeconds > 0)
    words.push(t("call.expectedWait", { time: formatElapsed(estimatedWaitSeconds * 1000) }));
  return words.join(" · ");
}
