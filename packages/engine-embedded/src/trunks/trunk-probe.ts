import { createRequest, type Endpoint, type Remote, type SipRequest } from "@pbx-x/sip";
import type { TrunkConfiguration } from "@pbx-x/telephony";
import { accountUri, routesOf, trunkUri } from "./trunk-addresses.ts";
import type { HealthInput } from "./trunk-health.ts";

export interface TrunkProbeOptions {
  readonly endpoint: Endpoint;
  readonly configuration: TrunkConfiguration;
  readonly everyMs: number;
  readonly findRemote: () => Promise<Remote | undefined>;
  /** Nobody answers there. */
  readonly onSilence: (remote: Remote) => void;
  readonly onResult: (result: Extract<HealthInput, { type: "answered" | "missed" }>) => void;
}

/** What comes later is a miss; told before the next one is sent. */
const answerWithinMs = 5000;
const shareOfInterval = 0.8;

/** Asks a far side every 30 s whether it is there (RFC 3261 §11); any answer will do ([V4]). */
export class TrunkProbe {
  readonly #options: TrunkProbeOptions;
  #round = 0;
  #cancelNext: () => void = () => undefined;
  #cancelWait: () => void = () => undefined;

  constructor(options: TrunkProbeOptions) {
    this.#options = options;
  }

  start(): void {
    this.#round += 1;
    void this.#ask(this.#round);
    this.#cancelNext = this.#options.endpoint.scheduler.after(this.#options.everyMs, () => this.start());
  }

  stop(): void {
    this.#round += 1;
    this.#cancelNext();
    this.#cancelWait();
  }

  async #ask(round: number): Promise<void> {
    const { endpoint, configuration, everyMs, findRemote, onResult } = this.#options;
    const remote = await findRemote();
    if (round !== this.#round) return;
    if (remote === undefined) {
      onResult({ type: "missed" });
      return;
    }
    const { scheduler } = endpoint;
    const sentAtMs = scheduler.now();
    let isSettled = false;
    const settle = (result: Parameters<TrunkProbeOptions["onResult"]>[0]): void => {
      if (isSettled || round !== this.#round) return;
      isSettled = true;
      this.#cancelWait();
      if (result.type === "missed") this.#options.onSilence(remote);
      onResult(result);
    };
    this.#cancelWait = scheduler.after(Math.min(answerWithinMs, everyMs * shareOfInterval), () =>
      settle({ type: "missed" }),
    );
    endpoint.request(optionsRequest(endpoint, configuration), remote, {
      onResponse: () => settle({ type: "answered", afterMs: scheduler.now() - sentAtMs }),
      onFailure: () => settle({ type: "missed" }),
    });
  }
}

export function optionsRequest(endpoint: Endpoint, configuration: TrunkConfiguration): SipRequest {
  return createRequest({
    method: "OPTIONS",
    uri: trunkUri(configuration),
    from: { uri: accountUri(configuration), params: new Map([["tag", endpoint.newTag()]]) },
    to: { uri: trunkUri(configuration), params: new Map() },
    callId: endpoint.newCallId(),
    cseq: 1,
    headers: [...routesOf(configuration), { name: "Accept", value: "application/sdp" }],
  });
}
