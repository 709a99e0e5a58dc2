import { type CodecName, codecNames, createMediaService, type MediaEvent, type MediaService } from "@pbx-x/media";
import { Endpoint, Guard, type ServerTransaction } from "@pbx-x/sip";
import {
  brandId,
  type EngineAddresses,
  type EngineCapabilities,
  type EngineUsage,
  type LegId,
  type Operation,
  type OperationOutcome,
  type TelephonyEngine,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import { allow } from "./allow.ts";
import { Authentication } from "./authentication.ts";
import { Bridges } from "./bridges.ts";
import { Directory } from "./directory.ts";
import { DialledLeg } from "./legs/dialled-leg.ts";
import { done, type Leg, refused } from "./legs/leg.ts";
import type { LegContext } from "./legs/leg-context.ts";
import { OfferedLeg } from "./legs/offered-leg.ts";
import { HoldMusic } from "./hold-music.ts";
import { toTelephonyEvent } from "./media-events.ts";
import type { EmbeddedEngineOptions } from "./options.ts";
import { Playbacks } from "./playbacks.ts";
import { RecentIds } from "./recent-ids.ts";
import { Registrations } from "./registrations.ts";
import { Transfers } from "./transfers.ts";
import { openTransports } from "./transports.ts";

const capabilities: EngineCapabilities = {
  conferencing: false,
  recording: false,
  remoteAnswer: true,
  remoteHold: true,
  holdMusic: true,
  supervision: false,
  phoneTransfer: true,
  sendDtmf: true,
  trunks: false,
  restoreBindings: true,
};

/** Codecs that can be turned into each other; a call that nobody has joined yet is offered only these. */
const transcodable: readonly CodecName[] = ["PCMA", "PCMU"];

/** How many ended dials a repeat is recognised of. */
const rememberedDials = 10_000;

/** The telephony port on our own SIP and RTP. */
export class EmbeddedEngine implements TelephonyEngine {
  readonly name = "embedded";
  readonly capabilities = capabilities;
  readonly #options: EmbeddedEngineOptions;
  readonly #directory = new Directory();
  readonly #guard: Guard;
  readonly #endpoint: Endpoint;
  readonly #authentication: Authentication;
  readonly #registrations: Registrations;
  readonly #legs = new Map<LegId, Leg>();
  readonly #bridges: Bridges;
  readonly #playbacks: Playbacks;
  readonly #holdMusic = new HoldMusic();
  readonly #transfers: Transfers;
  readonly #ended = new RecentIds<LegId>(rememberedDials);
  #media: MediaService | undefined;
  #listener: (event: TelephonyEvent) => void = () => undefined;
  #isRunning = false;

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
    this.#guard = new Guard({
      now: () => options.scheduler.now(),
      isKnown: (address, port) => this.#registrations.registrar.isKnownPlace(address, port),
      onBlocked: ({ address, untilMs, attempts }) =>
        this.#emit({ type: "sourceBlocked", ipAddress: address, untilMs, attempts }),
    });
    this.#endpoint = new Endpoint({
      scheduler: options.scheduler,
      randomText: options.randomText,
      userAgent: options.userAgent ?? "PBX-X",
      ...(options.externalAddress !== undefined && { publicAddress: options.externalAddress }),
      admit: (bytes, remote) => this.#guard.admit(bytes, remote.address, remote.port),
      onRequest: (transaction) => this.#onRequest(transaction),
      onFlowClosed: (flowId) => this.#registrations.registrar.flowClosed(flowId),
    });
    this.#authentication = new Authentication(options, this.#directory, this.#guard);
    this.#registrations = new Registrations(this.#endpoint, options, (event) => this.#emit(event));
    this.#bridges = new Bridges((legId) => this.#legs.get(legId));
    this.#playbacks = new Playbacks((event) => this.#emit(event));
    this.#transfers = new Transfers({
      endpoint: this.#endpoint,
      scheduler: options.scheduler,
      newId: options.newId,
      emit: (event) => this.#emit(event),
      legOf: (dialog) => [...this.#legs.values()].find((leg) => leg.isDialog(dialog)),
    });
  }

  subscribe(listener: (event: TelephonyEvent) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => undefined;
    };
  }

  async start(): Promise<EngineAddresses> {
    const { host, rtpPorts } = this.#options;
    this.#media = createMediaService({
      address: host,
      ports: rtpPorts,
      maxEndpoints: this.#maxLegs,
      silenceMs: this.#options.limits?.noMediaMs ?? 120_000,
      onEvent: (event) => this.#onMedia(event),
    });
    this.#bridges.media = this.#media;
    this.#playbacks.media = this.#media;
    this.#holdMusic.media = this.#media;
    const ports = await openTransports(this.#options, this.#endpoint);
    this.#registrations.start();
    this.#isRunning = true;
    return { host, ...ports };
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    for (const leg of this.#legs.values()) leg.hangup("engine_lost");
    this.#isRunning = false;
    this.#registrations.stop();
    await this.#endpoint.close();
    await this.#media?.shutdown();
  }

  usage(): EngineUsage {
    return {
      legs: this.#legs.size,
      bridges: this.#bridges.size,
      playbacks: this.#playbacks.size,
      mediaPorts: this.#media?.size ?? 0,
      transactions: this.#endpoint.transactions,
      bindings: this.#registrations.registrar.size,
    };
  }

  async perform(operation: Operation): Promise<OperationOutcome> {
    // Configured before the start, so that no phone is refused in the first moment.
    const isEarly =
      this.#media === undefined && (operation.op === "applyConfiguration" || operation.op === "restoreBindings");
    if (!this.#isRunning && !isEarly) return refused("engine_unavailable", "the engine does not run");
    try {
      return await this.#carryOut(operation);
    } catch (error) {
      this.#options.logger.warn({ operation: operation.op, err: error }, "an operation failed unexpectedly");
      return refused("engine_unavailable", "unexpected failure");
    }
  }

  get #maxLegs(): number {
    return this.#options.limits?.maxLegs ?? 4000;
  }

  #carryOut(operation: Operation): OperationOutcome | Promise<OperationOutcome> {
    switch (operation.op) {
      case "dial":
        return this.#dial(operation);
      case "progress":
        return this.#onOffered(operation.legId, (leg) => leg.progress(operation.stage, this.#codecsBeside(leg)));
      case "answer":
        return this.#onOffered(operation.legId, (leg) => leg.answer(this.#codecsBeside(leg)));
      case "hangup":
        return this.#onLeg(operation.legId, (leg) => {
          leg.hangup(operation.cause);
          return done;
        });
      case "remoteAnswer":
        return this.#onDialled(operation.legId, (leg) => leg.remoteAnswer());
      case "remoteHold":
        return this.#onDialled(operation.legId, (leg) => leg.remoteControl("hold"));
      case "remoteTalk":
        return this.#onDialled(operation.legId, (leg) => leg.remoteControl("talk"));
      case "createBridge":
        return this.#bridges.create(operation.bridgeId);
      case "join":
        if (operation.mode !== "talk") return refused("unsupported", "no supervision");
        return this.#bridges.join(operation.bridgeId, operation.legId);
      case "leave":
        return this.#bridges.leave(operation.bridgeId, operation.legId);
      case "destroyBridge":
        return this.#bridges.destroy(operation.bridgeId);
      case "mute":
        return this.#onLeg(operation.legId, (leg) => {
          this.#media?.mute(leg.legId, operation.isMuted);
          return done;
        });
      case "play":
        return this.#onLeg(operation.legId, (leg) =>
          this.#playbacks.start(leg, operation.playbackId, operation.source),
        );
      case "stopPlayback":
        return this.#playbacks.stop(operation.playbackId);
      case "sendDtmf":
        return this.#onLeg(operation.legId, (leg) => {
          if (leg.negotiated?.telephoneEvent === undefined) return refused("device_cannot", "no telephone-event");
          this.#media?.sendDtmf(leg.legId, operation.digits);
          return done;
        });
      case "unregister":
        return this.#registrations.registrar.remove(operation.bindingId)
          ? done
          : refused("unknown_binding", operation.bindingId);
      case "applyConfiguration":
        for (const gone of this.#directory.replace(operation.configuration)) {
          this.#registrations.forgetExtension(gone.extensionId);
        }
        return done;
      case "restoreBindings":
        for (const binding of operation.bindings) {
          this.#registrations.restore(binding, this.#directory.byId(binding.extensionId));
        }
        return done;
      case "acceptTransfer":
        return this.#transfers.accept(operation.transferRequestId, operation.outcome);
      case "rejectTransfer":
        return this.#transfers.reject(operation.transferRequestId, operation.cause);
      case "holdMusic":
        return this.#onLeg(operation.legId, (leg) =>
          operation.isOn ? this.#holdMusic.start(leg, operation.path) : this.#holdMusic.stop(leg.legId),
        );
      case "record":
      case "pauseRecording":
      case "stopRecording":
        return refused("unsupported", operation.op);
    }
  }

  #dial(operation: Extract<Operation, { op: "dial" }>): OperationOutcome | Promise<OperationOutcome> {
    const { legId, target } = operation;
    if (this.#legs.has(legId) || this.#ended.has(legId)) return done;
    if (target.kind === "trunk") return refused("unsupported", "no trunks");
    const binding = this.#registrations.get(target.bindingId);
    if (binding === undefined) return refused("unknown_binding", target.bindingId);
    if (this.#legs.size >= this.#maxLegs) return refused("engine_unavailable", "too many legs");
    const originator = operation.originatorLegId === undefined ? undefined : this.#legs.get(operation.originatorLegId);
    const wanted = originator?.codecs ?? [];
    const codecs = [...wanted, ...transcodable.filter((name) => !wanted.includes(name))];
    const leg = new DialledLeg(
      {
        operation,
        binding,
        codecs,
        allowsTalk: this.#registrations.allowsTalk(binding),
        onCannotTalk: () => this.#registrations.cannotTalk(binding.id),
      },
      this.#context(),
    );
    this.#legs.set(legId, leg);
    return leg.enqueue(() => leg.start());
  }

  #onRequest(transaction: ServerTransaction): void {
    const { method } = transaction.request;
    if (method === "OPTIONS") {
      transaction.respond(200, { headers: [allow, { name: "Accept", value: "application/sdp" }] });
      return;
    }
    if (method !== "REGISTER" && method !== "INVITE") {
      if (method === "MESSAGE") transaction.respond(405, { headers: [allow] });
      else transaction.respond(method === "SUBSCRIBE" ? 489 : 481);
      return;
    }
    const extension = this.#authentication.check(transaction);
    if (extension === undefined) return;
    if (method === "REGISTER") this.#registrations.handle(transaction, extension);
    else this.#offer(transaction, extension.extensionId, extension.number, extension.displayName);
  }

  #offer(transaction: ServerTransaction, extensionId: string, number: string, name: string): void {
    const { uri, headers, callId } = transaction.request;
    const dialled = uri.scheme === "tel" ? uri.number : uri.scheme === "other" ? "" : (uri.user ?? "");
    if (this.#legs.size >= this.#maxLegs) {
      transaction.respond(503, { headers: [{ name: "Retry-After", value: "10" }] });
      return;
    }
    if (headers.has("Replaces")) {
      transaction.respond(481);
      return;
    }
    const legId = brandId<LegId>(this.#options.newId());
    const leg = OfferedLeg.begin(legId, transaction, this.#context());
    if (leg === undefined) return;
    this.#legs.set(legId, leg);
    void leg.enqueue(async () => {
      await leg.prepare();
      return done;
    });
    const binding = this.#registrations.find(extensionId, transaction);
    this.#emit({
      type: "legOffered",
      legId,
      origin: {
        kind: "extension",
        extensionId: brandId(extensionId),
        ...(binding !== undefined && { bindingId: brandId(binding.id) }),
      },
      caller: { number, name },
      dialled,
      debugId: callId,
    });
  }

  #onMedia(event: MediaEvent): void {
    if (event.type === "workerLost") {
      for (const leg of this.#legs.values()) leg.hangup("engine_lost");
      if (this.#isRunning) this.#emit({ type: "engineLost", detail: "the media worker died" });
      return;
    }
    const leg = this.#legs.get(brandId(event.endpointId));
    if (event.type === "silence") {
      if (leg?.isAnswered === true) leg.hangup("media_timeout");
      return;
    }
    if (event.type === "playbackFinished") {
      this.#playbacks.finished(brandId(event.playbackId), event.isComplete);
      return;
    }
    const told = toTelephonyEvent(event);
    if (told !== undefined && leg !== undefined) this.#emit(told);
  }

  #context(): LegContext {
    const media = this.#media;
    if (media === undefined) throw new Error("the engine has not been started");
    return {
      endpoint: this.#endpoint,
      media,
      options: this.#options,
      mediaAddress: this.#options.externalAddress ?? this.#options.host,
      emit: (event) => this.#emit(event),
      onRefer: (leg, dialog, transaction) => this.#transfers.request(leg, dialog, transaction),
      onEnded: (legId) => {
        this.#bridges.forget(legId);
        this.#playbacks.endOf(legId);
        this.#holdMusic.forget(legId);
        this.#transfers.forget(legId);
        this.#legs.delete(legId);
        this.#ended.add(legId);
      },
    };
  }

  /** What the others of the leg's bridge speak, so that both sides agree; else everything. */
  #codecsBeside(leg: Leg): readonly CodecName[] {
    const beside = this.#bridges.othersOf(leg).flatMap((other) => other.negotiated?.codec ?? []);
    return beside.length > 0 ? beside : codecNames;
  }

  #onLeg(
    legId: LegId,
    act: (leg: Leg) => OperationOutcome | Promise<OperationOutcome>,
  ): OperationOutcome | Promise<OperationOutcome> {
    const leg = this.#legs.get(legId);
    return leg === undefined ? refused("unknown_leg", legId) : leg.enqueue(() => act(leg));
  }

  #onOffered(legId: LegId, act: (leg: OfferedLeg) => OperationOutcome): OperationOutcome | Promise<OperationOutcome> {
    return this.#onLeg(legId, (leg) =>
      leg instanceof OfferedLeg ? act(leg) : refused("invalid_state", "it was dialled, not offered"),
    );
  }

  #onDialled(
    legId: LegId,
    act: (leg: DialledLeg) => Promise<OperationOutcome>,
  ): OperationOutcome | Promise<OperationOutcome> {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return refused("unknown_leg", legId);
    // Not in the queue: it waits for the device, and a hang-up must not wait for it.
    return leg instanceof DialledLeg ? act(leg) : refused("device_cannot", "it called by itself");
  }

  #emit(event: TelephonyEvent): void {
    this.#listener(event);
  }
}

export function createEmbeddedEngine(options: EmbeddedEngineOptions): TelephonyEngine {
  return new EmbeddedEngine(options);
}
