import type { BindingTransport } from "../binding.ts";
import type { LegOrigin } from "../events.ts";
import { type BindingId, brandId, type ExtensionId, type LegId, type TransferRequestId, type TrunkId } from "../ids.ts";
import type { LegEndCause } from "../leg-end.ts";
import type { PartyIdentity } from "../operations.ts";
import type { FakeLeg } from "./fake-leg.ts";
import type { FakeWorld } from "./fake-world.ts";

export interface FakeRegistration {
  /** Default made from the extension's number. The same contact or instance again is a refresh. */
  readonly contactUri?: string;
  readonly userAgent?: string;
  readonly ipAddress?: string;
  readonly port?: number;
  readonly transport?: BindingTransport;
  /** Default 300 s. */
  readonly expiresMs?: number;
  readonly instanceId?: string;
  readonly allowsRemoteTalk?: boolean;
  readonly allowsRemoteHold?: boolean;
  /** Obeys the headers of a call that asks to be answered automatically; default false. */
  readonly answersAutomatically?: boolean;
  /** Its display can be told of a new party in the middle of a call; default false. */
  readonly allowsUpdate?: boolean;
}

/**
 * What phones and far sides do. An action that no phone could do in that state throws: the test is wrong then. Its events
 * have been told when the call returns.
 */
export class FakePhones {
  readonly #world: FakeWorld;

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  register(extensionId: ExtensionId, registration: FakeRegistration = {}): BindingId {
    const number = this.#numberOf(extensionId);
    const contactUri = registration.contactUri ?? `sip:${number}@127.0.0.1:5062`;
    const { instanceId } = registration;
    const known = [...this.#world.bindings.values()].find(
      (other) =>
        other.extensionId === extensionId &&
        (instanceId === undefined ? other.contactUri === contactUri : other.instanceId === instanceId),
    );
    const bindingId = known?.bindingId ?? brandId<BindingId>(this.#world.options.newId());
    this.#world.keepBinding({
      bindingId,
      extensionId,
      contactUri,
      userAgent: registration.userAgent ?? "Fake phone",
      ipAddress: registration.ipAddress ?? "127.0.0.1",
      port: registration.port ?? 5062,
      transport: registration.transport ?? "udp",
      expiresAtMs: this.#world.options.scheduler.now() + (registration.expiresMs ?? 300_000),
      ...(instanceId !== undefined && { instanceId }),
      allowsRemoteTalk: registration.allowsRemoteTalk ?? false,
      allowsRemoteHold: registration.allowsRemoteHold ?? false,
      engineState: JSON.stringify({ contactUri }),
      answersAutomatically: registration.answersAutomatically ?? false,
      allowsUpdate: registration.allowsUpdate ?? false,
    });
    return this.#told(bindingId);
  }

  unregister(bindingId: BindingId): void {
    if (!this.#world.removeBinding(bindingId, "unregistered")) throw new Error(`no binding ${bindingId}`);
    this.#told(undefined);
  }

  expire(bindingId: BindingId): void {
    if (!this.#world.removeBinding(bindingId, "expired")) throw new Error(`no binding ${bindingId}`);
    this.#told(undefined);
  }

  /** A registered device calls, with `replacesLegId` in place of another leg (INVITE with Replaces). */
  call(bindingId: BindingId, dialled: string, replacesLegId?: LegId): LegId {
    const binding = this.#world.bindings.get(bindingId);
    if (binding === undefined) throw new Error(`no binding ${bindingId}`);
    const { extensionId } = binding;
    const extension = this.#world.configuration.extensions.find((other) => other.extensionId === extensionId);
    const caller: PartyIdentity = {
      number: this.#numberOf(extensionId),
      ...(extension !== undefined && { name: extension.displayName }),
    };
    return this.#offer({ kind: "extension", extensionId, bindingId }, caller, dialled, { bindingId, replacesLegId });
  }

  /** A call comes in from outside; the trunk has to be enabled. */
  callFromTrunk(trunkId: TrunkId, dialled: string, caller: PartyIdentity): LegId {
    if (this.#world.trunks.get(trunkId)?.isEnabled !== true) throw new Error(`no trunk ${trunkId} that is enabled`);
    const shown: PartyIdentity = caller.isPrivate === true ? { number: "anonymous", isPrivate: true } : caller;
    return this.#offer({ kind: "trunk", trunkId }, shown, dialled);
  }

  ring(legId: LegId): void {
    const leg = this.#dialled(legId, "ring", ["dialled", "early_media"]);
    if (leg.state === "dialled") this.#world.updateLeg(legId, { state: "ringing" });
    this.#world.outbox.push({ type: "legRinging", legId, allowsRemoteAnswer: this.canAnswerRemotely(leg) });
    this.#told(undefined);
  }

  earlyMedia(legId: LegId): void {
    this.#dialled(legId, "send early media", ["dialled", "ringing"]);
    this.#world.updateLeg(legId, { state: "early_media" });
    this.#told(this.#world.outbox.push({ type: "legEarlyMedia", legId }));
  }

  answer(legId: LegId): void {
    this.#dialled(legId, "answer", ["dialled", "ringing", "early_media"]);
    this.#world.stopTimer(`dial/${legId}`);
    this.#world.updateLeg(legId, { state: "answered" });
    this.#told(this.#world.outbox.push({ type: "legAnswered", legId }));
  }

  /** The dialled device refuses; `cause` is what the PBX is told, `sipCode` beside it. */
  reject(legId: LegId, cause: LegEndCause, sipCode?: number): void {
    this.#dialled(legId, "reject", ["dialled", "ringing", "early_media"]);
    this.#told(this.#world.endLeg(legId, cause, "remote", sipCode === undefined ? {} : { told: sipCode }));
  }

  /** The dialled device sends the call on (302). */
  redirect(legId: LegId, redirectTo: string): void {
    this.#dialled(legId, "redirect", ["dialled", "ringing", "early_media"]);
    this.#told(this.#world.endLeg(legId, "failed", "remote", { told: 302, redirectTo }));
  }

  /** Ends an answered leg, or gives up a call that was not answered yet. */
  hangup(legId: LegId): void {
    const leg = this.#alive(legId);
    if (leg.state !== "answered" && leg.direction === "dialled")
      throw new Error(`${legId} is not answered: use reject`);
    this.#told(this.#world.endLeg(legId, leg.state === "answered" ? "normal" : "cancelled", "remote"));
  }

  hold(legId: LegId, isMusicPossible = true): void {
    if (!this.#answered(legId).isHeld) this.#world.outbox.push({ type: "legHeld", legId, isMusicPossible });
    this.#told(this.#world.updateLeg(legId, { isHeld: true }));
  }

  unhold(legId: LegId): void {
    if (this.#answered(legId).isHeld) this.#world.outbox.push({ type: "legUnheld", legId });
    this.#told(this.#world.updateLeg(legId, { isHeld: false }));
  }

  press(legId: LegId, digit: string, durationMs = 100): void {
    this.#alive(legId);
    this.#told(this.#world.outbox.push({ type: "dtmfReceived", legId, digit, durationMs }));
  }

  transferBlind(legId: LegId, number: string): TransferRequestId {
    return this.#transfer(legId, { kind: "blind", number });
  }

  transferAttended(legId: LegId, otherLegId: LegId): TransferRequestId {
    return this.#transfer(legId, { kind: "replaces", legId: otherLegId });
  }

  /** Whether the device of a leg would obey `remoteAnswer`. */
  canAnswerRemotely(leg: FakeLeg): boolean {
    const binding = leg.bindingId === undefined ? undefined : this.#world.bindings.get(leg.bindingId);
    return binding !== undefined && (binding.allowsRemoteTalk || binding.answersAutomatically);
  }

  #offer(
    origin: LegOrigin,
    caller: PartyIdentity,
    dialled: string,
    { bindingId, replacesLegId }: { readonly bindingId?: BindingId; readonly replacesLegId?: LegId | undefined } = {},
  ): LegId {
    const legId = brandId<LegId>(this.#world.options.newId());
    if (this.#world.life !== "running") throw new Error("the engine does not run");
    this.#world.legs.set(legId, {
      legId,
      direction: "offered",
      ...(bindingId !== undefined && { bindingId }),
      caller,
      callee: { number: dialled },
      isAutoAnswer: false,
      state: "offered",
      isHeld: false,
      isMuted: false,
      hasHoldMusic: false,
      sentDtmf: "",
      sees: [],
    });
    const replacing = replacesLegId === undefined ? {} : { replacesLegId };
    const debugId = `fake-${legId}`;
    this.#world.outbox.push({ type: "legOffered", legId, origin, caller, dialled, ...replacing, debugId });
    return this.#told(legId);
  }

  #transfer(
    legId: LegId,
    target: { readonly kind: "blind"; readonly number: string } | { readonly kind: "replaces"; readonly legId: LegId },
  ): TransferRequestId {
    this.#answered(legId);
    const transferRequestId = brandId<TransferRequestId>(this.#world.options.newId());
    this.#world.transfers.set(transferRequestId, { transferRequestId, legId, outcome: "waiting" });
    this.#world.outbox.push({ type: "transferRequested", transferRequestId, legId, target });
    return this.#told(transferRequestId);
  }

  #alive(legId: LegId): FakeLeg {
    const leg = this.#world.legs.get(legId);
    if (leg === undefined) throw new Error(`no leg ${legId}`);
    return leg;
  }

  #answered(legId: LegId): FakeLeg {
    const leg = this.#alive(legId);
    if (leg.state !== "answered") throw new Error(`leg ${legId} is not answered`);
    return leg;
  }

  #dialled(legId: LegId, wish: string, states: readonly FakeLeg["state"][]): FakeLeg {
    const leg = this.#alive(legId);
    if (leg.direction !== "dialled" || !states.includes(leg.state)) {
      throw new Error(`${leg.direction} leg ${legId} cannot ${wish}: it is ${leg.state}`);
    }
    return leg;
  }

  #numberOf(extensionId: ExtensionId): string {
    const { extensions } = this.#world.configuration;
    return extensions.find((extension) => extension.extensionId === extensionId)?.number ?? extensionId;
  }

  #told<Result>(result: Result): Result {
    this.#world.outbox.drain();
    return result;
  }
}
