import type { Channel } from "@pbx-x/protocol/runtime";
import type { Dispose } from "../events/emitter.ts";
import { Listeners } from "../events/listeners.ts";
import type { Clock } from "../platform/clock.ts";

/** What became of a wanted channel. */
export type ChannelStatus =
  | { readonly is: "unwanted" }
  | { readonly is: "pending" }
  | { readonly is: "live" }
  | { readonly is: "refused"; readonly code: string; readonly message: string };

const lingerMs = 1000;
const unwanted: ChannelStatus = Object.freeze({ is: "unwanted" });
const pending: ChannelStatus = Object.freeze({ is: "pending" });

/** Counts who wants which channel; changes within one turn become one, a last release lingers 1 s ([D9]). */
export class WantedChannels {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #counts = new Map<string, number>();
  readonly #lingering = new Map<string, () => void>();
  readonly #statuses = new Map<string, ChannelStatus>();
  readonly #listeners = new Listeners();
  /** Tells of each change of what is wanted and of what became of it. */
  readonly subscribe = this.#listeners.subscribe;
  #isPlanned = false;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  list(): readonly string[] {
    return [...this.#counts.keys()];
  }

  status(channel: string): ChannelStatus {
    if (!this.#counts.has(channel)) return unwanted;
    return this.#statuses.get(channel) ?? pending;
  }

  setStatus(channel: string, status: ChannelStatus): void {
    if (!this.#counts.has(channel)) return;
    this.#statuses.set(channel, status);
    this.#listeners.tell();
  }

  want(channels: readonly Channel[]): Dispose {
    for (const channel of channels) {
      this.#lingering.get(channel)?.();
      this.#lingering.delete(channel);
      const count = this.#counts.get(channel);
      this.#counts.set(channel, (count ?? 0) + 1);
      if (count === undefined) this.#plan();
    }
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      for (const channel of channels) this.#release(channel);
    };
  }

  #release(channel: string): void {
    const count = this.#counts.get(channel) ?? 0;
    if (count > 1) {
      this.#counts.set(channel, count - 1);
      return;
    }
    const forget = (): void => {
      this.#lingering.delete(channel);
      this.#counts.delete(channel);
      this.#statuses.delete(channel);
      this.#plan();
    };
    this.#counts.set(channel, 0);
    this.#lingering.set(channel, this.#clock.after(lingerMs, forget));
  }

  #plan(): void {
    this.#listeners.tell();
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#clock.after(0, () => {
      this.#isPlanned = false;
      this.#onChange();
    });
  }
}
