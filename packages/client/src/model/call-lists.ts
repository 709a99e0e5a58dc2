import type { Call, CallState } from "@pbx-x/protocol/runtime";

export interface CallFilter {
  readonly states?: readonly CallState[];
  /** Only calls that this number is or was party to. */
  readonly number?: string;
}

/** Most filters whose result is kept. */
const limit = 32;

/** Lists of calls, the same array until one of the calls changes ([M5]). */
export class CallLists {
  readonly #calls: () => ReadonlyMap<string, Call>;
  readonly #lists = new Map<string, readonly Call[]>();

  constructor(calls: () => ReadonlyMap<string, Call>) {
    this.#calls = calls;
  }

  get(filter?: CallFilter): readonly Call[] {
    const key = JSON.stringify(filter ?? {});
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const fresh = Object.freeze([...this.#calls().values()].filter((call) => fits(call, filter)));
    if (this.#lists.size >= limit) this.#lists.clear();
    this.#lists.set(key, fresh);
    return fresh;
  }

  clear(): void {
    this.#lists.clear();
  }
}

/** Whether a call is one of those that a filter asks for. */
export function fits({ state, participants }: Call, { states, number }: CallFilter = {}): boolean {
  return (
    (states === undefined || states.includes(state)) &&
    (number === undefined || participants.some((party) => party.number === number))
  );
}
