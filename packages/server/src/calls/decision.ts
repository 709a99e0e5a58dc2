import type { LegId, Operation } from "@pbx-x/telephony";
import type { CallState, LoggedEventType } from "@pbx-x/protocol";
import type { Call, PhaseName } from "./call.ts";
import { nextPlace } from "./call-recording.ts";
import { trunkOf } from "./call.ts";
import { summaryOf } from "./call-summary.ts";
import type { OutsideRefusal } from "../routing/outside-guard.ts";
import { enterPhase } from "./phases.ts";
import { areSameLegs, wireLegsOf } from "./wire-legs.ts";

/** Who or what brought an event about ([W45]). */
export interface Cause {
  readonly via: "command" | "phone" | "timer" | "admin" | "system";
  readonly userId?: string;
  readonly commandId?: string;
}

/** What the driver has to do after the events are appended; data only. */
export type Effect =
  | { readonly kind: "perform"; readonly operation: Operation }
  | { readonly kind: "schedule"; readonly timer: CallTimer; readonly delayMs: number }
  | { readonly kind: "unschedule"; readonly timer: CallTimer }
  /** A leg that this call shared belongs to the other one alone from now on. */
  | { readonly kind: "giveBack"; readonly returned: ReturnedLeg }
  /** A call goes outside: counted for whoever sent it there ([G11]). */
  | { readonly kind: "noteOutside"; readonly payerId: string | undefined }
  | { readonly kind: "reportRefusal"; readonly refusal: OutsideRefusal };

export interface ReturnedLeg {
  /** The call that it goes back to. */
  readonly callId: string;
  readonly legId: LegId;
  /** It hears music, which nobody else will stop. */
  readonly hasMusic: boolean;
  readonly isHeldAtDevice: boolean;
}

export type CallTimer = "maximum_duration" | "parking" | "queue_wait" | "queue_announcement";

/** Events that name the trunk, where one is used ([C11]). */
const namingTrunk: ReadonlySet<LoggedEventType> = new Set([
  "CALL_CREATED",
  "CALL_RINGING",
  "CALL_ANSWERED",
  "CALL_ENDED",
]);

/** Events that tell the legs, where they changed ([C2]): those that everybody hears who hears of the call. */
const tellingLegs: ReadonlySet<LoggedEventType> = new Set([
  ...namingTrunk,
  "CALL_HELD",
  "CALL_UNHELD",
  "CALL_MUTED",
  "CALL_UNMUTED",
  "CALL_TRANSFERRED",
  "CALL_TRANSFER_FAILED",
  "CALL_PARKED",
  "CALL_UNPARKED",
]);

/** An event of a call before it gets its place in the log. */
export interface CallEvent {
  readonly type: LoggedEventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly participants: Call["participants"];
  /** The queue that the call waits in, or came through. */
  readonly queueId?: string;
  /** The call was parked until now: those who watch the slots have to know ([W54]). */
  readonly wasParked?: boolean;
}

export interface Decision {
  readonly call: Call;
  readonly events: readonly CallEvent[];
  readonly effects: readonly Effect[];
}

/** One call's part in what happens to several at once: carried out in order, appended in one. */
export interface Step {
  readonly before: Call | undefined;
  readonly decision: Decision;
}

/** What a decision may use from outside. */
export interface DecisionContext {
  readonly nowMs: number;
  readonly newId: () => string;
  readonly cause: Cause;
}

/** Collects what one input brings about: the next state, its events in order, its effects in order. */
export class DecisionBuilder {
  #call: Call;
  readonly #events: CallEvent[] = [];
  readonly #effects: Effect[] = [];
  readonly #context: DecisionContext;

  constructor(call: Call, context: DecisionContext) {
    this.#call = call;
    this.#context = context;
  }

  get call(): Call {
    return this.#call;
  }

  get nowMs(): number {
    return this.#context.nowMs;
  }

  newId<Id extends string>(): Id {
    return this.#context.newId() as Id;
  }

  change(changes: Partial<Omit<Call, "callId" | "version" | "state">>): this {
    this.#call = { ...this.#call, ...changes };
    return this;
  }

  enter(phase: PhaseName): this {
    return this.change(enterPhase(this.#call, phase, this.#context.nowMs));
  }

  /** Adds an event; identity, version and cause are filled in ([C3], [W45]), and the whole call where somebody new sees it ([W49]). */
  emit(
    type: LoggedEventType,
    state: CallState,
    data: Readonly<Record<string, unknown>>,
    audience: Pick<CallEvent, "wasParked"> = {},
  ): this {
    const isNews = this.#call.participants.length > this.#call.told && type !== "CALL_CREATED";
    this.#call = { ...this.#call, version: this.#call.version + 1, state, told: this.#call.participants.length };
    const { callId, threadId, version, participants, queue } = this.#call;
    const trunk = namingTrunk.has(type) ? trunkOf(this.#call) : undefined;
    this.#events.push({
      type,
      data: {
        callId,
        ...data,
        ...(trunk !== undefined && { trunk }),
        state,
        version,
        threadId,
        causedBy: this.#context.cause,
        ...(isNews && { call: summaryOf(this.#call) }),
      },
      participants,
      ...(queue !== undefined && { queueId: queue.id }),
      ...audience,
    });
    return this;
  }

  /** Adds an event that is about the call and not one of its own: it has no version ([C3]). */
  tell(type: LoggedEventType, data: Readonly<Record<string, unknown>> & { readonly queueId: string }): this {
    const { callId, participants } = this.#call;
    const causedBy = this.#context.cause;
    this.#events.push({ type, data: { callId, ...data, causedBy }, participants, queueId: data.queueId });
    return this;
  }

  perform(...operations: readonly Operation[]): this {
    for (const operation of operations) this.#effects.push({ kind: "perform", operation });
    return this;
  }

  giveBack(returned: ReturnedLeg): this {
    this.#effects.push({ kind: "giveBack", returned });
    return this;
  }

  schedule(timer: CallTimer, delayMs: number): this {
    this.#effects.push({ kind: "schedule", timer, delayMs });
    return this;
  }

  unschedule(timer: CallTimer): this {
    this.#effects.push({ kind: "unschedule", timer });
    return this;
  }

  noteOutside(payerId: string | undefined): this {
    this.#effects.push({ kind: "noteOutside", payerId });
    return this;
  }

  report(refusal: OutsideRefusal): this {
    this.#effects.push({ kind: "reportRefusal", refusal });
    return this;
  }

  build(): Decision {
    this.#moveRecording();
    this.#tellLegs();
    return { call: this.#call, events: this.#events, effects: this.#effects };
  }

  /** The last event of what happened tells the legs as they are then ([C2]); an end needs not say that there are none. */
  #tellLegs(): void {
    const index = this.#events.findLastIndex(({ type }) => tellingLegs.has(type));
    const last = this.#events[index];
    if (last === undefined || last.type === "CALL_ENDED") return;
    const legs = wireLegsOf(this.#call);
    const isNews = this.#events.some(({ data }) => data["call"] !== undefined);
    if (!isNews && areSameLegs(legs, this.#call.toldLegs ?? [])) return;
    this.#events[index] = { ...last, data: { ...last.data, legs } };
    this.change({ toldLegs: legs });
  }

  /** A recording goes where its call goes, whatever took the call there ([C51]). */
  #moveRecording(): void {
    const recording = nextPlace(this.#call);
    if (recording === undefined) return;
    const { recordingId, bridgeId, leftLegId } = recording;
    this.change({ recording }).perform({ op: "moveRecording", recordingId, bridgeId, leftLegId });
  }
}
