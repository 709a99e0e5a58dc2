import type { EngineConfiguration } from "../configuration.ts";
import type {
  ContractCall,
  ContractHarness,
  ContractPhone,
  ContractPhoneTraits,
  ContractWatch,
} from "../contract/harness.ts";
import { type BindingId, brandId, type ExtensionId, type LegId } from "../ids.ts";
import type { WatchedState } from "../watched-state.ts";
import { FakeCall } from "./fake-contract-call.ts";
import { FakeCarrier } from "./fake-contract-carrier.ts";
import { createFakeEngine, type FakeEngine } from "./fake-engine.ts";
import { describeMessages } from "./fake-message-lamps.ts";
import type { FakeWatchKind } from "./fake-watches.ts";
import { createManualScheduler } from "./manual-scheduler.ts";

const secret = { md5: "0".repeat(32), sha256: "0".repeat(64) };
const configuration: EngineConfiguration = {
  realm: "contract.test",
  extensions: ["200", "201", "202"].map((number) => ({
    extensionId: brandId<ExtensionId>(`extension-${number}`),
    number,
    displayName: `Phone ${number}`,
    secret,
    codecPreferences: [],
    maxBindings: 10,
  })),
  trunks: [],
};

class FakePhone implements ContractPhone {
  readonly #fake: FakeEngine;
  readonly #extensionId: ExtensionId;
  readonly #traits: ContractPhoneTraits;
  readonly #contactUri: string;
  readonly #incoming = new Map<LegId, FakeCall>();
  #bindingId: BindingId | undefined;

  constructor(fake: FakeEngine, extensionId: ExtensionId, traits: ContractPhoneTraits, port: number) {
    this.#fake = fake;
    this.#extensionId = extensionId;
    this.#traits = traits;
    this.#contactUri = `sip:phone@127.0.0.1:${port}`;
  }

  register({ expiresSeconds = 300 }: { readonly expiresSeconds?: number } = {}): Promise<void> {
    const registration = { contactUri: this.#contactUri, expiresMs: expiresSeconds * 1000, ...this.#traits };
    this.#bindingId = this.#fake.register(this.#extensionId, registration);
    return Promise.resolve();
  }

  unregister(): Promise<void> {
    this.#fake.unregister(this.#binding());
    return Promise.resolve();
  }

  call(dialled: string): ContractCall {
    return new FakeCall(this.#fake, this.#fake.call(this.#binding(), dialled));
  }

  async watch(number: string, what: FakeWatchKind): Promise<ContractWatch> {
    const watch = this.#fake.watch(number, what, this.#binding());
    return {
      get sees() {
        return watch.sees.map((state) => describeWatched(state, what));
      },
      get isOver() {
        return watch.isOver;
      },
      stop: () => Promise.resolve(watch.stop()),
    };
  }

  get messagesTold(): readonly string[] {
    return this.#bindingId === undefined ? [] : this.#fake.messagesTold(this.#bindingId);
  }

  get incoming(): readonly ContractCall[] {
    for (const { legId, direction, bindingId } of this.#fake.legs()) {
      if (direction !== "dialled" || bindingId !== this.#bindingId || this.#incoming.has(legId)) continue;
      this.#incoming.set(legId, new FakeCall(this.#fake, legId));
    }
    return [...this.#incoming.values()];
  }

  #binding(): BindingId {
    if (this.#bindingId === undefined) throw new Error("the phone is not registered");
    return this.#bindingId;
  }
}

function describeWatched({ dialogs, presence, messages }: WatchedState, what: FakeWatchKind): string {
  if (what === "message-summary") return describeMessages(messages);
  if (what === "presence") {
    const isClosed = presence.status === "dnd" || presence.status === "offline";
    return `${isClosed ? "closed" : "open"} ${presence.note ?? ""}`;
  }
  const calls = dialogs.map(({ direction, state, isHeld, remote }) =>
    [direction, state, ...(isHeld ? ["held"] : []), remote?.number ?? "hidden"].join(" "),
  );
  return calls.length === 0 ? "idle" : calls.join(", ");
}

/** The fake engine as the contract suite wants it: what a phone does has happened when the call returns. */
export function createFakeContractHarness(): Promise<ContractHarness> {
  const scheduler = createManualScheduler();
  let count = 0;
  const engine = createFakeEngine({ scheduler, newId: () => `fake-${++count}` });
  const carriers: FakeCarrier[] = [];
  return Promise.resolve({
    engine: {
      name: engine.name,
      capabilities: engine.capabilities,
      subscribe: (listener) => engine.subscribe(listener),
      start: () => engine.start(),
      perform: (operation) => {
        if (operation.op === "applyConfiguration") {
          for (const carrier of carriers) carrier.configured(operation.configuration);
        }
        return engine.perform(operation);
      },
      importAudio: (audio) => engine.importAudio(audio),
      usage: () => engine.usage(),
      stop: () => engine.stop(),
    },
    configuration,
    createPhone: (extension, traits) => new FakePhone(engine, extension.extensionId, traits, 6000 + ++count),
    openCarrier: () => {
      const carrier = new FakeCarrier(engine, 7000 + ++count);
      carriers.push(carrier);
      return Promise.resolve(carrier);
    },
    settle: () => Promise.resolve(),
    advance: (ms) => scheduler.advance(ms),
    talk: (ms) => Promise.resolve(scheduler.advance(ms)),
    newFile: () => `recording-${++count}.wav`,
    recorded: (path) => {
      const found = engine.recordings().find((recording) => recording.path === path);
      if (found === undefined) throw new Error(`no recording ${path}`);
      const { durationMs } = found;
      return Promise.resolve({
        durationMs,
        has: (channel, call) => call instanceof FakeCall && found[channel].includes(call.legId),
      });
    },
    now: () => scheduler.now(),
    async until(condition, what) {
      for (let turn = 0; turn < 10; turn += 1) {
        if (condition()) return;
        await Promise.resolve();
      }
      throw new Error(`never came: ${what}`);
    },
    close: () => Promise.resolve(),
  });
}
