import type { Call, Extension, PresenceStatus } from "@pbx-x/protocol/runtime";
import { otherParty, shownState, sideOf } from "../live/calls.ts";
import type { Party } from "@pbx-x/protocol/runtime";
import { callMark, type Mark, noPhoneMark, presenceMark } from "../ui/marks.ts";

export interface CardInput {
  readonly number: string;
  readonly extensionId: string;
  readonly calls: readonly Call[];
  readonly extension: Extension | undefined;
  readonly presence: PresenceStatus | undefined;
  /** Registered devices; undefined where one may not know. */
  readonly phones: number | undefined;
}

export interface CardState {
  readonly mark: Mark;
  readonly call: Call | undefined;
  readonly other: Party | undefined;
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
  "held",
  "held_by_other",
  "transferred",
];

/** What a card shows: the liveliest call, else do not disturb, else no phone, else presence. */
export function cardState({ number, extensionId, calls, extension, presence, phones }: CardInput): CardState {
  const who = { number, extensionId };
  const own = calls.filter((call) => {
    const side = sideOf(call, who);
    // Who is to be called hears nothing of it before it rings.
    return side !== undefined && call.state !== "parked" && !(call.state === "initiated" && side === "callee");
  });
  const rank = (call: Call): number => order.indexOf(shownState(call, who));
  const call = own.toSorted((a, b) => rank(a) - rank(b))[0];
  const isOffline = phones === 0 || (phones === undefined && presence === "offline");
  const forwardedTo =
    extension?.forwardUnconditionalEnabled === true
      ? (extension.forwardUnconditionalDestination ?? undefined)
      : undefined;
  const rest = { call, isOffline, forwardedTo };
  if (call !== undefined) {
    const shown = shownState(call, who);
    return {
      ...rest,
      mark: callMark(shown, call.isRecall),
      other: otherParty(call, who),
      isRinging: shown === "incoming",
    };
  }
  const idle = { ...rest, other: undefined, isRinging: false };
  if (extension?.dndEnabled === true || presence === "dnd") return { ...idle, mark: presenceMark("dnd") };
  if (phones === 0) return { ...idle, mark: noPhoneMark };
  return { ...idle, mark: presenceMark(presence ?? "offline") };
}
