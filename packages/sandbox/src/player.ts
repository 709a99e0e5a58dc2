import type { PbxClient } from "@pbx-x/client";
import type { CommandName, EventType, ParamsOf } from "@pbx-x/protocol";
import { type BindingId, brandId, type ExtensionId, type LegId, type TrunkId } from "@pbx-x/telephony";
import type { FakeEngine, FakeLeg } from "@pbx-x/telephony/fake";
import type { Directory } from "./directory.ts";
import type { Scenario, Step } from "./scenario.ts";

export interface PlayerOptions {
  readonly engine: FakeEngine;
  readonly directory: Directory;
  /** Sees everything. */
  readonly observer: PbxClient;
  readonly clientOf: (number: string) => Promise<PbxClient>;
}

const dayMs = 86_400_000;
/** Longest wait for an event that a scenario waits for. */
const eventTimeoutMs = 60_000;

const madeAtATime = 20;

/** Plays scenarios on the fake engine's phones and with commands of the users. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #phones = new Map<string, BindingId>();
  readonly #callIds = new Map<string, string>();
  readonly #callerLegs = new Map<string, LegId>();

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  /** @param speed 1 to 100: waits are so many times shorter */
  async play({ steps }: Scenario, speed = 1, signal?: AbortSignal): Promise<void> {
    const heard = this.#listen();
    try {
      for (const step of steps) {
        if (signal?.aborted === true) return;
        await this.#do(step, Math.min(100, Math.max(1, speed)), heard);
      }
    } finally {
      heard.stop();
    }
  }

  async #do(step: Step, speed: number, heard: Heard): Promise<void> {
    const { engine, directory } = this.#options;
    switch (step.do) {
      case "phone":
        return this.#register(step.number);
      case "phoneGone": {
        const binding = this.#phones.get(step.number);
        if (binding !== undefined) engine.unregister(binding);
        this.#phones.delete(step.number);
        return undefined;
      }
      case "dial": {
        const binding = this.#phones.get(step.from);
        if (binding === undefined) throw new Error(`No phone of ${step.from} is registered.`);
        return this.#begin(step.call, () => engine.call(binding, step.to));
      }
      case "incoming": {
        const trunkId = brandId<TrunkId>(await directory.trunkId());
        const caller = { number: step.from, ...(step.name !== undefined && { name: step.name }) };
        return this.#begin(step.call, () => engine.callFromTrunk(trunkId, step.to, caller));
      }
      case "answer":
        return engine.answer((await this.#legOf(step.number, isRinging)).legId);
      case "reject":
        return engine.reject((await this.#legOf(step.number, isRinging)).legId, "busy", 486);
      case "hangup":
        return engine.hangup((await this.#legOf(step.number, ({ state }) => state === "answered")).legId);
      case "hangupCaller": {
        const leg = this.#callerLegs.get(step.call);
        if (leg !== undefined && engine.leg(leg)?.state !== "ended") engine.hangup(leg);
        return undefined;
      }
      case "press":
        for (const digit of step.digits) {
          engine.press((await this.#legOf(step.number, ({ state }) => state === "answered")).legId, digit);
        }
        return undefined;
      case "command":
        return this.#command(step);
      case "line":
        return engine.setTrunkLine(brandId<TrunkId>(await directory.trunkId()), { isReachable: step.isReachable });
      case "wait":
        return sleep(step.isReal === true ? step.ms : step.ms / speed);
      case "until":
        return heard.next(step.event);
      case "load":
        return this.#load(step, speed);
    }
  }

  async #register(number: string): Promise<void> {
    if (this.#phones.has(number)) return;
    const { engine, directory, observer } = this.#options;
    const extensionId = brandId<ExtensionId>(await directory.extensionId(number));
    const registered = observer.waitFor("EXTENSION_REGISTERED", ({ data }) => data.number === number, {
      timeoutMs: eventTimeoutMs,
    });
    const phone = { userAgent: "PBX-X sandbox phone", expiresMs: dayMs, allowsRemoteTalk: true };
    this.#phones.set(number, engine.register(extensionId, phone));
    await registered;
  }

  async #begin(call: string, start: () => LegId): Promise<void> {
    const created = this.#options.observer.waitFor("CALL_CREATED", () => true, { timeoutMs: eventTimeoutMs });
    this.#callerLegs.set(call, start());
    this.#callIds.set(call, (await created).data.callId);
  }

  async #command({ as, command, params, call }: Extract<Step, { do: "command" }>): Promise<void> {
    const client = await this.#options.clientOf(as);
    // The scenario's own data; the server checks them as it does everybody's.
    const filled = (await this.#fill(params)) as ParamsOf<CommandName>;
    const answer: unknown = await client.command(command, filled as never);
    if (call === undefined || typeof answer !== "object" || answer === null || !("callId" in answer)) return;
    this.#callIds.set(call, String(answer.callId));
  }

  /** Puts in what a scenario refers to. */
  async #fill(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((each) => this.#fill(each)));
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value).map(async ([name, each]) => [name, await this.#fill(each)] as const);
      return Object.fromEntries(await Promise.all(entries));
    }
    if (typeof value !== "string" || !value.startsWith("$")) return value;
    const [kind, name = ""] = value.slice(1).split(":");
    const { directory } = this.#options;
    if (kind === "extension") return directory.extensionId(name);
    if (kind === "queue") return directory.queueId(name);
    if (kind === "conference") return directory.conferenceId(name);
    const callId = this.#callIds.get(name);
    if (callId === undefined) throw new Error(`The scenario has no call "${name}" yet.`);
    return callId;
  }

  /** The newest leg of a phone; it may have to ring first. */
  async #legOf(number: string, fits: (leg: FakeLeg) => boolean): Promise<FakeLeg> {
    const binding = this.#phones.get(number);
    for (let tries = 0; tries < 200; tries += 1) {
      const found = this.#options.engine.legs().findLast((leg) => leg.bindingId === binding && fits(leg));
      if (found !== undefined) return found;
      await sleep(25);
    }
    throw new Error(`The phone of ${number} has no such call.`);
  }

  async #load({ extensions, perSecond, seconds }: Extract<Step, { do: "load" }>, speed: number): Promise<void> {
    const { directory } = this.#options;
    const ids: string[] = [];
    const make = async (number: string): Promise<string> => {
      const body = { number, displayName: `Extension ${number}` };
      return ((await directory.request("POST", "/extensions", body)) as { readonly id: string }).id;
    };
    while (ids.length < extensions) {
      const count = Math.min(extensions - ids.length, madeAtATime);
      const numbers = Array.from({ length: count }, (_, index) => String(10_000 + ids.length + index));
      ids.push(...(await Promise.all(numbers.map(make))));
    }
    for (let change = 0; change < (perSecond * seconds) / speed && ids.length > 0; change += 1) {
      const id = ids[(change * 37) % ids.length] ?? "";
      await Promise.all([
        directory.request("PATCH", `/extensions/${id}`, { dndEnabled: Math.floor(change / ids.length) % 2 === 0 }),
        sleep(1000 / perSecond),
      ]);
    }
  }

  #listen(): Heard {
    const waiting: { readonly type: EventType; readonly resolve: () => void }[] = [];
    const unused: string[] = [];
    const stop = this.#options.observer.onAny(({ type }) => {
      const index = waiting.findIndex((each) => each.type === type);
      if (index >= 0) waiting.splice(index, 1)[0]?.resolve();
      else unused.push(type);
    });
    return {
      stop,
      next: (type) => {
        const index = unused.indexOf(type);
        if (index >= 0) {
          unused.splice(0, index + 1);
          return Promise.resolve();
        }
        return new Promise((resolve, reject) => {
          const late = setTimeout(() => reject(new Error(`${type} did not come.`)), eventTimeoutMs);
          waiting.push({
            type,
            resolve: () => {
              clearTimeout(late);
              resolve();
            },
          });
        });
      },
    };
  }
}

interface Heard {
  readonly stop: () => void;
  /** The next event of a type since the one that was waited for last. */
  next(type: EventType): Promise<void>;
}

function isRinging({ state, direction }: FakeLeg): boolean {
  return direction === "dialled" && (state === "ringing" || state === "dialled" || state === "early_media");
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
