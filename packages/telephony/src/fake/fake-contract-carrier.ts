import type { EngineConfiguration } from "../configuration.ts";
import type { ContractCall, ContractCarrier, ContractCarrierCall } from "../contract/harness.ts";
import type { LegId, TrunkId } from "../ids.ts";
import type { PartyIdentity } from "../operations.ts";
import { FakeCall } from "./fake-contract-call.ts";
import type { FakeEngine } from "./fake-engine.ts";

class FakeCarrierCall extends FakeCall implements ContractCarrierCall {
  readonly dialled: string;
  readonly caller: PartyIdentity;

  constructor(fake: FakeEngine, legId: LegId) {
    super(fake, legId);
    const leg = fake.leg(legId);
    if (leg?.target?.kind !== "trunk") throw new Error(`${legId} is no call to a trunk`);
    this.dialled = leg.target.number;
    this.caller = leg.caller;
  }
}

/** A call that nobody took. */
const unheard: ContractCall = {
  sees: [],
  ring: () => undefined,
  earlyMedia: () => undefined,
  answer: () => undefined,
  reject: () => undefined,
  redirect: () => undefined,
  hangup: () => undefined,
  hold: () => undefined,
  unhold: () => undefined,
  press: () => undefined,
  speak: () => undefined,
  hears: () => false,
  hearsPlayback: () => false,
};

/** The far side of a trunk of the fake engine, which it knows by its port. */
export class FakeCarrier implements ContractCarrier {
  readonly trunk: ContractCarrier["trunk"];
  readonly #fake: FakeEngine;
  readonly #incoming = new Map<LegId, FakeCarrierCall>();
  #trunkId: TrunkId | undefined;
  #isEnabled = false;

  constructor(fake: FakeEngine, port: number) {
    this.#fake = fake;
    const place = { host: "127.0.0.1", port, transport: "udp" } as const;
    const account = { username: "pbx", password: "secret" };
    this.trunk = { name: "Carrier", isEnabled: true, trunkType: "static", ...place, ...account, allowedIps: [] };
  }

  configured({ trunks }: EngineConfiguration): void {
    const own = trunks.find(({ port }) => port === this.trunk.port);
    this.#isEnabled = own?.isEnabled === true;
    if (own === undefined) return;
    this.#trunkId = own.trunkId;
    this.#fake.setTrunkLine(own.trunkId, { password: this.trunk.password ?? "" });
  }

  get isRegistered(): boolean {
    return this.#trunkId !== undefined && this.#fake.isTrunkRegistered(this.#trunkId);
  }

  get incoming(): readonly ContractCarrierCall[] {
    for (const { legId, target } of this.#fake.legs()) {
      const isOurs = target?.kind === "trunk" && target.trunkId === this.#trunkId;
      if (isOurs && !this.#incoming.has(legId)) this.#incoming.set(legId, new FakeCarrierCall(this.#fake, legId));
    }
    return [...this.#incoming.values()];
  }

  setAnswering(isReachable: boolean): void {
    if (this.#trunkId !== undefined) this.#fake.setTrunkLine(this.#trunkId, { isReachable });
  }

  setChallenging(): void {
    // The fake knows no digest.
  }

  call(dialled: string, caller: PartyIdentity): ContractCall {
    if (this.#trunkId === undefined || !this.#isEnabled) return unheard;
    return new FakeCall(this.#fake, this.#fake.callFromTrunk(this.#trunkId, dialled, caller));
  }
}
