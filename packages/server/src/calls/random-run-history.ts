import { type AnyEvent, events, isEventType } from "@pbx-x/protocol";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { RandomRunQueues } from "./random-run-queues.ts";

type Data = Readonly<Record<string, unknown>>;
export interface CallEventSeen {
  readonly type: string;
  readonly seq: number;
  readonly timestampMs: number;
  readonly batch: number;
  readonly data: Data;
}

/** What the wire told so far, held against the rules of calls as it comes; throws what is broken. */
export class RandomRunHistory {
  readonly all: AnyEvent[] = [];
  readonly #ofCall = new Map<string, CallEventSeen[]>();
  readonly #slots = new Map<string, string>();
  readonly queues = new RandomRunQueues();
  /** Calls that entered a queue, and in which batch. */
  readonly #entered = new Set<string>();
  #batch = 0;
  #broken: unknown;

  get calls(): ReadonlyMap<string, readonly CallEventSeen[]> {
    return this.#ofCall;
  }

  /** What is broken is thrown by `check`: who appends must not hear of it. */
  add(batch: readonly LoggedEvent[]): void {
    try {
      this.#add(batch);
    } catch (error) {
      this.#broken ??= error;
    }
  }

  check(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  #add(batch: readonly LoggedEvent[]): void {
    this.#batch += 1;
    for (const logged of batch) {
      // Written by the log out of what the service said.
      const event = JSON.parse(logged.json) as AnyEvent;
      this.all.push(event);
      checkShape(event);
      this.queues.add(event);
      if (logged.type === "QUEUE_CALL_ENTERED") this.#entered.add(`${logged.callId} ${this.#batch}`);
      if (logged.callId === undefined || !logged.type.startsWith("CALL_")) continue;
      const data: Data = { ...("data" in event ? event.data : {}) };
      const known = this.#ofCall.get(logged.callId) ?? [];
      const seen = { type: logged.type, seq: logged.seq, timestampMs: logged.timestampMs, batch: this.#batch, data };
      checkNext(known, seen);
      this.#checkSlot(logged.callId, seen);
      this.#ofCall.set(logged.callId, [...known, seen]);
    }
  }

  /** Once nothing goes on any more: every call is whole ([C4]). */
  checkEnd(): void {
    this.check();
    this.queues.checkEnd();
    for (const [callId, seen] of this.#ofCall) {
      const ends = seen.filter(({ type }) => type === "CALL_ENDED").length;
      if (ends !== 1) fail("C4", `call ${callId} has ${ends} ends`, seen);
      checkMonitors(seen);
      // Who listens in is told beside what happens to the call.
      const told = seen.filter(({ type }) => !type.startsWith("CALL_MONITOR"));
      for (const [index, each] of told.entries()) {
        // A call that is passed on to a queue waits there.
        const hasEntered = each.type === "CALL_TRANSFERRED" && this.#entered.has(`${callId} ${each.batch}`);
        if (!hasEntered) checkFollowed(each, told[index + 1], this.#ofCall, seen);
      }
    }
  }

  /** One call per slot, one slot per call ([C40]). */
  #checkSlot(callId: string, { type, data }: CallEventSeen): void {
    const slot = String(data["parkingSlot"]);
    const there = this.#slots.get(slot);
    if (type === "CALL_PARKED") {
      if (there !== undefined) throw new Error(`[C40] ${callId} is parked in ${slot}, where ${there} waits`);
      this.#slots.set(slot, callId);
    } else if (type === "CALL_UNPARKED") {
      if (there !== callId) throw new Error(`[C40] ${callId} leaves ${slot}, where ${String(there)} waits`);
      this.#slots.delete(slot);
    } else if (type === "CALL_ENDED") {
      for (const [taken, id] of this.#slots) if (id === callId) this.#slots.delete(taken);
    }
  }
}

function fail(rule: string, what: string, seen: readonly CallEventSeen[]): never {
  const story = seen.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join("\n  ");
  throw new Error(`[${rule}] ${what}\n  ${story}`);
}

/** Whoever listened has one end ([C70]). */
function checkMonitors(seen: readonly CallEventSeen[]): void {
  const idsOf = (wanted: string): readonly unknown[] =>
    seen.flatMap(({ type, data }) => (type === wanted ? [data["monitorId"]] : []));
  const begun = [...new Set(idsOf("CALL_MONITOR_STARTED"))];
  const ended = idsOf("CALL_MONITOR_STOPPED");
  if (begun.length !== ended.length || begun.some((id) => !ended.includes(id))) {
    fail("C70", `${begun.length} listened, ${ended.length} ends`, seen);
  }
}

function checkShape(event: AnyEvent): void {
  if (!isEventType(event.type)) throw new Error(`no event of the wire: ${JSON.stringify(event)}`);
  const parsed = events[event.type].data.safeParse("data" in event ? event.data : undefined);
  if (!parsed.success) throw new Error(`${event.type} is not as defined: ${parsed.error.message}`);
}

const talking = ["answered", "held"];
/** States that an event may follow on ([C3]). */
const before: Readonly<Record<string, readonly string[]>> = {
  CALL_RINGING: ["initiated", "ringing", "transferred"],
  CALL_ANSWERED: ["ringing", "transferred"],
  CALL_HELD: talking,
  CALL_UNHELD: ["held"],
  CALL_TRANSFERRED: talking,
  CALL_TRANSFER_FAILED: ["transferred", "ringing"],
  CALL_PARKED: talking,
  CALL_UNPARKED: ["parked"],
  CALL_DTMF: [...talking, "ringing", "transferred", "parked"],
};

function checkNext(known: readonly CallEventSeen[], next: CallEventSeen): void {
  const all = [...known, next];
  const { type, data } = next;
  if (data["version"] !== all.length) fail("C3", `version ${String(data["version"])} of event ${all.length}`, all);
  const last = known.at(-1);
  if ((type === "CALL_CREATED") !== (last === undefined)) fail("C10", "CALL_CREATED comes first, and only then", all);
  if (last === undefined) return;
  const state = String(last.data["state"]);
  if (state === "ended") fail("C4", `${type} after the end`, all);
  const allowed = before[type];
  if (allowed !== undefined && !allowed.includes(state)) fail("C3", `${type} while ${state}`, all);
  if (type === "CALL_ENDED") checkPhases(all, next);
}

/** The seconds of the phases are those of the life ([C14]). */
function checkPhases(all: readonly CallEventSeen[], end: CallEventSeen): void {
  const phases = Object.values((end.data["phases"] ?? {}) as Record<string, number>);
  const life = Math.floor((end.timestampMs - (all[0]?.timestampMs ?? 0)) / 1000);
  if (phases.reduce((sum, seconds) => sum + seconds, 0) !== life) fail("C14", `the life was ${life} s`, all);
  const answered = all.find(({ type }) => type === "CALL_ANSWERED");
  const talk = answered === undefined ? 0 : Math.floor((end.timestampMs - answered.timestampMs) / 1000);
  if (end.data["durationSeconds"] !== talk) fail("C14", `from the answer it was ${talk} s`, all);
}

function checkFollowed(
  { type, batch, data }: CallEventSeen,
  next: CallEventSeen | undefined,
  calls: ReadonlyMap<string, readonly CallEventSeen[]>,
  seen: readonly CallEventSeen[],
): void {
  const isFollowed = (...types: readonly string[]): boolean =>
    next !== undefined && next.batch === batch && types.includes(next.type);
  switch (type) {
    case "CALL_TRANSFERRED": {
      if (data["transferType"] === "attended") {
        if (!isFollowed("CALL_ANSWERED", "CALL_RINGING")) fail("C32", "a transfer without its answer", seen);
        const merged = calls.get(String(data["consultCallId"]))?.at(-1);
        const isMerged = merged?.batch === batch && merged.data["mergedInto"] === data["callId"];
        if (!isMerged) fail("C32", "a consultation that was not merged", seen);
      } else if (!isFollowed("CALL_RINGING", "CALL_TRANSFER_FAILED", "CALL_ANSWERED")) {
        fail("C30", "a transfer without a destination", seen);
      }
      return;
    }
    case "CALL_TRANSFER_FAILED":
      if (!isFollowed("CALL_RINGING", "CALL_ENDED")) fail("C31", "nothing follows a failed transfer", seen);
      if (next?.type === "CALL_RINGING" && next.data["recall"] !== true) fail("C31", "no recall", seen);
      return;
    case "CALL_UNPARKED":
      if (data["reason"] !== "timeout") return;
      if (!isFollowed("CALL_RINGING", "CALL_ENDED")) fail("C41", "nothing follows the time-out", seen);
      if (next?.type === "CALL_RINGING" && next.data["recall"] !== true) fail("C41", "no recall", seen);
      return;
    default:
      return;
  }
}
