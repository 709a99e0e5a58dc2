import { convertFile, createMediaService, type MediaEvent } from "@pbx-x/media";
import { Endpoint, Guard, Notifier } from "@pbx-x/sip";
import {
  type AudioImport,
  type AudioImportOutcome,
  brandId,
  type EngineAddresses,
  type EngineCapabilities,
  type EngineUsage,
  type Operation,
  type OperationName,
  type OperationOutcome,
  type TelephonyEngine,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import { Authentication } from "./authentication.ts";
import { Bridges } from "./bridges.ts";
import { dial, type DialParts } from "./dialling.ts";
import { Digits } from "./digits/digits.ts";
import { Directory } from "./directory.ts";
import { refused } from "./legs/leg.ts";
import type { LegContext } from "./legs/leg-context.ts";
import { LegTable } from "./legs/leg-table.ts";
import { HoldMusic } from "./hold-music.ts";
import { toTelephonyEvent } from "./media-events.ts";
import { MediaKeeper } from "./media-keeper.ts";
import { MessageLamps } from "./message-lamps.ts";
import { carryOut, type OperationParts } from "./operations.ts";
import type { EmbeddedEngineOptions } from "./options.ts";
import { Playbacks } from "./playbacks.ts";
import { Recordings } from "./recordings.ts";
import { Registrations } from "./registrations.ts";
import { onRequest, type RequestParts } from "./requests.ts";
import { Transfers } from "./transfers.ts";
import { openTransports } from "./transports.ts";
import { createTrunks, type Trunks } from "./trunks/trunks.ts";

const capabilities: EngineCapabilities = {
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
};

/** A leg without a voice packet for so long ends in any case. */
const longestSilenceMs = 120_000;

/** Told before the start, so that no phone is refused in the first moment. */
const earlyOperations: readonly OperationName[] = [
  "applyConfiguration",
  "restoreBindings",
  "publishState",
  "withdrawState",
];

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
  readonly #notifier: Notifier;
  readonly #messageLamps: MessageLamps;
  readonly #legs: LegTable;
  readonly #bridges: Bridges;
  readonly #playbacks: Playbacks;
  readonly #holdMusic = new HoldMusic();
  readonly #digits: Digits;
  readonly #transfers: Transfers;
  readonly #recordings: Recordings;
  readonly #trunks: Trunks;
  readonly #parts: OperationParts & RequestParts & DialParts;
  readonly #media: MediaKeeper;
  #listener: (event: TelephonyEvent) => void = () => undefined;
  #isRunning = false;

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
    this.#legs = new LegTable(options.limits?.maxLegs ?? 4000);
    this.#guard = new Guard({
      now: () => options.scheduler.now(),
      isKnown: (address, port) =>
        this.#registrations.registrar.isKnownPlace(address, port) || this.#trunks.isTrunkPlace(address, port),
      onBlocked: ({ address, untilMs, attempts }) =>
        this.#emit({ type: "sourceBlocked", ipAddress: address, untilMs, attempts }),
    });
    this.#endpoint = new Endpoint({
      scheduler: options.scheduler,
      randomText: options.randomText,
      userAgent: options.userAgent ?? "PBX-X",
      ...(options.externalAddress !== undefined && { publicAddress: options.externalAddress }),
      admit: (bytes, remote) => this.#guard.admit(bytes, remote.address, remote.port),
      onRequest: (transaction) => onRequest(this.#parts, transaction),
      onFlowClosed: (flowId) => {
        this.#registrations.registrar.flowClosed(flowId);
        this.#notifier.flowClosed(flowId);
      },
    });
    this.#notifier = new Notifier({ endpoint: this.#endpoint });
    this.#authentication = new Authentication(options, this.#directory, this.#guard);
    this.#registrations = new Registrations(this.#endpoint, options, (event) => {
      if (event.type === "bindingRemoved") this.#messageLamps.forget(event.bindingId);
      this.#emit(event);
    });
    this.#messageLamps = new MessageLamps({
      endpoint: this.#endpoint,
      notifier: this.#notifier,
      registrations: this.#registrations,
      directory: this.#directory,
    });
    this.#bridges = new Bridges((legId) => this.#legs.get(legId));
    this.#playbacks = new Playbacks((event) => this.#emit(event));
    this.#recordings = new Recordings(this.#bridges, (event) => this.#emit(event));
    this.#digits = new Digits({
      emit: (event) => this.#emit(event),
      scheduler: options.scheduler,
      partnerOf: (leg) => this.#bridges.partnerOf(leg),
    });
    this.#transfers = new Transfers({
      endpoint: this.#endpoint,
      scheduler: options.scheduler,
      newId: options.newId,
      emit: (event) => this.#emit(event),
      legOf: (dialog) => this.#legs.ofDialog(dialog),
    });
    this.#trunks = createTrunks(options, this.#endpoint, {
      emit: (event) => this.#emit(event),
      isPhonePlace: (address, port) => this.#registrations.registrar.isKnownPlace(address, port),
      isExtension: (number) => this.#directory.byNumber(number) !== undefined,
    });
    this.#media = this.#createMedia();
    const context = (): LegContext => this.#context();
    this.#parts = {
      legs: this.#legs,
      bridges: this.#bridges,
      playbacks: this.#playbacks,
      holdMusic: this.#holdMusic,
      digits: this.#digits,
      transfers: this.#transfers,
      recordings: this.#recordings,
      registrations: this.#registrations,
      notifier: this.#notifier,
      messageLamps: this.#messageLamps,
      trunks: this.#trunks,
      directory: this.#directory,
      authentication: this.#authentication,
      media: () => this.#media.current,
      dial: (operation) => dial(this.#parts, operation),
      context,
      newId: options.newId,
      emit: (event) => this.#emit(event),
    };
  }

  subscribe(listener: (event: TelephonyEvent) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => undefined;
    };
  }

  async start(): Promise<EngineAddresses> {
    this.#media.start();
    const ports = await openTransports(this.#options, this.#endpoint);
    this.#registrations.start();
    this.#trunks.start();
    this.#isRunning = true;
    return { host: this.#options.host, ...ports };
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    for (const leg of this.#legs.all()) leg.hangup("engine_lost");
    this.#isRunning = false;
    this.#registrations.stop();
    this.#notifier.close();
    this.#messageLamps.close();
    await this.#trunks.stop();
    await this.#endpoint.close();
    await this.#media.stop();
  }

  importAudio(audio: AudioImport): Promise<AudioImportOutcome> {
    return convertFile(audio);
  }

  usage(): EngineUsage {
    return {
      legs: this.#legs.size,
      bridges: this.#bridges.size,
      playbacks: this.#playbacks.size,
      recordings: this.#recordings.size,
      mediaPorts: this.#media.current?.size ?? 0,
      transactions: this.#endpoint.transactions,
      bindings: this.#registrations.registrar.size,
      subscriptions: this.#notifier.size,
    };
  }

  async perform(operation: Operation): Promise<OperationOutcome> {
    const isEarly = this.#media.current === undefined && earlyOperations.includes(operation.op);
    if (!this.#isRunning && !isEarly) return refused("engine_unavailable", "the engine does not run");
    try {
      return await carryOut(this.#parts, operation);
    } catch (error) {
      this.#options.logger.warn({ operation: operation.op, err: error }, "an operation failed unexpectedly");
      return refused("engine_unavailable", "unexpected failure");
    }
  }

  #createMedia(): MediaKeeper {
    const { host, rtpPorts, scheduler, limits } = this.#options;
    return new MediaKeeper({
      scheduler,
      create: (onEvent) =>
        createMediaService({
          address: host,
          ports: rtpPorts,
          maxEndpoints: this.#legs.limit,
          silenceMs: Math.min(limits?.silentMs ?? 20_000, limits?.noMediaMs ?? longestSilenceMs),
          onEvent,
        }),
      onEvent: (event) => this.#onMedia(event),
      onMedia: (media) => {
        this.#bridges.media = media;
        this.#playbacks.media = media;
        this.#holdMusic.media = media;
        this.#digits.media = media;
        this.#recordings.media = media;
      },
      onLost: () => {
        for (const leg of this.#legs.all()) leg.hangup("engine_lost");
        if (this.#isRunning) this.#emit({ type: "engineLost", detail: "the media worker died" });
      },
      onRecovered: () => this.#emit({ type: "engineRecovered" }),
    });
  }

  #onMedia(event: Exclude<MediaEvent, { type: "workerLost" }>): void {
    if (event.type === "recordingFinished") return this.#recordings.finished(event);
    const leg = this.#legs.get(brandId(event.endpointId));
    if (event.type === "silence") {
      if (leg?.isAnswered !== true) return;
      if (event.ms >= (this.#options.limits?.noMediaMs ?? longestSilenceMs)) leg.hangup("media_timeout");
      else void leg.confirm();
      return;
    }
    if (event.type === "playbackFinished") {
      this.#playbacks.finished(brandId(event.playbackId), event.isComplete);
      return;
    }
    if (event.type === "dtmf") {
      if (leg !== undefined) this.#digits.pressed(leg, event);
      return;
    }
    const told = toTelephonyEvent(event, leg?.trunkId);
    if (told !== undefined && leg !== undefined) this.#emit(told);
  }

  #context(): LegContext {
    const media = this.#media.current;
    if (media === undefined) throw new Error("the engine has not been started");
    return {
      endpoint: this.#endpoint,
      media,
      options: this.#options,
      mediaAddress: this.#options.externalAddress ?? this.#options.host,
      emit: (event) => this.#emit(event),
      onRefer: (leg, dialog, transaction) => {
        // A far side must not make us call whom it likes at our cost.
        if (leg.trunkId === undefined) this.#transfers.request(leg, dialog, transaction);
        else transaction.respond(403);
      },
      onInfoDigit: (leg, digit, durationMs) => this.#digits.informed(leg, digit, durationMs),
      onEnded: (legId) => {
        this.#bridges.forget(legId);
        this.#playbacks.endOf(legId);
        this.#holdMusic.forget(legId);
        this.#digits.forget(legId);
        this.#transfers.forget(legId);
        this.#legs.end(legId);
      },
    };
  }

  #emit(event: TelephonyEvent): void {
    this.#listener(event);
  }
}

export function createEmbeddedEngine(options: EmbeddedEngineOptions): TelephonyEngine {
  return new EmbeddedEngine(options);
}
