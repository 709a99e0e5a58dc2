import { loudest, type Voice } from "../mixer/mix.ts";
import { BandMix } from "./band-mix.ts";
import type { RelayEndpoint } from "./endpoint.ts";
import { MixedFrame } from "./mixed-frame.ts";
import { MixedMember } from "./mixed-member.ts";
import type { BridgeRole } from "./relay-messages.ts";

/** G.722 members of one mix; with more only the band up to 4 kHz is mixed, which costs a fifth less of each. */
export const mostWideMembers = 16;

export interface BridgeOptions {
  readonly tellTalking: (endpointId: string, isTalking: boolean) => void;
  /** Also one or two are mixed: a conference, where who talks is told and keys go to nobody. */
  readonly isAlwaysMixed?: boolean;
}

/**
 * Who hears whom. Two who talk are sent each other's packets; as soon as there are more, or somebody listens in or
 * whispers, every member is sent a mix of the others every 20 ms.
 */
export class Bridge {
  readonly #tellTalking: BridgeOptions["tellTalking"];
  readonly #isAlwaysMixed: boolean;
  readonly #roles = new Map<RelayEndpoint, BridgeRole>();
  readonly #mixed = new Map<RelayEndpoint, MixedMember>();

  constructor({ tellTalking, isAlwaysMixed = false }: BridgeOptions) {
    this.#tellTalking = tellTalking;
    this.#isAlwaysMixed = isAlwaysMixed;
  }

  get size(): number {
    return this.#roles.size;
  }

  get isMixing(): boolean {
    return this.#mixed.size > 0;
  }

  /** Those whom all hear. */
  get talkers(): readonly RelayEndpoint[] {
    return [...this.#roles].flatMap(([endpoint, { mode }]) => (mode === "talk" ? [endpoint] : []));
  }

  /** Also for another role of a member. */
  join(endpoint: RelayEndpoint, role: BridgeRole): void {
    this.#roles.set(endpoint, role);
    this.#connect();
  }

  leave(endpoint: RelayEndpoint): void {
    if (!this.#roles.delete(endpoint)) return;
    endpoint.peer = undefined;
    this.#unmix(endpoint);
    this.#connect();
  }

  /** Every 20 ms while it mixes. */
  tick(): void {
    this.#widen();
    const voices: Voice<MixedMember>[] = [];
    for (const member of this.#mixed.values()) {
      const isHeard = this.#modeOf(member.endpoint) === "talk";
      member.advance(isHeard);
      if (isHeard && member.frame !== undefined) voices.push({ member, samples: member.frame });
    }
    const chosen = loudest(voices).map(({ member }) => member);
    const whisperers = this.#whisperers();
    const lower = new BandMix(chosen, whisperers, (member) => member.frame);
    const isWide = [...chosen, ...whisperers.values()].some(({ higher }) => higher !== undefined);
    const higher = isWide ? new BandMix(chosen, whisperers, (member) => member.higher) : undefined;
    const whole = new MixedFrame(lower.whole, higher?.whole);
    for (const member of this.#mixed.values()) {
      const isAsAll = !chosen.includes(member) && !whisperers.has(member.endpoint.id);
      member.endpoint.sendMix(isAsAll ? whole : new MixedFrame(lower.for(member), higher?.for(member)));
    }
  }

  /** What is above 4 kHz is mixed where at least two can say and hear it, and not more than a mixer has time for. */
  #widen(): void {
    const wide = [...this.#mixed.values()].filter(({ endpoint }) => endpoint.isWide);
    const isWide = wide.length >= 2 && wide.length <= mostWideMembers;
    for (const member of wide) member.isWide = isWide;
  }

  /** Who whispers, by the id of whom it is for. */
  #whisperers(): ReadonlyMap<string, MixedMember> {
    const whisperers = new Map<string, MixedMember>();
    for (const [endpoint, role] of this.#roles) {
      const member = this.#mixed.get(endpoint);
      if (role.mode === "whisper" && member?.frame !== undefined) whisperers.set(role.whisperTo, member);
    }
    return whisperers;
  }

  #connect(): void {
    const [first, second] = this.#roles.keys();
    const { size } = this.#roles;
    const isPlain = !this.#isAlwaysMixed && (size < 2 || (size === 2 && this.talkers.length === 2));
    if (!isPlain) return this.#mix();
    for (const endpoint of this.#mixed.keys()) this.#unmix(endpoint);
    for (const endpoint of this.#roles.keys()) endpoint.peer = undefined;
    if (first === undefined || second === undefined) return;
    first.peer = second;
    second.peer = first;
  }

  #mix(): void {
    for (const endpoint of this.#roles.keys()) {
      if (this.#mixed.has(endpoint)) continue;
      const member = new MixedMember(endpoint, {
        passPress: (digit) => this.#passPress(endpoint, digit),
        tellTalking: (isTalking) => this.#tellTalking(endpoint.id, isTalking),
      });
      this.#mixed.set(endpoint, member);
      endpoint.peer = member;
    }
  }

  #unmix(endpoint: RelayEndpoint): void {
    this.#mixed.get(endpoint)?.end();
    this.#mixed.delete(endpoint);
  }

  /** Keys are for the other one of a talk, as in a bridge of two; in a conference they are for the PBX alone. */
  #passPress(from: RelayEndpoint, digit: string): void {
    const talkers = this.talkers;
    if (this.#isAlwaysMixed || talkers.length !== 2 || !talkers.includes(from)) return;
    for (const talker of talkers) if (talker !== from) talker.sendDtmf(digit);
  }

  #modeOf(endpoint: RelayEndpoint): BridgeRole["mode"] | undefined {
    return this.#roles.get(endpoint)?.mode;
  }
}
