import type { MediaService } from "@pbx-x/media";
import type { LegId, OperationOutcome, Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import { done, type Leg, refused } from "../legs/leg.ts";
import { infoDigitType, printInfoDigit } from "./info-digits.ts";
import { PressJudge, type PressWay } from "./press-judge.ts";

export interface DigitsOptions {
  readonly emit: (event: TelephonyEvent) => void;
  readonly scheduler: Scheduler;
  /** Whom the leg talks with now, where that is one. */
  readonly partnerOf: (leg: Leg) => Leg | undefined;
}

interface LegDigits {
  readonly judge: PressJudge;
  /** How this phone sends its keys, once that is known. */
  usual: PressWay | undefined;
  /** Keys told by INFO that wait until it is. */
  waiting: string;
  cancelWaiting: () => void;
  /** Keys that wait to be told to this phone by INFO. */
  sending: string;
}

/** A phone that sends its keys by both ways has shown it by then. */
const bothWaysMs = 600;
/** The longest wait for the answer to an INFO. */
const infoMs = 1000;
const maxSending = 64;
const pressMs = 160;

/**
 * The keys of all legs ([C50]): those that were pressed, each told once, by whichever ways it came, and passed on to the
 * other phone in the way that one takes; those that are to be sent.
 */
export class Digits {
  media: MediaService | undefined;
  readonly #options: DigitsOptions;
  readonly #legs = new Map<LegId, LegDigits>();

  constructor(options: DigitsOptions) {
    this.#options = options;
  }

  /** By RTP; the relay has passed it on to every phone that takes it so. */
  pressed(leg: Leg, press: { readonly digit: string; readonly durationMs: number; readonly agoMs: number }): void {
    const state = this.#of(leg);
    const { digit, durationMs, agoMs } = press;
    const endedMs = this.#options.scheduler.now() - agoMs;
    state.usual = "voice";
    state.waiting = "";
    state.cancelWaiting();
    if (state.judge.isNew({ way: "voice", digit, beganMs: endedMs - durationMs, endedMs })) {
      this.#tell(leg, digit, durationMs);
    }
    this.#pass(leg, digit, ({ negotiated }) => negotiated?.telephoneEvent === undefined);
  }

  /** By INFO. */
  informed(leg: Leg, digit: string, durationMs: number): void {
    const state = this.#of(leg);
    const now = this.#options.scheduler.now();
    if (!state.judge.isNew({ way: "info", digit, beganMs: now, endedMs: now })) return;
    this.#tell(leg, digit, durationMs);
    if (state.usual === "voice") return;
    if (state.usual === "info" || leg.negotiated?.telephoneEvent === undefined) return this.#pass(leg, digit);
    if (state.waiting === "") {
      state.cancelWaiting = this.#options.scheduler.after(bothWaysMs, () => {
        state.usual = "info";
        this.#pass(leg, state.waiting);
        state.waiting = "";
      });
    }
    state.waiting = (state.waiting + digit).slice(0, maxSending);
  }

  /** By RTP where that was agreed on, else by INFO where the phone allows it. */
  send(leg: Leg, digits: string): OperationOutcome | Promise<OperationOutcome> {
    if (leg.negotiated?.telephoneEvent !== undefined) {
      this.media?.sendDtmf(leg.legId, digits);
      return done;
    }
    const state = this.#of(leg);
    if (!leg.isAnswered || !leg.farSide.takesInfo) return refused("device_cannot", "neither telephone-event nor INFO");
    if (state.sending.length + digits.length > maxSending) return refused("invalid_state", "too many keys wait");
    const isUnderWay = state.sending !== "";
    state.sending += digits;
    return isUnderWay ? done : this.#sendNext(leg, state);
  }

  /** The leg is over. */
  forget(legId: LegId): void {
    this.#legs.get(legId)?.cancelWaiting();
    this.#legs.delete(legId);
  }

  /** One after the other, or their order could change; the outcome is that of the first. */
  async #sendNext(leg: Leg, state: LegDigits): Promise<OperationOutcome> {
    const body = printInfoDigit(state.sending.slice(0, 1), pressMs);
    const isTaken = await leg.ask("INFO", { body, contentType: infoDigitType }, infoMs);
    state.sending = isTaken && !leg.isEnded ? state.sending.slice(1) : "";
    if (state.sending !== "") void this.#sendNext(leg, state);
    return isTaken ? done : refused("device_cannot", "the INFO was not taken");
  }

  #pass(leg: Leg, digits: string, isWanted: (other: Leg) => boolean = () => true): void {
    const partner = leg.isMuted ? undefined : this.#options.partnerOf(leg);
    if (partner !== undefined && isWanted(partner)) void this.send(partner, digits);
  }

  #tell({ legId }: Leg, digit: string, durationMs: number): void {
    this.#options.emit({ type: "dtmfReceived", legId, digit, durationMs });
  }

  #of({ legId }: Leg): LegDigits {
    const known = this.#legs.get(legId);
    if (known !== undefined) return known;
    const made = {
      judge: new PressJudge(),
      usual: undefined,
      waiting: "",
      cancelWaiting: () => undefined,
      sending: "",
    };
    this.#legs.set(legId, made);
    return made;
  }
}
