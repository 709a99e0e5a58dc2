import type { Clock } from "../platform/clock.ts";
import type { ChannelLike, ShareWorld } from "../share/world.ts";
import { createTestLocks, type TestLocks } from "./test-locks.ts";

/** One tab of a browser in memory. */
export interface TestTab {
  readonly world: ShareWorld;
  /** The tab's own time: it stands still while the tab is frozen. */
  readonly clock: Clock;
  show(): void;
  hide(): void;
  /** No code of the tab runs; what was due and what was said comes with `thaw()`. */
  freeze(): void;
  thaw(): void;
  /** `pagehide`: the tab is about to be closed in order. */
  leave(): void;
  /** Closed, or crashed: nothing is said any more. */
  kill(): void;
}

interface Port {
  readonly tab: TabState;
  readonly name: string;
  readonly made: ChannelLike<never>;
}

interface TabState {
  readonly id: string;
  isVisible: boolean;
  isFrozen: boolean;
  isGone: boolean;
  readonly waiting: (() => void)[];
  readonly signals: Set<Parameters<ShareWorld["watch"]>[0]>;
}

/** A browser with tabs: channels, locks, visibility; faults on request. */
export class TestBrowser {
  readonly locks: TestLocks = createTestLocks();
  readonly #clock: Clock;
  readonly #ports = new Set<Port>();
  #count = 0;
  /** Messages between tabs, for counting. */
  posted = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  openTab(): TestTab {
    this.#count += 1;
    const state: TabState = {
      id: `tab-${this.#count}`,
      isVisible: false,
      isFrozen: false,
      isGone: false,
      waiting: [],
      signals: new Set(),
    };
    const setVisible = (isVisible: boolean): void => {
      state.isVisible = isVisible;
      this.#run(state, () => {
        for (const signals of state.signals) signals.onChange(isVisible);
      });
    };
    return {
      world: this.#worldOf(state),
      clock: {
        now: () => this.#clock.now(),
        wall: () => this.#clock.wall(),
        after: (ms, run) => {
          let isCancelled = false;
          const due = (): void => {
            if (!isCancelled) run();
          };
          const cancel = this.#clock.after(ms, () => this.#run(state, due));
          return () => {
            isCancelled = true;
            cancel();
          };
        },
      },
      show: () => setVisible(true),
      hide: () => setVisible(false),
      freeze: () => {
        state.isFrozen = true;
      },
      thaw: () => {
        state.isFrozen = false;
        for (const run of state.waiting.splice(0)) this.#run(state, run);
      },
      leave: () => {
        for (const signals of state.signals) signals.onHide();
      },
      kill: () => {
        state.isGone = true;
        this.locks.drop(state.id);
        for (const port of this.#ports) if (port.tab === state) this.#ports.delete(port);
      },
    };
  }

  #run(tab: TabState, run: () => void): void {
    if (tab.isGone) return;
    if (tab.isFrozen) tab.waiting.push(run);
    else run();
  }

  #worldOf(tab: TabState): ShareWorld {
    const locks = this.locks.of(tab.id);
    return {
      locks: {
        request: async (name, options, run) =>
          locks.request(name, options, (lock) => {
            if (tab.isGone) return undefined;
            if (!tab.isFrozen) return run(lock);
            return new Promise<unknown>((resolve) => tab.waiting.push(() => resolve(run(lock))));
          }),
      },
      channel: <Message>(name: string) => this.#channel<Message>(tab, name),
      isVisible: () => tab.isVisible,
      watch: (signals) => {
        tab.signals.add(signals);
        return () => tab.signals.delete(signals);
      },
    };
  }

  #channel<Message>(tab: TabState, name: string): ChannelLike<Message> {
    const made: ChannelLike<Message> = {
      onMessage: () => undefined,
      close: () => this.#ports.delete(port),
      post: (message) => {
        if (tab.isGone || !this.#ports.has(port)) return;
        this.posted += 1;
        // As a browser does: a copy, to every other one with this name, later.
        const text = JSON.stringify(message);
        for (const other of this.#ports) {
          if (other === port || other.name !== name) continue;
          queueMicrotask(() =>
            this.#run(other.tab, () => {
              if (this.#ports.has(other)) other.made.onMessage(JSON.parse(text) as never);
            }),
          );
        }
      },
    };
    const port: Port = { tab, name, made: made as ChannelLike<never> };
    this.#ports.add(port);
    return made;
  }
}
