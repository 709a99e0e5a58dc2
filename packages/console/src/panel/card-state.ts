import type { Call, Extension, PresenceStatus, QueueEntry } from "@pbx-x/protocol/runtime";
import { otherParty, phaseSince, shownState, sideOf } from "../live/calls.ts";
import type { Party } from "@pbx-x/protocol/runtime";
import { callMark, type Mark, noPhoneMark, presenceMark } from "../ui/marks.ts";

export interface CardInput {
  readonly number: string;
  readonly extensionId: string;
  readonly calls: readonly Call[];
  /** Places in queues of these calls. */
  readonly entries?: readonly QueueEntry[];
  readonly extension: Extension | undefined;
  readonly presence: PresenceStatus | undefined;
  /** Registered devices; undefined where one may not know. */
  readonly phones: number | undefined;
}

export interface CardState {
  readonly mark: Mark;
  readonly call: Call | undefined;
  /** When the phase began that the mark tells. */
  readonly since: string | undefined;
  readonly other: Party | undefined;
  /** The queue that the call waits in. */
  readonly queueName: string | undefined;
  readonly isRinging: boolean;
  /** There is no phone to ring. */
  readonly isOffline: boolean;
  readonly forwardedTo: string | undefined;
}

const order: readonly string[] = [
  "talking",
  "incoming",
  "own_ringing",
  "outgoing",
  "waiting",
  "held",
  "held_by_other",
  "transferred",
];

/** What a card shows: the liveliest call, else do not disturb, else no phone, else presence. */
export function cardState({
  number,
  extensionId,
  calls,
  entries = [],
  extension,
  presence,
  phones,
}: CardInput): CardState {
  const who = { number, extensionId };
  const own = calls.filter((call) => {
    const side = sideOf(call, who);
    // Who is to be called hears nothing of it before it rings.
    return side !== undefined && call.state !== "parked" && !(call.state === "initiated" && side === "callee");
  });
  const entryOf = (call: Call): QueueEntry | undefined => entries.find(({ callId }) => callId === call.callId);
  const rank = (call: Call): number => order.indexOf(shownState(call, who, entryOf(call)));
  const call = own.toSorted((a, b) => rank(a) - rank(b))[0];
  const isOffline = phones === 0 || (phones === undefined && presence === "offline");
  const forwardedTo =
    extension?.forwardUnconditionalEnabled === true
      ? (extension.forwardUnconditionalDestination ?? undefined)
      : undefined;
  const rest = { call, isOffline, forwardedTo };
  if (call !== undefined) {
    const entry = entryOf(call);
    const shown = shownState(call, who, entry);
    return {
      ...rest,
      mark: callMark(shown, call.isRecall),
      since: phaseSince(call, shown, entry),
      queueName: shown === "waiting" ? entry?.queueName : undefined,
      other: otherParty(call, who),
      isRinging: shown === "incoming",
    };
  }
  const idle = { ...rest, since: undefined, other: undefined, queueName: undefined, isRinging: false };
  if (extension?.dndEnabled === true || presence === "dnd") return { ...idle, mark: presenceMark("dnd") };
  if (phones === 0) return { ...idle, mark: noPhoneMark };
  return { ...idle, mark: presenceMark(presence ?? "offline") };
}
