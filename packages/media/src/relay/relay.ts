import { Recorder } from "../recording/recorder.ts";
import { Bridge } from "./bridge.ts";
import { RelayEndpoint } from "./endpoint.ts";
import { PortPool } from "./port-pool.ts";
import type { RelayReport, RelayRequest, RelaySettings } from "./relay-messages.ts";

export interface RelayOptions {
  readonly settings: RelaySettings;
  readonly tell: (report: RelayReport) => void;
  readonly now: () => number;
  readonly random: () => number;
}

const tickMs = 20;

/** All endpoints of one worker: opens and closes them, joins them, moves their clocks. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #pool: PortPool;
  readonly #endpoints = new Map<string, RelayEndpoint>();
  readonly #bridges = new Map<string, Bridge>();
  readonly #bridgeOf = new Map<RelayEndpoint, string>();
  readonly #recorder: Recorder;
  readonly #timers: NodeJS.Timeout[] = [];
  #nextTickMs = 0;
  #ticker: NodeJS.Timeout | undefined;
  #opening = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { address, minPort, maxPort } = options.settings;
    this.#pool = new PortPool({ address, min: minPort, max: maxPort, now: options.now });
    this.#recorder = new Recorder({
      tell: options.tell,
      now: options.now,
      membersOf: (bridgeId) => this.#bridges.get(bridgeId)?.talkers ?? [],
      maxRecordings: options.settings.maxRecordings,
    });
    this.#timers.push(
      setInterval(() => this.#each((endpoint) => endpoint.watchPresses()), 100),
      setInterval(() => this.#each((endpoint) => endpoint.watch()), 1000),
      setInterval(() => this.#each((endpoint) => endpoint.report()), options.settings.reportMs),
    );
  }

  handle(request: RelayRequest): void {
    switch (request.do) {
      case "open":
        void this.#open(request.request, request.endpointId);
        return;
      case "configure":
        this.#endpoints.get(request.endpointId)?.configure(request.settings);
        return;
      case "join":
        this.#join(request);
        return;
      case "leave":
        this.#leave(this.#endpoints.get(request.endpointId));
        return;
      case "mute": {
        const endpoint = this.#endpoints.get(request.endpointId);
        if (endpoint !== undefined) endpoint.isMuted = request.isMuted;
        return;
      }
      case "play":
        this.#play(request);
        return;
      case "stopPlayback":
        for (const endpoint of this.#endpoints.values()) if (endpoint.stopPlayback(request.playbackId)) return;
        return;
      case "sendDtmf":
        this.#endpoints.get(request.endpointId)?.sendDtmf(request.digits);
        this.#keepTicking();
        return;
      case "record":
        void this.#recorder.start(request);
        return;
      case "moveRecording":
        this.#recorder.move(request);
        return;
      case "pauseRecording":
        this.#recorder.setPaused(request);
        return;
      case "stopRecording":
        this.#recorder.stop(request.recordingId);
        return;
      case "statistics": {
        const statistics = this.#endpoints.get(request.endpointId)?.statistics();
        this.#options.tell({ tell: "answer", request: request.request, statistics });
        return;
      }
      case "close":
        this.#close(request.request, request.endpointId);
        return;
      case "shutdown":
        void this.shutdown();
        return;
    }
  }

  /** Nothing is heard any more at once; resolves when the files of the recordings are closed. */
  async shutdown(): Promise<void> {
    const recorded = this.#recorder.shutdown();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#ticker);
    for (const endpoint of this.#endpoints.values()) this.#pool.give(endpoint.ports);
    this.#pool.close();
    this.#endpoints.clear();
    this.#bridges.clear();
    this.#bridgeOf.clear();
    await recorded;
  }

  async #open(request: number, endpointId: string): Promise<void> {
    const { settings, tell } = this.#options;
    const known = this.#endpoints.get(endpointId);
    if (known !== undefined)
      return tell({ tell: "opened", request, port: known.ports.port, rtcpPort: known.ports.port + 1 });
    if (this.#endpoints.size + this.#opening >= settings.maxEndpoints) {
      return tell({ tell: "refused", request, code: "too_many_endpoints" });
    }
    this.#opening += 1;
    const ports = await this.#pool.take();
    this.#opening -= 1;
    if (ports === undefined) return tell({ tell: "refused", request, code: "ports_exhausted" });
    const rival = this.#endpoints.get(endpointId);
    if (rival !== undefined) {
      this.#pool.give(ports);
      return tell({ tell: "opened", request, port: rival.ports.port, rtcpPort: rival.ports.port + 1 });
    }
    const { now, random } = this.#options;
    const around = { tell, now, random, silenceMs: settings.silenceMs };
    this.#endpoints.set(endpointId, new RelayEndpoint(endpointId, ports, around));
    tell({ tell: "opened", request, port: ports.port, rtcpPort: ports.port + 1 });
  }

  #play({ endpointId, playbackId, samples, isLooped }: RelayRequest & { readonly do: "play" }): void {
    const endpoint = this.#endpoints.get(endpointId);
    if (endpoint === undefined) {
      this.#options.tell({ tell: "playbackFinished", playbackId, endpointId, isComplete: false });
      return;
    }
    endpoint.play(playbackId, samples, isLooped);
    this.#keepTicking();
  }

  #join({ bridgeId, endpointId, role, isMixed = false }: RelayRequest & { readonly do: "join" }): void {
    const endpoint = this.#endpoints.get(endpointId);
    if (endpoint === undefined) return;
    if (this.#bridgeOf.get(endpoint) !== bridgeId) this.#leave(endpoint);
    const bridge = this.#bridges.get(bridgeId) ?? this.#createBridge(bridgeId, isMixed);
    bridge.join(endpoint, role);
    this.#bridgeOf.set(endpoint, bridgeId);
    this.#recorder.membersChanged(bridgeId);
    if (bridge.isMixing) this.#keepTicking();
  }

  #createBridge(bridgeId: string, isAlwaysMixed: boolean): Bridge {
    const tellTalking = (endpointId: string, isTalking: boolean): void =>
      this.#options.tell({ tell: "talking", endpointId, isTalking });
    const bridge = new Bridge({ tellTalking, isAlwaysMixed });
    this.#bridges.set(bridgeId, bridge);
    return bridge;
  }

  #leave(endpoint: RelayEndpoint | undefined): void {
    const bridgeId = endpoint === undefined ? undefined : this.#bridgeOf.get(endpoint);
    if (endpoint === undefined || bridgeId === undefined) return;
    const bridge = this.#bridges.get(bridgeId);
    bridge?.leave(endpoint);
    this.#bridgeOf.delete(endpoint);
    if (bridge?.size === 0) this.#bridges.delete(bridgeId);
    this.#recorder.membersChanged(bridgeId);
  }

  #close(request: number, endpointId: string): void {
    const endpoint = this.#endpoints.get(endpointId);
    if (endpoint !== undefined) {
      endpoint.stopPlayback();
      this.#leave(endpoint);
      this.#endpoints.delete(endpointId);
      this.#pool.give(endpoint.ports);
    }
    this.#options.tell({ tell: "answer", request, statistics: endpoint?.statistics() });
  }

  /** One clock for all that is played and mixed; late ticks are made up for. */
  #keepTicking(): void {
    if (this.#ticker !== undefined) return;
    this.#nextTickMs = this.#options.now() + tickMs;
    const tick = (): void => {
      let isAnyActive = false;
      const now = this.#options.now();
      for (let due = 0; this.#nextTickMs <= now && due < 10; due += 1) {
        // First the mixes: a frame that begins to be played is not sent beside one of a mix.
        for (const bridge of this.#bridges.values()) if (bridge.isMixing) bridge.tick();
        for (const endpoint of this.#endpoints.values()) if (endpoint.isActive) endpoint.tick();
        this.#nextTickMs += tickMs;
      }
      for (const endpoint of this.#endpoints.values()) isAnyActive ||= endpoint.isActive;
      for (const bridge of this.#bridges.values()) isAnyActive ||= bridge.isMixing;
      if (this.#nextTickMs <= now) this.#nextTickMs = now + tickMs;
      this.#ticker = isAnyActive ? setTimeout(tick, Math.max(1, this.#nextTickMs - this.#options.now())) : undefined;
    };
    this.#ticker = setTimeout(tick, tickMs);
  }

  #each(act: (endpoint: RelayEndpoint) => void): void {
    for (const endpoint of this.#endpoints.values()) act(endpoint);
  }
}
