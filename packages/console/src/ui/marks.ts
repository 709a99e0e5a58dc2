import type { AgentStatus, PresenceStatus, TrunkStatus } from "@pbx-x/protocol/runtime";
import type { WebhookState } from "../admin/webhook.ts";
import type { Shown } from "../live/calls.ts";
import type { Level } from "../wall/wall-level.ts";
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
  own_ringing: { tone: "ring", icon: "phoneRings", word: "call.yourPhoneRings" },
  waiting: { tone: "ring", icon: "clock", word: "call.waiting" },
  talking: { tone: "talk", icon: "square", word: "call.answered" },
  held: { tone: "hold", icon: "pause", word: "call.held" },
  held_by_other: { tone: "hold", icon: "pauseThere", word: "call.heldByOther" },
  transferred: { tone: "ring", icon: "transfer", word: "call.transferred" },
  parked: { tone: "park", icon: "park", word: "call.parked" },
  ended: { tone: "off", icon: "cross", word: "call.ended" },
};

const presenceMarks: Readonly<Record<PresenceStatus, Mark>> = {
  available: { tone: "ok", icon: "disc", word: "presence.available" },
  busy: { tone: "talk", icon: "square", word: "presence.busy" },
  away: { tone: "amber", icon: "half", word: "presence.away" },
  dnd: { tone: "danger", icon: "minus", word: "presence.dnd" },
  offline: { tone: "off", icon: "ring", word: "presence.offline" },
};

const returned: Mark = { tone: "amber", icon: "returned", word: "call.returned" };
export const noPhoneMark: Mark = { tone: "off", icon: "phoneOff", word: "panel.noPhone" };

export const callMark = (shown: Shown, isRecall = false): Mark =>
  isRecall && shown === "incoming" ? returned : callMarks[shown];
export const presenceMark = (status: PresenceStatus): Mark => presenceMarks[status];

const agentMarks: Readonly<Record<AgentStatus, Mark>> = {
  available: { tone: "ok", icon: "disc", word: "agent.available" },
  busy: { tone: "talk", icon: "square", word: "agent.busy" },
  wrap_up: { tone: "amber", icon: "diamond", word: "agent.wrap_up" },
  break: { tone: "amber", icon: "cup", word: "agent.break" },
  offline: { tone: "off", icon: "ring", word: "agent.offline" },
};
export const agentMark = (status: AgentStatus): Mark => agentMarks[status];

const trunkMarks: Readonly<Record<TrunkStatus, Mark>> = {
  active: { tone: "ok", icon: "disc", word: "trunk.active" },
  degraded: { tone: "amber", icon: "warning", word: "trunk.degraded" },
  inactive: { tone: "off", icon: "ring", word: "trunk.inactive" },
};
export const trunkMark = (status: TrunkStatus): Mark => trunkMarks[status];

const wallMarks: Readonly<Record<Level, Mark>> = {
  ok: { tone: "ok", icon: "disc", word: "wall.ok" },
  warning: { tone: "amber", icon: "warning", word: "wall.warning" },
  critical: { tone: "danger", icon: "critical", word: "wall.critical" },
};
export const wallMark = (level: Level): Mark => wallMarks[level];

const webhookMarks: Readonly<Record<WebhookState, Mark>> = {
  on: { tone: "ok", icon: "check", word: "webhook.state.on" },
  failing: { tone: "amber", icon: "warning", word: "webhook.state.failing" },
  paused: { tone: "off", icon: "pause", word: "webhook.state.paused" },
  off: { tone: "danger", icon: "critical", word: "webhook.state.off" },
};
export const webhookMark = (state: WebhookState): Mark => webhookMarks[state];

/** What a call or a conference is besides its state. */
export const besides = {
  recording: { tone: "danger", icon: "record", word: "call.recording" },
  recordingPaused: { tone: "danger", icon: "recordPaused", word: "call.recordingPaused" },
  recordedRoom: { tone: "danger", icon: "record", word: "conference.recording" },
  lockedRoom: { tone: "amber", icon: "lock", word: "conference.locked" },
  speaks: { tone: "ok", icon: "wave", word: "conference.talking" },
  mutedThere: { tone: "danger", icon: "micOff", word: "conference.muted" },
  listensIn: { tone: "hold", icon: "ear", word: "supervisor.listensIn" },
} as const satisfies Readonly<Record<string, Mark>>;

/** Every mark, by what it is about: shape and word of each are its own within its part ([U5]). */
export const markParts: readonly { readonly word: WordKey; readonly marks: readonly Mark[] }[] = [
  {
    word: "marks.calls",
    marks: [...Object.values(callMarks), returned, besides.recording, besides.recordingPaused, besides.listensIn],
  },
  { word: "marks.presence", marks: [...Object.values(presenceMarks), noPhoneMark] },
  { word: "marks.agents", marks: Object.values(agentMarks) },
  { word: "marks.conferences", marks: [besides.speaks, besides.mutedThere, besides.lockedRoom, besides.recordedRoom] },
  { word: "marks.queues", marks: Object.values(wallMarks) },
  { word: "marks.trunks", marks: Object.values(trunkMarks) },
  { word: "marks.webhooks", marks: Object.values(webhookMarks) },
];
