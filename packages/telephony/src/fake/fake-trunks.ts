import type { TrunkConfiguration } from "../configuration.ts";
import type { TrunkStatus, TrunkStatusReason, TrunkTestStep } from "../events.ts";
import type { TrunkId } from "../ids.ts";
import type { EventOutbox } from "./event-outbox.ts";

/** What the far side of a trunk does. */
export interface FakeTrunkLine {
  /** Default true. */
  readonly isReachable: boolean;
  /** Answers, but late; default false. */
  readonly isSlow: boolean;
  /** The only one that is taken; default: any. */
  readonly password?: string;
  /** What a registration is answered with instead, e.g. 503. */
  readonly registrationRefusal?: number;
}

const goodLine: FakeTrunkLine = { isReachable: true, isSlow: false };

type Verdict = readonly [TrunkStatus, TrunkStatusReason, string];

/** The trunks of the fake engine: what becomes of them is known at once. */
export class FakeTrunks {
  readonly #outbox: EventOutbox;
  readonly #lines = new Map<TrunkId, FakeTrunkLine>();
  readonly #told = new Map<TrunkId, string>();
  #trunks = new Map<TrunkId, TrunkConfiguration>();
  #isRunning = false;

  constructor(outbox: EventOutbox) {
    this.#outbox = outbox;
  }

  get(trunkId: TrunkId): TrunkConfiguration | undefined {
    return this.#trunks.get(trunkId);
  }

  isReachable(trunkId: TrunkId): boolean {
    return this.#lineOf(trunkId).isReachable;
  }

  /** Enabled, registering and let in. */
  isRegistered(trunkId: TrunkId): boolean {
    const trunk = this.#trunks.get(trunkId);
    return trunk?.trunkType === "register" && this.#verdictOf(trunk)?.[1] === "recovered";
  }

  start(): void {
    this.#isRunning = true;
    this.#tellAll();
  }

  stop(): void {
    this.#isRunning = false;
  }

  configure(trunks: readonly TrunkConfiguration[]): void {
    const before = this.#trunks;
    this.#trunks = new Map(trunks.map((trunk) => [trunk.trunkId, trunk]));
    for (const trunkId of before.keys()) if (!this.#trunks.has(trunkId)) this.#told.delete(trunkId);
    for (const trunk of trunks) {
      const wasEnabled = before.get(trunk.trunkId)?.isEnabled === true;
      if (this.#isRunning && wasEnabled && !trunk.isEnabled) {
        this.#tell(trunk.trunkId, ["inactive", "disabled", "disabled by an administrator"]);
      }
    }
    this.#tellAll();
  }

  setLine(trunkId: TrunkId, changes: Partial<FakeTrunkLine>): void {
    this.#lines.set(trunkId, { ...this.#lineOf(trunkId), ...changes });
    this.#tellAll();
  }

  test(trunkId: TrunkId, testId: string): boolean {
    const trunk = this.#trunks.get(trunkId);
    if (trunk === undefined) return false;
    const { isReachable, password } = this.#lineOf(trunkId);
    const steps: TrunkTestStep[] = [
      { step: "resolve", isOk: true, detail: trunk.host, durationMs: 0 },
      {
        step: "options",
        isOk: isReachable,
        detail: isReachable ? "answered 200 OK" : "no answer to OPTIONS",
        durationMs: 0,
      },
    ];
    if (isReachable && trunk.trunkType === "register") {
      const isOk = password === undefined || trunk.password === password;
      const detail = isOk ? "user name and password taken (200)" : "user name or password refused (403 Forbidden)";
      steps.push({ step: "register", isOk, detail, durationMs: 0 });
    }
    this.#outbox.push({ type: "trunkTested", testId, trunkId, steps });
    return true;
  }

  #lineOf(trunkId: TrunkId): FakeTrunkLine {
    return this.#lines.get(trunkId) ?? goodLine;
  }

  #tellAll(): void {
    if (!this.#isRunning) return;
    for (const trunk of this.#trunks.values()) {
      const verdict = this.#verdictOf(trunk);
      if (verdict !== undefined) this.#tell(trunk.trunkId, verdict);
    }
  }

  #verdictOf({ trunkId, trunkType, isEnabled, ...trunk }: TrunkConfiguration): Verdict | undefined {
    if (!isEnabled) return undefined;
    const { isReachable, isSlow, password, registrationRefusal } = this.#lineOf(trunkId);
    if (!isReachable) return ["inactive", "unreachable", "no answer"];
    if (trunkType === "register") {
      if (password !== undefined && trunk.password !== password) {
        return ["inactive", "auth_failed", "user name or password refused"];
      }
      if (registrationRefusal !== undefined) {
        return ["inactive", "registration_failed", `REGISTER answered ${registrationRefusal}`];
      }
    }
    return isSlow ? ["degraded", "unreachable", "answers slowly"] : ["active", "recovered", "reachable"];
  }

  #tell(trunkId: TrunkId, [status, reason, detail]: Verdict): void {
    const key = `${status} ${reason}`;
    if (this.#told.get(trunkId) === key) return;
    this.#told.set(trunkId, key);
    this.#outbox.push({ type: "trunkStatusChanged", trunkId, status, reason, detail });
  }
}
