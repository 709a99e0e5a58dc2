import {
  brandId,
  type Scheduler,
  type TelephonyEngine,
  type TelephonyEvent,
  type TrunkId,
  type TrunkTestStep,
} from "@pbx-x/telephony";

export type TrunkTest =
  | { readonly ok: true; readonly steps: readonly TrunkTestStep[] }
  | { readonly ok: false; readonly error: "busy" | "engine_unavailable" | "no_result" };

export interface TrunkTesterOptions {
  readonly engine: Pick<TelephonyEngine, "perform">;
  readonly scheduler: Scheduler;
  readonly newId: () => string;
}

/** The engine needs 30 s at most. */
const longestMs = 35_000;

/** Has the engine try trunks out, each at most once at a time. */
export class TrunkTester {
  readonly #options: TrunkTesterOptions;
  readonly #running = new Map<string, { readonly trunkId: string; readonly settle: (test: TrunkTest) => void }>();

  constructor(options: TrunkTesterOptions) {
    this.#options = options;
  }

  test(trunkId: string): Promise<TrunkTest> {
    if ([...this.#running.values()].some((running) => running.trunkId === trunkId)) {
      return Promise.resolve({ ok: false, error: "busy" });
    }
    const { engine, scheduler, newId } = this.#options;
    const testId = newId();
    return new Promise((resolve) => {
      const settle = (test: TrunkTest): void => {
        cancel();
        this.#running.delete(testId);
        resolve(test);
      };
      const cancel = scheduler.after(longestMs, () => settle({ ok: false, error: "no_result" }));
      this.#running.set(testId, { trunkId, settle });
      void engine.perform({ op: "testTrunk", trunkId: brandId<TrunkId>(trunkId), testId }).then((outcome) => {
        if (!outcome.ok) settle({ ok: false, error: "engine_unavailable" });
      });
    });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "trunkTested") this.#running.get(event.testId)?.settle({ ok: true, steps: event.steps });
  }
}
