import type { EngineConfiguration, ExtensionConfiguration, TrunkConfiguration } from "../configuration.ts";
import type { TelephonyEngine } from "../engine.ts";
import type { PartyIdentity } from "../operations.ts";

/** What a phone has been shown of one call, in order. */
export type ContractSight =
  | { readonly kind: "ringing" }
  | { readonly kind: "early_media" }
  | { readonly kind: "answered" }
  /** Who the other side is, with the answer or later ([C37]). */
  | { readonly kind: "party"; readonly number: string }
  /** `sipCode` of a refused call; none after a BYE. `isAnsweredElsewhere`: no missed call is to be logged ([C12]). */
  | { readonly kind: "ended"; readonly sipCode?: number; readonly isAnsweredElsewhere: boolean };

/** One call at a programmable phone. Actions are carried out in order; what the engine makes of them comes as events. */
export interface ContractCall {
  readonly sees: readonly ContractSight[];
  ring(): void;
  earlyMedia(): void;
  answer(): void;
  reject(sipCode: number): void;
  /** Sends the call on to a number of the PBX (302). */
  redirect(number: string): void;
  /** Gives up an unanswered outgoing call, or ends an answered one. */
  hangup(): void;
  /** Re-INVITE; `inactive` allows no music. */
  hold(direction: "sendonly" | "inactive"): void;
  unhold(): void;
  press(digit: string): void;
  /** Says its tone, as at the beginning of the call, or nothing. */
  speak(isSpeaking: boolean): void;
  /** Whether what the other phone says reaches this one now. */
  hears(other: ContractCall): boolean;
  /** Whether a tone or file played by the PBX reaches this phone now. */
  hearsPlayback(): boolean;
}

/** A phone's view of a number that it watches. */
export interface ContractWatch {
  /**
   * Each state that it was shown, in order. Of `dialog`: `idle`, or for each call direction, state, `held` where it is, and
   * the other's number or `hidden`. Of `presence`: `open` or `closed`, and the note. Of `message-summary`: see
   * `messagesTold`.
   */
  readonly sees: readonly string[];
  /** The PBX ended it. */
  readonly isOver: boolean;
  stop(): Promise<void>;
}

export interface ContractPhone {
  /** Resolves when the phone knows the outcome; a refused registration throws. */
  register(options?: { readonly expiresSeconds?: number }): Promise<void>;
  unregister(): Promise<void>;
  call(dialled: string): ContractCall;
  /** Rejects when it is refused. */
  watch(number: string, what: "dialog" | "presence" | "message-summary"): Promise<ContractWatch>;
  /** What it was told of its mailbox without having asked, in order: `unread/read (urgent unread/urgent read)`. */
  readonly messagesTold: readonly string[];
  /** Calls that came in, the oldest first. */
  readonly incoming: readonly ContractCall[];
}

export interface ContractPhoneTraits {
  /** Obeys `NOTIFY Event: talk` and says so. */
  readonly allowsRemoteTalk?: boolean;
  readonly allowsRemoteHold?: boolean;
  /** Answers by itself a call that asks for it. */
  readonly answersAutomatically?: boolean;
  /** Lets itself be told of another party in the middle of a call (UPDATE). */
  readonly allowsUpdate?: boolean;
}

export interface ContractRecording {
  readonly durationMs: number;
  has(channel: "left" | "right", call: ContractCall): boolean;
}

/** A call that came in at a carrier. */
export interface ContractCarrierCall extends ContractCall {
  readonly dialled: string;
  /** As the network is told; `isPrivate` where the called party is not to be. */
  readonly caller: PartyIdentity;
}

/** The far side of a trunk: takes registrations and calls, makes calls. */
export interface ContractCarrier {
  /** How it is reached: enabled, of type `static`, with a user name and password that it knows. */
  readonly trunk: Omit<TrunkConfiguration, "trunkId">;
  /** The trunk's account has a registration now. */
  readonly isRegistered: boolean;
  /** Calls that came in, the oldest first. */
  readonly incoming: readonly ContractCarrierCall[];
  /** Whether it answers anything; true at first. */
  setAnswering(isAnswering: boolean): void;
  /** Whether it asks who calls; false at first. */
  setChallenging(isChallenging: boolean): void;
  call(dialled: string, caller: PartyIdentity): ContractCall;
}

/** One engine with phones around it, fresh for each test. */
export interface ContractHarness {
  /** Neither configured nor started: the suite does both. */
  readonly engine: TelephonyEngine;
  /** At least the extensions 200, 201 and 202, with secrets that the harness's phones know. */
  readonly configuration: EngineConfiguration;
  createPhone(extension: ExtensionConfiguration, traits: ContractPhoneTraits): ContractPhone;
  openCarrier(): Promise<ContractCarrier>;
  /** Lets time pass on the engine's clock. */
  advance(ms: number): void;
  /** Resolves as soon as the condition holds; throws with `what` when it never does. */
  until(condition: () => boolean, what: string): Promise<void>;
  /** Phones talk for so long. */
  talk(ms: number): Promise<void>;
  /** A path for a new file. */
  newFile(): string;
  /** What is in the file of a recording that is over. */
  recorded(path: string): Promise<ContractRecording>;
  /** Resolves when what is on its way must have arrived. */
  settle(): Promise<void>;
  /** Milliseconds of the engine's clock. */
  now(): number;
  /** Ends phones and sockets; the engine is stopped by then. */
  close(): Promise<void>;
}
