import { expect } from "vitest";
import type { Binding } from "../binding.ts";
import type { TelephonyEngine } from "../engine.ts";
import type { TelephonyEvent, TelephonyEventType } from "../events.ts";
import { type BridgeId, brandId, type LegId } from "../ids.ts";
import type { DialOperation, Operation, OperationOutcome } from "../operations.ts";
import type { ContractCall, ContractHarness, ContractPhone, ContractPhoneTraits, ContractSight } from "./harness.ts";

type EventOf<Type extends TelephonyEventType> = Extract<TelephonyEvent, { type: Type }>;

export interface RegisteredPhone {
  readonly phone: ContractPhone;
  readonly binding: Binding;
  readonly number: string;
}

export interface LegAtPhone {
  readonly legId: LegId;
  readonly call: ContractCall;
}

/** The steps that the tests of the suite share. */
export class ContractWorld {
  readonly harness: ContractHarness;
  readonly engine: TelephonyEngine;
  readonly events: TelephonyEvent[] = [];
  #ids = 0;

  private constructor(harness: ContractHarness) {
    this.harness = harness;
    this.engine = harness.engine;
    this.engine.subscribe((event) => void this.events.push(event));
  }

  static async create(harness: ContractHarness): Promise<ContractWorld> {
    const world = new ContractWorld(harness);
    await world.perform({ op: "applyConfiguration", configuration: harness.configuration });
    await world.engine.start();
    return world;
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.harness.close();
  }

  newId<Id extends string>(): Id {
    this.#ids += 1;
    return brandId<Id>(`contract-${this.#ids}`);
  }

  /** An operation that has to succeed. */
  async perform(operation: Operation): Promise<void> {
    expect(await this.engine.perform(operation), operation.op).toEqual({ ok: true });
  }

  attempt(operation: Operation): Promise<OperationOutcome> {
    return this.engine.perform(operation);
  }

  /** The first event of a kind, waited for where it has not come yet. */
  async event<Type extends TelephonyEventType>(
    type: Type,
    isWanted: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    await this.harness.until(() => this.eventsOf(type).some(isWanted), `event ${type}`);
    const found = this.eventsOf(type).find(isWanted);
    if (found === undefined) throw new Error(`event ${type} was lost`);
    return found;
  }

  eventsOf<Type extends TelephonyEventType>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  typesOfLeg(legId: LegId): TelephonyEventType[] {
    return this.events.filter((event) => "legId" in event && event.legId === legId).map(({ type }) => type);
  }

  async ended(legId: LegId): Promise<EventOf<"legEnded">> {
    const ended = await this.event("legEnded", (event) => event.legId === legId);
    expect(this.eventsOf("legEnded").filter((event) => event.legId === legId)).toHaveLength(1);
    return ended;
  }

  async sees(call: ContractCall, kind: ContractSight["kind"]): Promise<ContractSight> {
    await this.harness.until(() => call.sees.some((sight) => sight.kind === kind), `phone sees ${kind}`);
    const sight = call.sees.find((other) => other.kind === kind);
    if (sight === undefined) throw new Error(`sight ${kind} was lost`);
    return sight;
  }

  async phone(number: string, traits: ContractPhoneTraits = {}): Promise<RegisteredPhone> {
    const extension = this.harness.configuration.extensions.find((other) => other.number === number);
    if (extension === undefined) throw new Error(`the harness has no extension ${number}`);
    const before = this.eventsOf("bindingAdded").length;
    const phone = this.harness.createPhone(extension, traits);
    await phone.register();
    await this.harness.until(() => this.eventsOf("bindingAdded").length > before, `registration of ${number}`);
    const added = this.eventsOf("bindingAdded").at(-1);
    if (added === undefined) throw new Error("the registration was lost");
    return { phone, binding: added.binding, number };
  }

  /** A registered phone calls; its leg has been offered. */
  async offered(from: RegisteredPhone, dialled = "201"): Promise<LegAtPhone> {
    const before = this.eventsOf("legOffered").length;
    const call = from.phone.call(dialled);
    await this.harness.until(() => this.eventsOf("legOffered").length > before, "event legOffered");
    const offered = this.eventsOf("legOffered").at(-1);
    if (offered === undefined) throw new Error("the offered leg was lost");
    return { legId: offered.legId, call };
  }

  dialOf(to: RegisteredPhone, changes: Partial<DialOperation> = {}): DialOperation {
    return {
      op: "dial",
      legId: this.newId<LegId>(),
      target: { kind: "binding", bindingId: to.binding.bindingId },
      caller: { number: "200", name: "Anna Schmidt" },
      callee: { number: to.number },
      isAutoAnswer: false,
      timeoutMs: 20_000,
      ...changes,
    };
  }

  /** The PBX dials a device, which has got the call and did nothing yet. */
  async dialled(to: RegisteredPhone, changes: Partial<DialOperation> = {}): Promise<LegAtPhone> {
    const before = to.phone.incoming.length;
    const dial = this.dialOf(to, changes);
    await this.perform(dial);
    await this.harness.until(() => to.phone.incoming.length > before, `call at ${to.number}`);
    const call = to.phone.incoming[before];
    if (call === undefined) throw new Error("the incoming call was lost");
    return { legId: dial.legId, call };
  }

  async ringing(to: RegisteredPhone, changes: Partial<DialOperation> = {}): Promise<LegAtPhone> {
    const leg = await this.dialled(to, changes);
    leg.call.ring();
    await this.event("legRinging", ({ legId }) => legId === leg.legId);
    return leg;
  }

  async answeredBy(to: RegisteredPhone, changes: Partial<DialOperation> = {}): Promise<LegAtPhone> {
    const leg = await this.ringing(to, changes);
    leg.call.answer();
    await this.event("legAnswered", ({ legId }) => legId === leg.legId);
    return leg;
  }

  /** A phone's own call, answered by the PBX. */
  async answeredFrom(from: RegisteredPhone, dialled = "201"): Promise<LegAtPhone> {
    const leg = await this.offered(from, dialled);
    await this.perform({ op: "answer", legId: leg.legId });
    await this.event("legAnswered", ({ legId }) => legId === leg.legId);
    return leg;
  }

  async bridge(...legs: readonly LegAtPhone[]): Promise<BridgeId> {
    const bridgeId = this.newId<BridgeId>();
    await this.perform({ op: "createBridge", bridgeId });
    for (const { legId } of legs) await this.perform({ op: "join", bridgeId, legId, mode: "talk" });
    return bridgeId;
  }

  async hearEachOther(a: LegAtPhone, b: LegAtPhone): Promise<void> {
    await this.harness.until(() => a.call.hears(b.call) && b.call.hears(a.call), "phones hear each other");
  }
}
