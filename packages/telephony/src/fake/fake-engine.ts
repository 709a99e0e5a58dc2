import type {
  EngineAddresses,
  EngineCapabilities,
  EngineUsage,
  TelephonyEngine,
  AudioImport,
  AudioImportOutcome,
} from "../engine.ts";
import type { RecordingFailure, TelephonyEvent } from "../events.ts";
import type { BindingId, LegId, PlaybackId, RecordingId, TransferRequestId, TrunkId } from "../ids.ts";
import type { Operation, OperationOutcome, PlaySource } from "../operations.ts";
import type { WatchedState } from "../watched-state.ts";
import type { FakeBridge, FakeLeg, FakeRecording } from "./fake-leg.ts";
import type { FakeTrunkLine } from "./fake-trunks.ts";
import { performOnWorld } from "./fake-operations.ts";
import { importFakeAudio } from "./fake-audio.ts";
import { FakePhones } from "./fake-phones.ts";
import type { FakeWatch, FakeWatchKind } from "./fake-watches.ts";
import { type FakeEngineOptions, type FakeTransferRequest, FakeWorld } from "./fake-world.ts";

/** An engine in memory, with the phones' side in the test's hands. Time, ids and so every run are the test's own. */
export class FakeEngine extends FakePhones implements TelephonyEngine {
  readonly name = "fake";
  readonly #world: FakeWorld;

  constructor(world: FakeWorld) {
    super(world);
    this.#world = world;
  }

  get capabilities(): EngineCapabilities {
    return this.#world.capabilities;
  }

  subscribe(listener: (event: TelephonyEvent) => void): () => void {
    return this.#world.outbox.subscribe(listener);
  }

  start(): Promise<EngineAddresses> {
    this.#world.life = "running";
    this.#world.trunks.start();
    this.#world.outbox.drain();
    return Promise.resolve({ host: "127.0.0.1", udp: 5060 });
  }

  perform(operation: Operation): Promise<OperationOutcome> {
    this.#world.remember(operation);
    return Promise.resolve(performOnWorld(this.#world, this, operation));
  }

  importAudio(audio: AudioImport): Promise<AudioImportOutcome> {
    return importFakeAudio(audio);
  }

  usage(): EngineUsage {
    const { legs, bridges, playbacks, recordings, bindings, watches } = this.#world;
    return {
      legs: legs.size,
      bridges: bridges.size,
      playbacks: playbacks.size,
      recordings: recordings.size,
      mediaPorts: legs.size,
      transactions: 0,
      bindings: bindings.size,
      subscriptions: watches.size,
    };
  }

  stop(): Promise<void> {
    if (this.#world.life !== "stopped") {
      this.#world.endAll();
      this.#world.stopTimers();
      this.#world.watches.clear();
      this.#world.trunks.stop();
      this.#world.life = "stopped";
      this.#world.outbox.drain();
    }
    return Promise.resolve();
  }

  /** Operations in the order they were asked for, the newest last, refused ones too. */
  get performed(): readonly Operation[] {
    return this.#world.performed;
  }

  /** A leg alive or ended lately; undefined for one that never was. */
  leg(legId: LegId): FakeLeg | undefined {
    return this.#world.legs.get(legId) ?? this.#world.endedLegs.get(legId);
  }

  /** Legs alive, the oldest first. */
  legs(): readonly FakeLeg[] {
    return [...this.#world.legs.values()];
  }

  bridges(): readonly FakeBridge[] {
    return [...this.#world.bridges].map(([bridgeId, members]) => ({ bridgeId, members: [...members.values()] }));
  }

  /** Whether what one phone says reaches the other now. */
  hears(listenerId: LegId, speakerId: LegId): boolean {
    const listener = this.#world.legs.get(listenerId);
    const speaker = this.#world.legs.get(speakerId);
    if (listener === undefined || speaker === undefined || listener.bridgeId === undefined) return false;
    const members = this.#world.bridges.get(listener.bridgeId);
    const ear = members?.get(listenerId);
    const mouth = members?.get(speakerId);
    if (ear === undefined || mouth === undefined || ear === mouth) return false;
    if (mouth.mode === "listen" || (mouth.mode === "whisper" && mouth.whisperTo !== listenerId)) return false;
    return hasMedia(listener) && hasMedia(speaker) && !speaker.isMuted && this.hearsPlayback(listenerId) === undefined;
  }

  hearsHoldMusic(legId: LegId): boolean {
    return this.#world.legs.get(legId)?.hasHoldMusic === true;
  }

  /** What is played to a leg now. */
  hearsPlayback(legId: LegId): PlaySource | undefined {
    return [...this.#world.playbacks.values()].find((playback) => playback.legId === legId)?.source;
  }

  /** A playback of a file reaches its end. */
  finishPlayback(playbackId: PlaybackId): void {
    if (!this.#world.finishPlayback(playbackId, true)) throw new Error(`no playback ${playbackId}`);
    this.#world.outbox.drain();
  }

  /** One that goes on or is over; whose voice is in it. */
  recording(recordingId: RecordingId): FakeRecording | undefined {
    return this.#world.recordings.get(recordingId);
  }

  /** Those that are over first. */
  recordings(): readonly FakeRecording[] {
    return this.#world.recordings.all();
  }

  /** The disk gives out. */
  failRecording(recordingId: RecordingId, failure: RecordingFailure): void {
    if (!this.#world.recordings.finish(recordingId, failure)) throw new Error(`no recording ${recordingId}`);
    this.#world.outbox.drain();
  }

  transfer(transferRequestId: TransferRequestId): FakeTransferRequest | undefined {
    return this.#world.transfers.get(transferRequestId);
  }

  /** A phone watches a number; throws when that cannot be watched. @param by the device */
  watch(number: string, kind: FakeWatchKind, by?: BindingId): FakeWatch {
    const extensionId = by === undefined ? undefined : this.#world.bindings.get(by)?.extensionId;
    const own = extensionId === undefined ? undefined : this.#world.numberOf(extensionId);
    if (kind === "message-summary" && own !== number) throw new Error(`the mailbox of ${number} is not its own`);
    return this.#world.watches.watch(number, kind, by);
  }

  /** What a device was told of its mailbox without having asked: `unread/read (urgent unread/urgent read)`. */
  messagesTold(bindingId: BindingId): readonly string[] {
    return this.#world.messageLamps.toldTo(bindingId);
  }

  /** What watchers of a number are shown; undefined: nobody can watch it. */
  published(number: string): WatchedState | undefined {
    return this.#world.watches.get(number);
  }

  /** Changes what the far side of a trunk does; what becomes of the trunk is told at once. */
  setTrunkLine(trunkId: TrunkId, changes: Partial<FakeTrunkLine>): void {
    this.#world.trunks.setLine(trunkId, changes);
    this.#world.outbox.drain();
  }

  isTrunkRegistered(trunkId: TrunkId): boolean {
    return this.#world.trunks.isRegistered(trunkId);
  }

  /** Whoever talks in a bridge where that is told speaks, or falls silent; nothing is told elsewhere. */
  setTalking(legId: LegId, isTalking: boolean): void {
    const { legs, bridges, mixedBridges } = this.#world;
    const bridgeId = legs.get(legId)?.bridgeId;
    if (bridgeId === undefined) return;
    const members = [...(bridges.get(bridgeId)?.values() ?? [])];
    const isMixed = mixedBridges.has(bridgeId) || members.length > 2 || members.some(({ mode }) => mode !== "talk");
    const isHeard = members.some((member) => member.legId === legId && member.mode === "talk");
    if (isMixed && isHeard) this.emit({ type: "talkingChanged", legId, isTalking });
  }

  /** An event that no phone causes: media quality, a blocked source. */
  emit(event: TelephonyEvent): void {
    this.#world.outbox.push(event);
    this.#world.outbox.drain();
  }

  /** The engine dies: every leg ends `engine_lost`, then `engineLost`; operations fail until `recover`. Registrations stay. */
  crash(detail = "the fake engine was told to crash"): void {
    this.#world.endAll("engine_lost");
    this.#world.life = "lost";
    this.emit({ type: "engineLost", detail });
  }

  recover(): void {
    this.#world.life = "running";
    this.emit({ type: "engineRecovered" });
  }
}

function hasMedia(leg: FakeLeg): boolean {
  return (leg.state === "answered" || leg.state === "early_media") && !leg.isHeld;
}

/** A new fake engine; it has to be started like any other. */
export function createFakeEngine(options: FakeEngineOptions): FakeEngine {
  return new FakeEngine(new FakeWorld(options));
}
