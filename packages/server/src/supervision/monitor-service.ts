import type { MonitorMode } from "@pbx-x/protocol";
import type { Binding, LegEndCause, LegId, TelephonyEngine, TelephonyEvent } from "@pbx-x/telephony";
import type { Call, Party } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { identityOf } from "../calls/connected-line.ts";
import type { Cause } from "../calls/decision.ts";
import { sideOf } from "../calls/command-decisions.ts";
import { decideMonitorStarted, decideMonitorStopped, type MonitorPlace, monitorPlace } from "./monitor-decisions.ts";

export interface MonitorServiceOptions {
  readonly engine: Pick<TelephonyEngine, "capabilities">;
  readonly calls: CallService;
}

export interface MonitorWish {
  readonly userId: string;
  /** Whose phone is rung. */
  readonly by: Party;
  readonly bindings: readonly Binding[];
  readonly mode: MonitorMode;
  /** The extension that a whisper is for. */
  readonly monitoredId: string | undefined;
  readonly cause: Cause;
}

/** Somebody who listens to a call, or whose phone rings for it. */
export interface Monitoring extends Pick<MonitorWish, "userId" | "by" | "mode" | "monitoredId"> {
  readonly monitorId: string;
  readonly callId: string;
  /** Phones that ring, or the one that answered. */
  readonly legs: ReadonlySet<LegId>;
  /** The one that answered. */
  readonly legId?: LegId;
}

export type MonitorFailure = "not_answered" | "codec" | "bridge_full" | "call_ended" | "stopped" | "engine_unavailable";
export type MonitorResult =
  | { readonly ok: true; readonly seq: number | undefined }
  | { readonly ok: false; readonly reason: MonitorFailure };

interface Session extends Monitoring {
  mode: MonitorMode;
  monitoredId: string | undefined;
  cause: Cause;
  readonly legs: Set<LegId>;
  legId?: LegId;
  place?: MonitorPlace | undefined;
  settle: (result: MonitorResult) => void;
}

/** Who listens to which call ([C70]): rings the phones, keeps the answered one where its call talks, tells the end once. */
export class MonitorService {
  readonly #options: MonitorServiceOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: MonitorServiceOptions) {
    this.#options = options;
    options.calls.onChanged((_, after) => this.#onCall(after));
  }

  get isOffered(): boolean {
    return this.#options.engine.capabilities.supervision;
  }

  /** Phones that listen, or ring for it. */
  get size(): number {
    return this.#sessions.size;
  }

  ofUser(userId: string): Monitoring | undefined {
    return [...this.#sessions.values()].find((session) => session.userId === userId);
  }

  ofCall(callId: string, monitorId?: string): readonly Monitoring[] {
    return [...this.#sessions.values()].filter(
      (session) => session.callId === callId && (monitorId === undefined || session.monitorId === monitorId),
    );
  }

  /** Rings the phones; `result` comes when one of them listens, or none will. */
  start(call: Call, wish: MonitorWish): { readonly monitorId: string; readonly result: Promise<MonitorResult> } {
    const { calls } = this.#options;
    const { userId, by, bindings, mode, monitoredId, cause } = wish;
    const monitorId = calls.newId();
    const { promise, resolve } = Promise.withResolvers<MonitorResult>();
    const session: Session = {
      monitorId,
      callId: call.callId,
      userId,
      by,
      mode,
      monitoredId,
      cause,
      legs: new Set(),
      settle: resolve,
    };
    this.#sessions.set(monitorId, session);
    const heard = call[sideOf(call, monitoredId) ?? "callee"];
    for (const { bindingId } of bindings) {
      const legId = calls.newId() as LegId;
      session.legs.add(legId);
      void calls
        .perform({
          op: "dial",
          legId,
          target: { kind: "binding", bindingId },
          caller: identityOf(heard),
          callee: identityOf(by),
          isAutoAnswer: true,
          timeoutMs: calls.limits.ringTimeoutMs,
        })
        .then((outcome) => outcome.ok || this.#onLegEnded(session, legId));
    }
    return { monitorId, result: promise };
  }

  /** Another mode, or another one to whisper to; before the phone answers it counts from then on. */
  change(
    monitorId: string,
    { mode, monitoredId, cause }: Pick<MonitorWish, "mode" | "monitoredId" | "cause">,
  ): number | undefined {
    const { calls } = this.#options;
    const session = this.#sessions.get(monitorId);
    const call = session && calls.registry.get(session.callId);
    if (session === undefined || call === undefined) return undefined;
    const isSame = session.mode === mode && session.monitoredId === monitoredId;
    Object.assign(session, { mode, monitoredId });
    if (isSame || session.legId === undefined) return undefined;
    void this.#move(session, call);
    const monitor = { monitorId, mode, by: session.by };
    return calls.apply(call, decideMonitorStarted(call, monitor, monitoredId, calls.context(cause)));
  }

  stop(monitorId: string, cause: Cause, why: MonitorFailure = "stopped"): number | undefined {
    const session = this.#sessions.get(monitorId);
    if (session === undefined) return undefined;
    return this.#end(session, cause, why);
  }

  /** The user may not listen any more. */
  stopOf(userId: string): void {
    const monitoring = this.ofUser(userId);
    if (monitoring !== undefined) this.stop(monitoring.monitorId, { via: "system" });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type !== "legAnswered" && event.type !== "legEnded") return;
    const { legId } = event;
    const session = [...this.#sessions.values()].find(({ legs }) => legs.has(legId));
    if (session === undefined) return;
    if (event.type === "legEnded") this.#onLegEnded(session, legId, event.cause);
    else if (session.legId === undefined) void this.#onAnswered(session, legId);
  }

  async #onAnswered(session: Session, legId: LegId): Promise<void> {
    const { calls } = this.#options;
    session.legId = legId;
    for (const other of session.legs) {
      if (other === legId) continue;
      session.legs.delete(other);
      void calls.perform({ op: "hangup", legId: other, cause: "answered_elsewhere" });
    }
    const before = calls.registry.get(session.callId);
    if (before === undefined) return void this.#end(session, session.cause, "call_ended");
    if (!(await this.#move(session, before))) return;
    const { monitorId, mode, by, monitoredId, cause, callId } = session;
    const call = calls.registry.get(callId);
    if (call === undefined || !this.#sessions.has(monitorId)) return;
    const decision = decideMonitorStarted(call, { monitorId, mode, by }, monitoredId, calls.context(cause));
    session.settle({ ok: true, seq: calls.apply(call, decision) });
  }

  #onLegEnded(session: Session, legId: LegId, cause?: LegEndCause): void {
    session.legs.delete(legId);
    if (session.legs.size > 0 || !this.#sessions.has(session.monitorId)) return;
    const via = cause === "engine_lost" || cause === undefined ? "system" : "phone";
    this.#end(session, { via }, session.legId === undefined ? "not_answered" : "stopped");
  }

  #onCall(call: Call): void {
    if (this.#sessions.size === 0) return;
    for (const session of this.#sessions.values()) {
      if (session.callId !== call.callId) continue;
      if (call.stage.at === "ended") this.#end(session, { via: "system" }, "call_ended");
      else if (session.legId !== undefined) void this.#move(session, call);
    }
  }

  /** To where the call talks now ([C71]); false where that is impossible, which ends it. */
  async #move(session: Session, call: Call): Promise<boolean> {
    const { calls } = this.#options;
    const { legId, place: before } = session;
    const place = monitorPlace(call, session.mode, session.monitoredId);
    if (legId === undefined || isSamePlace(before, place)) return true;
    session.place = place;
    if (place === undefined) {
      // The bridge may be gone already.
      if (before !== undefined) await calls.perform({ op: "leave", bridgeId: before.bridgeId, legId });
      return true;
    }
    const outcome = await calls.perform({ op: "join", legId, ...place });
    // Where the call went on in the meantime, another move follows.
    if (outcome.ok || session.place !== place) return this.#sessions.has(session.monitorId);
    const failures = { device_cannot: "codec", invalid_state: "bridge_full" } as const;
    const reason = failures[outcome.error as keyof typeof failures] ?? "engine_unavailable";
    this.#end(session, { via: "system" }, reason);
    return false;
  }

  #end(session: Session, cause: Cause, reason: MonitorFailure): number | undefined {
    const { calls } = this.#options;
    const { monitorId, legs, callId } = session;
    if (!this.#sessions.delete(monitorId)) return undefined;
    for (const legId of legs) void calls.perform({ op: "hangup", legId, cause: "normal" });
    const call = calls.registry.get(callId);
    const seq =
      call === undefined ? undefined : calls.apply(call, decideMonitorStopped(call, monitorId, calls.context(cause)));
    session.settle({ ok: false, reason });
    return seq;
  }
}

function isSamePlace(one: MonitorPlace | undefined, other: MonitorPlace | undefined): boolean {
  return one?.bridgeId === other?.bridgeId && one?.mode === other?.mode && one?.whisperTo === other?.whisperTo;
}
