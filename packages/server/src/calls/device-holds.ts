import type { LegId, Operation, OperationOutcome } from "@pbx-x/telephony";
import type { Cause } from "./decision.ts";

/** What a phone was asked to do, while it may still do it. */
export interface AskedDevice {
  /** Who asked: what the phone does then is caused by that, not by the phone ([W45]). */
  readonly cause: Cause;
  /** The call stays held although the phone resumes. */
  readonly staysHeld: boolean;
}

/**
 * Phones that are told to hold and to resume by themselves ([C21], [C23]). A hold by command is there without them; that
 * the phone holds as well lets its own display show it.
 */
export class DeviceHolds {
  readonly #perform: (operation: Operation) => Promise<OperationOutcome>;
  readonly #asked = new Map<LegId, AskedDevice>();
  readonly #holding = new Map<LegId, Promise<void>>();

  constructor(perform: (operation: Operation) => Promise<OperationOutcome>) {
    this.#perform = perform;
  }

  asked(legId: LegId): AskedDevice | undefined {
    return this.#asked.get(legId);
  }

  /** Most phones cannot be told; then there is nothing to do. */
  hold(legId: LegId): void {
    const holding = this.#perform({ op: "remoteHold", legId }).then(() => {
      if (this.#holding.get(legId) === holding) this.#holding.delete(legId);
    });
    this.#holding.set(legId, holding);
  }

  /** Resolves when the phone has held, or will not: a resume before that would come before what it resumes from. */
  async hasHeld(legId: LegId): Promise<void> {
    await this.#holding.get(legId);
  }

  /** Resolves when the phone has resumed, or cannot. */
  async resume(legId: LegId, asked: AskedDevice): Promise<OperationOutcome> {
    this.#asked.set(legId, asked);
    const outcome = await this.#perform({ op: "remoteTalk", legId });
    this.#asked.delete(legId);
    return outcome;
  }
}
