import type {
  Binding,
  LegId,
  OperationOutcome,
  Operation,
  Scheduler,
  TelephonyEngine,
  TelephonyEvent,
} from "@pbx-x/telephony";
import type { EventLog } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import * as timing from "../observability/timing.ts";
import { type Route, routeNumber, type RoutingTables } from "../routing/route-number.ts";
import { maskNumber } from "../routing/mask-number.ts";
import { nothingOutside, type OutsideWorld } from "../routing/outside-world.ts";
import { noQueues, type QueueSurroundings } from "../queues/enter-queue.ts";
import { beginInboundCall } from "./begin-inbound-call.ts";
import { beginOfferedCall } from "./begin-call.ts";
import type { Call } from "./call.ts";
import { CallRegistry } from "./call-registry.ts";
import { toNewEvent } from "./call-events.ts";
import type { CallEvent, CallTimer, Cause, Decision, DecisionContext, Effect, Step } from "./decision.ts";
import type { CallLimits, Destination } from "./dial-destination.ts";
import { partyOf } from "./parties.ts";
import { decideLegEvent } from "./leg-decisions.ts";
import type { LegEvent, LegSurroundings } from "./leg-event.ts";
import { DeviceHolds } from "./device-holds.ts";
import { decideDeviceResumed } from "./hold-decisions.ts";
import { OfferedServices } from "./offered-services.ts";
import { OutsideDesk } from "./outside-desk.ts";
import { takeReplacement } from "./replacements.ts";
import { decideTimer } from "./timer-decisions.ts";
import { TransferService } from "./transfer-service.ts";

export const defaultCallLimits: CallLimits = { ringTimeoutMs: 60_000, maximumDurationMs: 4 * 3600_000 };

const noOtherNumbers: Omit<RoutingTables, "extensionByNumber" | "outside"> = { isParkingSlot: () => false };

export interface CallServiceOptions {
  readonly engine: TelephonyEngine;
  readonly log: Pick<EventLog, "append">;
  readonly extensions: ExtensionDirectory;
  /** Devices of an extension that can be rung now. */
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  /** Numbers that are no extension; none where left out. */
  readonly numbers?: Omit<RoutingTables, "extensionByNumber" | "outside">;
  /** What is beyond the trunks; nothing where left out. */
  readonly outside?: OutsideWorld;
  /** What a party hears that an extension holds; where left out, the engine's own music. */
  readonly holdMusicFile?: (extensionId: string | undefined) => string | undefined;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly limits?: CallLimits;
  readonly logger: CallLogger;
}

export interface CallLogger {
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
  error(details: Readonly<Record<string, unknown>>, message: string): void;
}

/** A state that was waited for, and the position of the event that told it, if one did. */
export interface Reached {
  readonly call: Call;
  readonly seq: number | undefined;
}

/** Carries out what the decisions say: keeps the calls, appends their events, performs their effects. */
export class CallService {
  readonly registry = new CallRegistry();
  readonly limits: CallLimits;
  /** Slices add what they answer of the numbers that phones dial. */
  readonly services = new OfferedServices();
  /** Phones that hold and resume because they are told to. */
  readonly devices = new DeviceHolds((operation) => this.perform(operation));
  readonly transfers = new TransferService(this);
  readonly outside: OutsideDesk;
  readonly #options: CallServiceOptions;
  #queues: QueueSurroundings = noQueues;
  readonly #timers = new Map<string, () => void>();
  readonly #listeners = new Set<(before: Call | undefined, after: Call) => void>();
  readonly #watchers = new Map<string, Set<(call: Call, seq: number | undefined) => void>>();

  constructor(options: CallServiceOptions) {
    this.#options = options;
    this.limits = options.limits ?? defaultCallLimits;
    this.outside = new OutsideDesk(this.registry, options.outside ?? nothingOutside);
  }

  /** The slice of the queues says what decisions may ask of them; without it there are none. */
  useQueues(queues: QueueSurroundings): void {
    this.#queues = queues;
  }

  get newId(): NewId {
    return this.#options.newId;
  }

  now(): number {
    return this.#options.scheduler.now();
  }

  /** What decisions may ask of the engine and of the rest of the PBX. */
  surroundings(callId?: string): LegSurroundings {
    return {
      limits: this.limits,
      destination: (dialled) => this.destination(dialled, callId),
      extension: (extensionId) => this.#options.extensions.byId(extensionId),
      outside: this.outside.surroundings(callId),
      queues: this.#queues,
      hasHoldMusic: this.#options.engine.capabilities.holdMusic,
      ...(this.#options.holdMusicFile !== undefined && { holdMusicFile: this.#options.holdMusicFile }),
    };
  }

  context(cause: Cause): DecisionContext {
    return { nowMs: this.now(), newId: this.#options.newId, cause };
  }

  /** Where a number leads now. */
  route(dialled: string): Route {
    return routeNumber(dialled, { ...this.ownNumbers(), outside: () => this.outside.tables() });
  }

  destination(dialled: string, callId?: string): Destination {
    return this.#destinationOf(this.route(dialled), callId);
  }

  /** The numbers of the PBX itself. */
  ownNumbers(): RoutingTables {
    const { extensions, numbers = noOtherNumbers } = this.#options;
    return { ...numbers, extensionByNumber: (number) => extensions.byNumber(number) };
  }

  #destinationOf(route: Route, callId?: string): Destination {
    if (route.kind !== "extension") return { route, bindings: [], activeCalls: 0 };
    const { bindingsOf } = this.#options;
    const { id } = route.extension;
    return { route, bindings: bindingsOf(id), activeCalls: this.registry.countOf(id, callId) };
  }

  /** One event of the engine. */
  onTelephony(event: TelephonyEvent): void {
    timing.told.publish(event);
    switch (event.type) {
      case "legOffered":
        this.#onOffered(event);
        return;
      case "legRinging":
      case "legEarlyMedia":
      case "legAnswered":
      case "legEnded":
      case "legHeld":
      case "legUnheld":
      case "dtmfReceived":
      case "playbackFinished":
        this.#onLeg(event);
        return;
      case "transferRequested":
        this.transfers.onRequested(event);
        return;
      default:
        return;
    }
  }

  /** Takes a decision over; returns the position of its last event, or that of nothing new. */
  apply(before: Call | undefined, decision: Decision): number | undefined {
    return this.applyAll([{ before, decision }]);
  }

  /** Takes over what happens to several calls at once: one append, then the effects in order ([C32]). */
  applyAll(steps: readonly Step[]): number | undefined {
    for (const { before, decision } of steps) {
      timing.decided.publish(decision);
      this.registry.put(before, decision.call);
    }
    const seq = this.#append(steps.flatMap(({ decision }) => decision.events));
    for (const { decision } of steps) {
      for (const effect of decision.effects) this.#carryOut(decision.call.callId, effect);
    }
    for (const { decision } of steps) {
      for (const watcher of this.#watchers.get(decision.call.callId) ?? []) watcher(decision.call, seq);
    }
    for (const { before, decision } of steps) {
      for (const listener of this.#listeners) listener(before, decision.call);
    }
    return seq;
  }

  /** Told of every change of a call, after its events were appended. */
  onChanged(listener: (before: Call | undefined, after: Call) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #carryOut(callId: string, effect: Effect): void {
    switch (effect.kind) {
      case "perform":
        void this.#perform(callId, effect.operation);
        break;
      case "schedule":
        this.#schedule(callId, effect.timer, effect.delayMs);
        break;
      case "unschedule":
        this.#unschedule(callId, effect.timer);
        break;
      case "giveBack":
        this.transfers.onReturned(effect.returned);
        break;
      case "noteOutside":
        this.outside.noteCall(effect.payerId);
        break;
      case "reportRefusal":
        this.outside.reportRefusal(effect.refusal);
        break;
    }
  }

  perform(operation: Operation): Promise<OperationOutcome> {
    return this.#options.engine.perform(operation);
  }

  /** Resolves with the first state of the call that `isReached` accepts, or undefined after the time. */
  when(callId: string, isReached: (call: Call) => boolean, timeoutMs: number): Promise<Reached | undefined> {
    return new Promise((resolve) => {
      const watchers = this.#watchers.get(callId) ?? new Set();
      this.#watchers.set(callId, watchers);
      const settle = (result: Reached | undefined): void => {
        watchers.delete(watcher);
        if (watchers.size === 0) this.#watchers.delete(callId);
        cancel();
        resolve(result);
      };
      const watcher = (call: Call, seq: number | undefined): void => {
        if (isReached(call)) settle({ call, seq });
      };
      const cancel = this.#options.scheduler.after(timeoutMs, () => settle(undefined));
      watchers.add(watcher);
    });
  }

  #onOffered(event: Extract<TelephonyEvent, { type: "legOffered" }>): void {
    const { extensions } = this.#options;
    if (event.origin.kind === "trunk") {
      this.#onDelivered(event, event.origin.trunkId);
      return;
    }
    const extension = extensions.byId(event.origin.extensionId);
    if (extension === undefined) {
      this.#refuse(event.legId, "rejected");
      return;
    }
    const { legId, dialled, replacesLegId } = event;
    if (replacesLegId !== undefined) {
      takeReplacement(this, { legId, replacesLegId, extension });
      return;
    }
    if (this.services.take({ legId, extension, dialled }, this.route(dialled))) return;
    const decision = beginOfferedCall(
      {
        legId,
        caller: partyOf(extension),
        callerActiveCalls: this.registry.countOf(extension.id),
        callerMaximum: extension.maxConcurrentCalls,
        dialled,
      },
      this.surroundings(),
      this.context({ via: "phone" }),
    );
    this.apply(undefined, decision);
  }

  /** A trunk delivers a call ([C16]). */
  #onDelivered(event: Extract<TelephonyEvent, { type: "legOffered" }>, trunkId: string): void {
    const { logger } = this.#options;
    const read = this.outside.readDelivery(event, trunkId, (number) => routeNumber(number, this.ownNumbers()));
    if (read === undefined) {
      this.#refuse(event.legId, "not_found");
      return;
    }
    const { inbound, ...delivered } = read;
    if (inbound.route.kind === "none") {
      const number = maskNumber(inbound.did);
      logger.warn(
        { trunk: read.trunk.name, number },
        "a call from outside is for a number that no inbound rule is about",
      );
    }
    const { dialled } = inbound;
    const destination = this.#destinationOf(inbound.route);
    const around = this.surroundings();
    this.apply(
      undefined,
      beginInboundCall({ ...delivered, dialled, destination }, around, this.context({ via: "phone" })),
    );
  }

  #onLeg(event: LegEvent): void {
    const call = this.registry.ofLeg(event.legId);
    if (call === undefined) return;
    if (event.type === "legEnded" && this.transfers.onSharedLegEnded(call, event)) return;
    const isEngineGone = event.type === "legEnded" && event.cause === "engine_lost";
    const asked = this.devices.asked(event.legId);
    const around = this.surroundings(call.callId);
    const context = this.context(asked?.cause ?? { via: isEngineGone ? "system" : "phone" });
    const isQuiet = event.type === "legUnheld" && asked?.staysHeld === true;
    const decide = isQuiet ? decideDeviceResumed(call, event.legId, around, context) : undefined;
    this.apply(call, decide ?? decideLegEvent(call, event, around, context));
  }

  #refuse(legId: LegId, cause: "not_found" | "rejected"): void {
    void this.#options.engine.perform({ op: "hangup", legId, cause });
  }

  #append(events: readonly CallEvent[]): number | undefined {
    const [first] = events;
    if (first === undefined) return undefined;
    const callId = first.data["callId"];
    const { log, extensions, logger } = this.#options;
    try {
      const receipt = log.append(events.map((event) => toNewEvent(event, extensions)));
      receipt.committed.catch((error: unknown) => {
        logger.error({ callId, err: error }, "events of a call could not be stored");
      });
      return receipt.lastSeq;
    } catch (error) {
      logger.error({ callId, err: error }, "the event log takes nothing: the call goes on unseen");
      return undefined;
    }
  }

  async #perform(callId: string, operation: Operation): Promise<void> {
    const outcome = await this.#options.engine.perform(operation);
    // A leg that ended in the same moment is what a hang-up wants.
    if (outcome.ok || (operation.op === "hangup" && outcome.error === "unknown_leg")) return;
    if (operation.op === "dial") {
      this.#onLeg({ type: "legEnded", legId: operation.legId, cause: "failed", by: "local" });
    }
    this.#options.logger.warn(
      { callId, operation: operation.op, error: outcome.error, detail: outcome.detail },
      "the engine refused an operation",
    );
  }

  #schedule(callId: string, timer: CallTimer, delayMs: number): void {
    this.#unschedule(callId, timer);
    const cancel = this.#options.scheduler.after(delayMs, () => {
      this.#timers.delete(`${callId}/${timer}`);
      const call = this.registry.get(callId);
      if (call === undefined) return;
      this.apply(call, decideTimer(call, timer, this.surroundings(callId), this.context({ via: "timer" })));
    });
    this.#timers.set(`${callId}/${timer}`, cancel);
  }

  #unschedule(callId: string, timer: CallTimer): void {
    this.#timers.get(`${callId}/${timer}`)?.();
    this.#timers.delete(`${callId}/${timer}`);
  }
}
