import type { Binding } from "../binding.ts";
import type { EngineConfiguration } from "../configuration.ts";
import type { EngineCapabilities } from "../engine.ts";
import type { RecordingFailure } from "../events.ts";
import type { BindingRemovedReason } from "../binding.ts";
import type { BindingId, BridgeId, ExtensionId, LegId, PlaybackId, TransferRequestId } from "../ids.ts";
import type { LegEndCause, LegEndedBy } from "../leg-end.ts";
import type { Operation } from "../operations.ts";
import type { Scheduler } from "../scheduler.ts";
import type { WatchedState } from "../watched-state.ts";
import { EventOutbox } from "./event-outbox.ts";
import { FakeRecordings } from "./fake-recordings.ts";
import { FakeMessageLamps } from "./fake-message-lamps.ts";
import { FakeWatches } from "./fake-watches.ts";
import { FakeTrunks } from "./fake-trunks.ts";
import type { FakeBridgeMember, FakeLeg, FakePlayback, FakeSight } from "./fake-leg.ts";

export interface FakeEngineOptions {
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  /** All true where not said otherwise. */
  readonly capabilities?: Partial<EngineCapabilities>;
  /** Dialled devices ring, or answer, by themselves; default false. */
  readonly autoRing?: boolean;
  readonly autoAnswer?: boolean;
  /** Operations and ended legs kept for inspection; default 1000 each. */
  readonly historyLimit?: number;
  /** Default 200. */
  readonly beepDurationMs?: number;
}

export interface FakeTransferRequest {
  readonly transferRequestId: TransferRequestId;
  readonly legId: LegId;
  readonly outcome: "waiting" | "trying" | "done" | LegEndCause;
}

export interface FakeBinding extends Binding {
  readonly answersAutomatically: boolean;
  readonly allowsUpdate: boolean;
}

/** Everything that the fake engine knows, with the changes that operations and phones share. */
export class FakeWorld {
  readonly options: FakeEngineOptions;
  readonly capabilities: EngineCapabilities;
  readonly outbox = new EventOutbox();
  readonly trunks = new FakeTrunks(this.outbox);
  readonly legs = new Map<LegId, FakeLeg>();
  readonly endedLegs = new Map<LegId, FakeLeg>();
  readonly bindings = new Map<BindingId, FakeBinding>();
  readonly bridges = new Map<BridgeId, Map<LegId, FakeBridgeMember>>();
  /** Those that are mixed whoever is in them. */
  readonly mixedBridges = new Set<BridgeId>();
  readonly playbacks = new Map<PlaybackId, FakePlayback>();
  readonly recordings = new FakeRecordings(this);
  readonly transfers = new Map<TransferRequestId, FakeTransferRequest>();
  readonly watches = new FakeWatches();
  readonly messageLamps = new FakeMessageLamps();
  readonly performed: Operation[] = [];
  configuration: EngineConfiguration = { realm: "fake", extensions: [], trunks: [] };
  life: "new" | "running" | "lost" | "stopped" = "new";
  readonly #timers = new Map<string, () => void>();

  constructor(options: FakeEngineOptions) {
    this.options = options;
    this.capabilities = {
      conferencing: true,
      recording: true,
      remoteAnswer: true,
      remoteHold: true,
      holdMusic: true,
      supervision: true,
      phoneTransfer: true,
      sendDtmf: true,
      trunks: true,
      restoreBindings: true,
      watching: true,
      ...options.capabilities,
    };
  }

  get historyLimit(): number {
    return this.options.historyLimit ?? 1000;
  }

  remember(operation: Operation): void {
    this.performed.push(operation);
    if (this.performed.length > this.historyLimit) this.performed.shift();
  }

  updateLeg(legId: LegId, changes: Partial<FakeLeg>, sight?: FakeSight): void {
    const leg = this.legs.get(legId);
    if (leg === undefined) return;
    this.legs.set(legId, { ...leg, ...changes, sees: sight === undefined ? leg.sees : [...leg.sees, sight] });
  }

  endLeg(
    legId: LegId,
    cause: LegEndCause,
    by: LegEndedBy,
    codes: { told?: number; seen?: number; redirectTo?: string } = {},
  ): void {
    this.recordings.note();
    const leg = this.legs.get(legId);
    if (leg === undefined) return;
    this.stopTimer(`dial/${legId}`);
    for (const playback of this.playbacks.values()) {
      if (playback.legId === legId) this.finishPlayback(playback.playbackId, false);
    }
    this.leaveBridge(legId);
    const { bridgeId: _, ...rest } = leg;
    const sight: FakeSight = {
      kind: "ended",
      ...(codes.seen !== undefined && { sipCode: codes.seen }),
      isAnsweredElsewhere: cause === "answered_elsewhere",
    };
    const sipCode = codes.told === undefined ? {} : { sipCode: codes.told };
    this.legs.delete(legId);
    this.endedLegs.set(legId, { ...rest, state: "ended", sees: [...leg.sees, sight], end: { cause, by, ...sipCode } });
    const [oldest] = this.endedLegs.keys();
    if (this.endedLegs.size > this.historyLimit && oldest !== undefined) this.endedLegs.delete(oldest);
    const redirection = codes.redirectTo === undefined ? {} : { redirectTo: codes.redirectTo };
    this.outbox.push({ type: "legEnded", legId, cause, by, ...sipCode, ...redirection });
  }

  leaveBridge(legId: LegId): void {
    for (const members of this.bridges.values()) members.delete(legId);
    const leg = this.legs.get(legId);
    if (leg === undefined) return;
    const { bridgeId: _, ...rest } = leg;
    this.legs.set(legId, rest);
  }

  finishPlayback(playbackId: PlaybackId, isComplete: boolean): boolean {
    const playback = this.playbacks.get(playbackId);
    if (playback === undefined) return false;
    this.playbacks.delete(playbackId);
    this.stopTimer(`beep/${playbackId}`);
    this.outbox.push({ type: "playbackFinished", playbackId, legId: playback.legId, isComplete });
    return true;
  }

  numberOf(extensionId: ExtensionId): string | undefined {
    return this.configuration.extensions.find((extension) => extension.extensionId === extensionId)?.number;
  }

  publishState(number: string, state: WatchedState | undefined): void {
    if (state === undefined) this.watches.withdraw(number);
    else this.watches.publish(number, state);
    const devices = [...this.bindings.values()].filter(
      ({ bindingId, extensionId }) => this.numberOf(extensionId) === number && !this.watches.asksForMessages(bindingId),
    );
    this.messageLamps.publish(
      number,
      state?.messages,
      devices.map(({ bindingId }) => bindingId),
    );
  }

  keepBinding(binding: FakeBinding): void {
    const { answersAutomatically: _, allowsUpdate: __, ...told } = binding;
    const isKnown = this.bindings.has(binding.bindingId);
    this.bindings.set(binding.bindingId, binding);
    this.startTimer(`binding/${binding.bindingId}`, binding.expiresAtMs - this.options.scheduler.now(), () =>
      this.removeBinding(binding.bindingId, "expired"),
    );
    this.outbox.push({ type: isKnown ? "bindingRefreshed" : "bindingAdded", binding: told });
    const number = this.numberOf(binding.extensionId);
    if (number !== undefined && !this.watches.asksForMessages(binding.bindingId)) {
      this.messageLamps.registered(number, binding.bindingId);
    }
  }

  removeBinding(bindingId: BindingId, reason: BindingRemovedReason): boolean {
    const binding = this.bindings.get(bindingId);
    if (binding === undefined) return false;
    this.bindings.delete(bindingId);
    this.stopTimer(`binding/${bindingId}`);
    this.messageLamps.forget(bindingId);
    this.outbox.push({ type: "bindingRemoved", bindingId, extensionId: binding.extensionId, reason });
    return true;
  }

  endAll(recordingFailure?: RecordingFailure): void {
    for (const legId of this.legs.keys()) this.endLeg(legId, "engine_lost", "local", { seen: 503 });
    this.bridges.clear();
    this.recordings.finishAll(recordingFailure);
    this.transfers.clear();
  }

  /** One timer of a name; when it fires its events are told at once. */
  startTimer(name: string, delayMs: number, task: () => void): void {
    this.stopTimer(name);
    const cancel = this.options.scheduler.after(delayMs, () => {
      this.#timers.delete(name);
      task();
      this.outbox.drain();
    });
    this.#timers.set(name, cancel);
  }

  stopTimer(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  stopTimers(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
