import type { BindingId } from "../ids.ts";
import type { WatchedState } from "../watched-state.ts";
import { describeMessages } from "./fake-message-lamps.ts";

/** What a watching phone is interested in. */
export type FakeWatchKind = "dialog" | "presence" | "message-summary";

export interface FakeWatch {
  readonly number: string;
  /** Every state that made a difference to it, the first one included. */
  readonly sees: readonly WatchedState[];
  readonly isOver: boolean;
  stop(): void;
}

function shown(state: WatchedState, kind: FakeWatchKind): unknown {
  if (kind === "message-summary") return describeMessages(state.messages);
  return kind === "dialog" ? state.dialogs : state.presence;
}

/** Numbers that can be watched, and who watches them. */
export class FakeWatches {
  readonly #states = new Map<string, WatchedState>();
  readonly #watches = new Set<{
    readonly number: string;
    readonly kind: FakeWatchKind;
    readonly by: BindingId | undefined;
    tell(): void;
    end(): void;
  }>();

  get size(): number {
    return this.#watches.size;
  }

  get(number: string): WatchedState | undefined {
    return this.#states.get(number);
  }

  publish(number: string, state: WatchedState): void {
    this.#states.set(number, state);
    for (const watch of this.#watches) if (watch.number === number) watch.tell();
  }

  withdraw(number: string): void {
    this.#states.delete(number);
    for (const watch of this.#watches) if (watch.number === number) watch.end();
  }

  /** Whether a device asked for the lamp of its mailbox. */
  asksForMessages(bindingId: BindingId): boolean {
    return [...this.#watches].some(({ kind, by }) => kind === "message-summary" && by === bindingId);
  }

  /** Throws when the number cannot be watched. */
  watch(number: string, kind: FakeWatchKind, by?: BindingId): FakeWatch {
    const sees: WatchedState[] = [];
    let isOver = false;
    const seen = (state: WatchedState): string => JSON.stringify(shown(state, kind));
    const watch = {
      number,
      kind,
      by,
      tell: () => {
        const state = this.#states.get(number);
        const last = sees.at(-1);
        if (state !== undefined && (last === undefined || seen(last) !== seen(state))) sees.push(state);
      },
      end: () => {
        isOver = true;
        this.#watches.delete(watch);
      },
    };
    if (!this.#states.has(number)) throw new Error(`nobody can watch ${number}`);
    this.#watches.add(watch);
    watch.tell();
    return {
      number,
      sees,
      get isOver() {
        return isOver;
      },
      stop: watch.end,
    };
  }

  clear(): void {
    for (const watch of this.#watches) watch.end();
  }
}
