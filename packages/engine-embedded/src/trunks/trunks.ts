import type { Endpoint, ServerTransaction } from "@pbx-x/sip";
import type { TelephonyEvent, TrunkConfiguration, TrunkId } from "@pbx-x/telephony";
import { isIPv6 } from "node:net";
import type { EmbeddedEngineOptions } from "../options.ts";
import { randomShare } from "../random-share.ts";
import { createDnsResolver, type ResolvePlaces } from "./resolve-places.ts";
import { Trunk } from "./trunk.ts";
import { isPlaceOf, senderOf } from "./trunk-identity.ts";
import { testTrunk } from "./trunk-test.ts";

export interface TrunksOptions {
  readonly endpoint: Endpoint;
  readonly resolve: ResolvePlaces;
  readonly randomText: () => string;
  /** Default 30 s ([V4]). */
  readonly probeEveryMs?: number;
  readonly emit: (event: TelephonyEvent) => void;
  /** A phone of ours is registered at that place, or has that number: it may share an address with a trunk. */
  readonly isPhonePlace: (address: string, port: number) => boolean;
  readonly isExtension: (number: string) => boolean;
}

/** Time that the end of a registration may take when the engine stops. */
const goodbyeMs = 1000;

/** All trunks as configured last. */
export class Trunks {
  readonly #options: TrunksOptions;
  readonly #trunks = new Map<TrunkId, Trunk>();
  #configured: readonly TrunkConfiguration[] = [];
  #isRunning = false;

  constructor(options: TrunksOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    for (const configuration of this.#configured) this.#begin(configuration);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    const trunks = [...this.#trunks.values()];
    this.#trunks.clear();
    await Promise.all(trunks.map((trunk) => trunk.stop(goodbyeMs)));
  }

  /** Applies the difference; calls in progress go on. */
  apply(configurations: readonly TrunkConfiguration[]): void {
    const before = new Map(this.#configured.map((configuration) => [configuration.trunkId, configuration]));
    this.#configured = configurations;
    if (!this.#isRunning) return;
    const wanted = new Map(configurations.map((configuration) => [configuration.trunkId, configuration]));
    for (const [trunkId, trunk] of this.#trunks) {
      const next = wanted.get(trunkId);
      if (next !== undefined && keyOf(next) === keyOf(trunk.configuration)) {
        trunk.configuration = next;
        continue;
      }
      this.#trunks.delete(trunkId);
      void trunk.stop(goodbyeMs);
    }
    for (const configuration of configurations) {
      const { trunkId, isEnabled } = configuration;
      if (isEnabled && !this.#trunks.has(trunkId)) this.#begin(configuration);
      if (!isEnabled && before.get(trunkId)?.isEnabled === true) {
        const detail = "disabled by an administrator";
        this.#options.emit({ type: "trunkStatusChanged", trunkId, status: "inactive", reason: "disabled", detail });
      }
    }
  }

  get(trunkId: TrunkId): Trunk | "disabled" | undefined {
    const isKnown = this.#configured.some((configuration) => configuration.trunkId === trunkId);
    return this.#trunks.get(trunkId) ?? (isKnown ? "disabled" : undefined);
  }

  /** Tries a configured trunk out, also a disabled one; false when there is none. What was found comes as an event. */
  test(trunkId: TrunkId, testId: string): boolean {
    const configuration = this.#configured.find((other) => other.trunkId === trunkId);
    if (configuration === undefined) return false;
    const { endpoint, resolve, randomText, emit } = this.#options;
    void testTrunk({ endpoint, configuration, resolve, randomText }).then((steps) =>
      emit({ type: "trunkTested", testId, trunkId, steps }),
    );
    return true;
  }

  isTrunkPlace(address: string, port: number): boolean {
    for (const trunk of this.#trunks.values()) if (isPlaceOf(trunk, address, port)) return true;
    return false;
  }

  /** The trunk that sent an INVITE; undefined for phones and strangers. */
  senderOf({ request, remote }: ServerTransaction): Trunk | undefined {
    const { isPhonePlace, isExtension } = this.#options;
    return senderOf(this.#trunks.values(), request, remote, (isExactPlace) => {
      if (isPhonePlace(remote.address, remote.port)) return true;
      const { uri } = request.from;
      return !isExactPlace && "user" in uri && isExtension(uri.user ?? "");
    });
  }

  #begin(configuration: TrunkConfiguration): void {
    if (!configuration.isEnabled) return;
    const { endpoint, resolve, randomText, probeEveryMs = 30_000, emit } = this.#options;
    const { trunkId } = configuration;
    const trunk: Trunk = new Trunk({
      endpoint,
      configuration,
      resolve,
      randomText,
      random: () => randomShare(randomText()),
      probeEveryMs,
      onVerdict: (verdict) => {
        if (this.#trunks.get(trunkId) === trunk) emit({ type: "trunkStatusChanged", trunkId, ...verdict });
      },
    });
    this.#trunks.set(trunkId, trunk);
    trunk.start();
  }
}

export function createTrunks(
  { host, trunks = {}, randomText }: EmbeddedEngineOptions,
  endpoint: Endpoint,
  around: Pick<TrunksOptions, "emit" | "isPhonePlace" | "isExtension">,
): Trunks {
  const { probeEveryMs, resolve = createDnsResolver(isIPv6(host) ? 6 : 4) } = trunks;
  return new Trunks({ endpoint, resolve, randomText, ...(probeEveryMs !== undefined && { probeEveryMs }), ...around });
}

/** What has to begin anew when it changes. */
function keyOf(configuration: TrunkConfiguration): string {
  return JSON.stringify({ ...configuration, name: "", codecPreferences: [], fromUser: "" });
}
