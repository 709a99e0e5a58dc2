import type { AgentStatus, PresenceStatus } from "@pbx-x/protocol/runtime";
import type { Shown } from "../live/calls.ts";
import type { WordKey } from "../words/words.ts";
import type { IconName } from "./icons.tsx";

/** The states' colours; nothing else names them (§6 of the design). */
export type Tone = "ok" | "ring" | "talk" | "hold" | "park" | "amber" | "danger" | "off";

export interface Mark {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: WordKey;
}

const callMarks: Readonly<Record<Shown, Mark>> = {
  incoming: { tone: "ring", icon: "bell", word: "call.ringing" },
  outgoing: { tone: "ring", icon: "out", word: "call.initiated" },
  own_ringing: { tone: "ring", icon: "bell", word: "call.yourPhoneRings" },
  talking: { tone: "talk", icon: "square", word: "call.answered" },
  held: { tone: "hold", icon: "pause", word: "call.held" },
  held_by_other: { tone: "hold", icon: "pause", word: "call.heldByOther" },
  transferred: { tone: "ring", icon: "transfer", word: "call.transferred" },
  parked: { tone: "park", icon: "park", word: "call.parked" },
  ended: { tone: "off", icon: "cross", word: "call.ended" },
};

const presenceMarks: Readonly<Record<PresenceStatus, Mark>> = {
  available: { tone: "ok", icon: "disc", word: "presence.available" },
  busy: { tone: "talk", icon: "square", word: "presence.busy" },
  away: { tone: "amber", icon: "half", word: "presence.away" },
  dnd: { tone: "danger", icon: "minus", word: "presence.dnd" },
  offline: { tone: "off", icon: "disc", word: "presence.offline" },
};

export const callMark = (shown: Shown, isRecall = false): Mark =>
  isRecall && shown === "incoming" ? { tone: "amber", icon: "returned", word: "call.returned" } : callMarks[shown];
export const presenceMark = (status: PresenceStatus): Mark => presenceMarks[status];

const agentMarks: Readonly<Record<AgentStatus, Mark>> = {
  available: { tone: "ok", icon: "disc", word: "agent.available" },
  busy: { tone: "talk", icon: "square", word: "agent.busy" },
  wrap_up: { tone: "amber", icon: "diamond", word: "agent.wrap_up" },
  break: { tone: "amber", icon: "cup", word: "agent.break" },
  offline: { tone: "off", icon: "disc", word: "agent.offline" },
};
export const agentMark = (status: AgentStatus): Mark => agentMarks[status];
