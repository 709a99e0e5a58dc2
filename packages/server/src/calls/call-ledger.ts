import { contentOf } from "../event-log/event-content.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import type { TrunkRef } from "./call.ts";

/** What is kept of a call from its beginning until its end is written; enough for a record and for a late end. */
export interface OpenCall {
  readonly callId: string;
  readonly threadId: string;
  readonly version: number;
  readonly direction: string;
  readonly caller: { readonly number: string; readonly name?: string };
  readonly callee: { readonly number: string; readonly name?: string };
  /** The trunk that its events named last ([C11]). */
  readonly trunk?: TrunkRef;
  readonly createdAtMs: number;
  readonly answeredAtMs?: number;
  /** Only while it waits in a parking slot. */
  readonly parkedAtMs?: number;
  /** Only while it waits in a queue. */
  readonly queued?: {
    readonly queueId: string;
    readonly queueName: string;
    readonly queueEntryId: string;
    readonly enteredAtMs: number;
  };
  readonly extensions: readonly { readonly id: string; readonly number: string }[];
  readonly userIds: readonly string[];
}

/** A finished call, as the list of call records has it ([R6]). */
export interface CallRecord extends OpenCall {
  readonly endedAtMs: number;
  readonly durationSeconds: number;
  readonly hangupCause: string;
  readonly hangupBy: string;
  readonly reason?: string;
  /** The call that went on instead of this one ([C5]). */
  readonly mergedInto?: string;
  readonly phases?: Readonly<Record<string, number>>;
}

/** Folds the log into open calls and records. Seeing an event twice, or from the middle, does no harm. */
export class CallLedger {
  readonly #open = new Map<string, OpenCall>();
  #seq: number;

  constructor(start: { readonly seq: number; readonly open: readonly OpenCall[] } = { seq: 0, open: [] }) {
    this.#seq = start.seq;
    for (const call of start.open) this.#open.set(call.callId, call);
  }

  /** Position up to which the log has been folded. */
  get seq(): number {
    return this.#seq;
  }

  open(): readonly OpenCall[] {
    return [...this.#open.values()];
  }

  /** Returns the record when the event ended a call. */
  fold(event: LoggedEvent): CallRecord | undefined {
    if (event.seq <= this.#seq) return undefined;
    this.#seq = event.seq;
    if (event.callId === undefined) return undefined;
    if (queueEvents.has(event.type)) this.#foldQueue(event, event.callId);
    if (!event.type.startsWith("CALL_")) return undefined;
    const data = dataOf(event);
    const version = typeof data["version"] === "number" ? data["version"] : 0;
    const trunk = trunkOf(data["trunk"]);
    if (event.type === "CALL_CREATED") {
      this.#open.set(event.callId, {
        callId: event.callId,
        threadId: textOf(data["threadId"], event.callId),
        version,
        direction: textOf(data["direction"], "internal"),
        caller: partyOf(data["caller"]),
        callee: partyOf(data["callee"]),
        ...(trunk !== undefined && { trunk }),
        createdAtMs: event.timestampMs,
        extensions: event.audience.extensions ?? [],
        userIds: event.audience.userIds ?? [],
      });
      return undefined;
    }
    const call = this.#open.get(event.callId);
    if (call === undefined) return undefined;
    if (event.type === "CALL_ENDED") {
      this.#open.delete(event.callId);
      return toRecord(call, event.timestampMs, data);
    }
    const isAnswer = event.type === "CALL_ANSWERED" && call.answeredAtMs === undefined;
    const { parkedAtMs, ...rest } = call;
    const parkedSince = parkedAt(event, parkedAtMs);
    this.#open.set(event.callId, {
      ...rest,
      ...(parkedSince !== undefined && { parkedAtMs: parkedSince }),
      ...(trunk !== undefined && { trunk }),
      version,
      extensions: event.audience.extensions ?? call.extensions,
      userIds: event.audience.userIds ?? call.userIds,
      ...(isAnswer && { answeredAtMs: event.timestampMs }),
    });
    return undefined;
  }

  /** It waits in a queue from its entry on, until an agent has it, it has left, or its caller is to be called back. */
  #foldQueue(event: LoggedEvent, callId: string): void {
    const call = this.#open.get(callId);
    if (call === undefined) return;
    const { queued: _, ...rest } = call;
    this.#open.set(callId, event.type === "QUEUE_CALL_ENTERED" ? { ...rest, queued: entryOf(event) } : rest);
  }
}

const queueEvents: ReadonlySet<string> = new Set([
  "QUEUE_CALL_ENTERED",
  "QUEUE_CALL_ANSWERED",
  "QUEUE_CALL_ABANDONED",
  "QUEUE_CALLBACK_REQUESTED",
]);

function entryOf(event: LoggedEvent): NonNullable<OpenCall["queued"]> {
  const data = dataOf(event);
  return {
    queueId: textOf(data["queueId"], ""),
    queueName: textOf(data["queueName"], ""),
    queueEntryId: textOf(data["queueEntryId"], ""),
    enteredAtMs: event.timestampMs,
  };
}

function parkedAt({ type, timestampMs }: LoggedEvent, before: number | undefined): number | undefined {
  if (type === "CALL_PARKED") return timestampMs;
  return type === "CALL_UNPARKED" ? undefined : before;
}

function toRecord(open: OpenCall, endedAtMs: number, data: Readonly<Record<string, unknown>>): CallRecord {
  const { parkedAtMs: _, queued: __, ...call } = open;
  const { reason, mergedInto, phases, durationSeconds } = data;
  const trunk = trunkOf(data["trunk"]);
  return {
    ...call,
    ...(trunk !== undefined && { trunk }),
    endedAtMs,
    durationSeconds: typeof durationSeconds === "number" ? durationSeconds : 0,
    hangupCause: textOf(data["hangupCause"], "failed"),
    hangupBy: textOf(data["hangupBy"], "system"),
    ...(typeof reason === "string" && { reason }),
    ...(typeof mergedInto === "string" && { mergedInto }),
    ...(isRecord(phases) && { phases: numbersOf(phases) }),
  };
}

function dataOf(event: LoggedEvent): Readonly<Record<string, unknown>> {
  const { data }: { readonly data?: unknown } = contentOf(event);
  return isRecord(data) ? data : {};
}

function partyOf(value: unknown): { number: string; name?: string } {
  if (!isRecord(value)) return { number: "" };
  const { name } = value;
  return { number: textOf(value["number"], ""), ...(typeof name === "string" && { name }) };
}

function trunkOf(value: unknown): TrunkRef | undefined {
  if (!isRecord(value)) return undefined;
  return { id: textOf(value["id"], ""), name: textOf(value["name"], "") };
}

function numbersOf(value: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
