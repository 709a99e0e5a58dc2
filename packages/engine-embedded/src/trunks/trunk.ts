import type { BlockList } from "node:net";
import type { DigestClient, Endpoint, Remote } from "@pbx-x/sip";
import type { DialOperation, TrunkConfiguration } from "@pbx-x/telephony";
import type { DialWay } from "../legs/dial-way.ts";
import type { ResolvedPlace, ResolvePlaces } from "./resolve-places.ts";
import { credentialsOf, placeOf, remoteOf, wayOverTrunk } from "./trunk-addresses.ts";
import {
  type HealthInput,
  judgeHealth,
  newHealth,
  stepHealth,
  type TrunkHealth,
  type TrunkVerdict,
} from "./trunk-health.ts";
import { allowedAddresses, lineOf, type TrunkSource } from "./trunk-identity.ts";
import { TrunkProbe } from "./trunk-probe.ts";
import { TrunkRegistration } from "./trunk-registration.ts";

export interface TrunkOptions {
  readonly endpoint: Endpoint;
  readonly configuration: TrunkConfiguration;
  readonly resolve: ResolvePlaces;
  readonly randomText: () => string;
  readonly random: () => number;
  readonly probeEveryMs: number;
  readonly onVerdict: (verdict: TrunkVerdict) => void;
}

/** A name is looked up again after this; what is found out in between changes nothing. */
const resolveEveryMs = 60_000;
/** A call takes an address that was looked for within this as it is; after so long without a look, it waits for one. */
const goodForMs = 600_000;

/** One enabled trunk: where it is, whether it is there, our registration with it. */
export class Trunk implements TrunkSource {
  readonly allowed: BlockList;
  readonly line: string;
  readonly credentials: DigestClient | undefined;
  configuration: TrunkConfiguration;
  readonly #options: TrunkOptions;
  readonly #registration: TrunkRegistration | undefined;
  readonly #probe: TrunkProbe | undefined;
  #places: readonly ResolvedPlace[] = [];
  #resolvedAtMs = Number.NEGATIVE_INFINITY;
  #resolving: Promise<readonly ResolvedPlace[]> | undefined;
  /** Of the places, the one that is tried now. */
  #place = 0;
  #health: TrunkHealth;
  #told = "";

  constructor(options: TrunkOptions) {
    const { endpoint, configuration } = options;
    this.#options = options;
    this.configuration = configuration;
    this.allowed = allowedAddresses(configuration.allowedIps);
    this.line = lineOf(configuration);
    this.credentials = credentialsOf(configuration, options.randomText);
    const isRegistering = configuration.trunkType === "register";
    const isQualified = configuration.isQualified ?? true;
    this.#health = newHealth(isRegistering, isQualified);
    const around = {
      endpoint,
      configuration,
      findRemote: () => this.findRemote(),
      onSilence: (remote: Remote) => this.#tryNextPlace(remote),
    };
    const onResult = (input: HealthInput): void => this.#on(input);
    if (isRegistering) {
      const { credentials, line } = this;
      this.#registration = new TrunkRegistration({ ...around, credentials, line, random: options.random, onResult });
    }
    if (isQualified) this.#probe = new TrunkProbe({ ...around, everyMs: options.probeEveryMs, onResult });
  }

  get places(): readonly ResolvedPlace[] {
    return this.#places;
  }

  get remote(): Remote | undefined {
    const place = this.#places[this.#place % Math.max(1, this.#places.length)];
    return place && remoteOf(this.configuration, place);
  }

  start(): void {
    this.#registration?.tryNow();
    this.#probe?.start();
    // Without either of the two, its calls still have to be known by their source.
    void this.findRemote().then(() => this.#tell());
  }

  /** Takes its registration back; resolves when that is done, after `maxWaitMs` at the latest. */
  async stop(maxWaitMs: number): Promise<void> {
    this.#probe?.stop();
    await this.#registration?.stop(maxWaitMs);
  }

  /** Undefined when its name has no address. */
  async way(operation: DialOperation, number: string): Promise<DialWay | undefined> {
    const known = this.#isFresh ? this.remote : undefined;
    // A look that is due is taken for the next call: a name server may say nothing for long ([O5]).
    const finding = this.findRemote();
    const remote = known ?? (await finding);
    return remote && wayOverTrunk(this.configuration, operation, number, remote, this.credentials);
  }

  async findRemote(): Promise<Remote | undefined> {
    const now = this.#options.endpoint.scheduler.now();
    if (this.#places.length === 0 || now - this.#resolvedAtMs >= resolveEveryMs) await this.#resolve();
    return this.remote;
  }

  get #isFresh(): boolean {
    return this.#options.endpoint.scheduler.now() - this.#resolvedAtMs < goodForMs;
  }

  async #resolve(): Promise<void> {
    const { resolve, endpoint } = this.#options;
    this.#resolving ??= resolve(placeOf(this.configuration)).finally(() => {
      this.#resolving = undefined;
    });
    const found = await this.#resolving;
    this.#resolvedAtMs = endpoint.scheduler.now();
    // A name server that is away for a while makes nothing that is known wrong.
    if (found.length === 0 || JSON.stringify(found) === JSON.stringify(this.#places)) return;
    this.#places = found;
    this.#place = 0;
  }

  /** Unless another place has been taken since that one was asked. */
  #tryNextPlace({ address, port }: Remote): void {
    const { remote } = this;
    if (remote?.address === address && remote.port === port) this.#place += 1;
  }

  #on(input: HealthInput): void {
    const before = this.#health;
    this.#health = stepHealth(before, input);
    const { registration } = this.#health;
    const isRefused = registration.is === "failed" && registration.reason === "auth_failed";
    // It is back, and may have forgotten us.
    if (input.type === "answered" && before.misses > 0 && registration.is !== "up" && !isRefused) {
      this.#registration?.tryNow();
    }
    this.#tell();
  }

  #tell(): void {
    const verdict = judgeHealth(this.#health);
    if (verdict === undefined) return;
    const key = `${verdict.status} ${verdict.reason}`;
    if (key === this.#told) return;
    this.#told = key;
    this.#options.onVerdict(verdict);
  }
}
