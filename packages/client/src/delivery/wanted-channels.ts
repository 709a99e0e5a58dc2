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

interface Wanted {
  count: number;
  status: ChannelStatus;
  /** As subscribers see it: with the state that it brings. */
  published: ChannelStatus;
  /** Ends the lingering of a last release. */
  stay: () => void;
}

const lingerMs = 1000;
const unwanted: ChannelStatus = { is: "unwanted" };
const pending: ChannelStatus = { is: "pending" };

/** Counts who wants which channel; changes within one turn become one, a last release lingers 1 s ([D9]). */
export class WantedChannels {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #afterPublish: (run: () => void) => void;
  readonly #wanted = new Map<string, Wanted>();
  readonly #listeners = new Listeners();
  /** Tells of each change of what is wanted and of what became of it: at once, and when it is published. */
  readonly subscribe = this.#listeners.subscribe;
  #isPlanned = false;

  /** `afterPublish` runs something once what the model has now is seen by its subscribers. */
  constructor(clock: Clock, onChange: () => void, afterPublish: (run: () => void) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#afterPublish = afterPublish;
  }

  list(): readonly string[] {
    return [...this.#wanted.keys()];
  }

  readonly status = (channel: string): ChannelStatus => this.#wanted.get(channel)?.status ?? unwanted;

  readonly published = (channel: string): ChannelStatus => this.#wanted.get(channel)?.published ?? unwanted;

  setStatus(channel: string, status: ChannelStatus): void {
    const wanted = this.#wanted.get(channel);
    if (wanted === undefined) return;
    wanted.status = status;
    this.#listeners.tell();
    this.#afterPublish(() => {
      wanted.published = status;
      this.#listeners.tell();
    });
  }

  readonly want = (channels: readonly Channel[]): Dispose => {
    for (const channel of channels) {
      let wanted = this.#wanted.get(channel);
      if (wanted === undefined) {
        wanted = { count: 0, status: pending, published: pending, stay: () => undefined };
        this.#wanted.set(channel, wanted);
        this.#plan();
      }
      wanted.count += 1;
      wanted.stay();
    }
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      for (const channel of channels) this.#release(channel);
    };
  };

  #release(channel: string): void {
    const wanted = this.#wanted.get(channel);
    if (wanted === undefined || --wanted.count > 0) return;
    wanted.stay = this.#clock.after(lingerMs, () => {
      this.#wanted.delete(channel);
      this.#plan();
    });
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
