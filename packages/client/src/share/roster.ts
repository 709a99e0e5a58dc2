import type { Beat, GroupMessage, TabFacts } from "./messages.ts";
import type { ShareWorld } from "./world.ts";

/** Who is in the group, and who holds its connection: what the messages say, without tabs that are gone. */
export class Roster {
  readonly #world: ShareWorld;
  readonly #name: string;
  readonly #onChange: () => void;
  readonly #tabs = new Map<string, TabFacts>();
  /** Ends the waiting for each tab's end. */
  readonly #waits = new Map<string, AbortController>();
  beat: Beat | undefined;

  constructor(world: ShareWorld, name: string, onChange: () => void) {
    this.#world = world;
    this.#name = name;
    this.#onChange = onChange;
  }

  get tabs(): readonly TabFacts[] {
    return [...this.#tabs.values()];
  }

  hear(message: GroupMessage): void {
    switch (message.is) {
      case "tab":
        this.set(message);
        return;
      case "bye":
        this.#forget(message.tab);
        return;
      case "beat":
        this.beat = message;
        return;
      default:
    }
  }

  set({ tab, openedAt, isVisible, focusedAt, position }: TabFacts): void {
    this.#tabs.set(tab, { tab, openedAt, isVisible, focusedAt, position });
    this.#onChange();
    if (this.#waits.has(tab)) return;
    const wait = new AbortController();
    this.#waits.set(tab, wait);
    // A tab holds the lock of its name for as long as it lives: whoever gets it knows that the tab is gone.
    this.#world.locks
      .request(tabLock(this.#name, tab), { signal: wait.signal }, async () => this.#forget(tab))
      .catch(() => undefined);
  }

  stop(): void {
    for (const wait of this.#waits.values()) wait.abort();
    this.#waits.clear();
    this.#tabs.clear();
  }

  #forget(tab: string): void {
    this.#waits.get(tab)?.abort();
    this.#waits.delete(tab);
    if (this.#tabs.delete(tab)) this.#onChange();
  }
}

/** The lock that a tab holds while it lives. */
export function tabLock(name: string, tab: string): string {
  return `${name} tab ${tab}`;
}
