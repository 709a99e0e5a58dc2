import type { Headers } from "@pbx-x/sip";

/** What the far side of a call has said that it takes (`Allow`, `Allow-Events`); what it said last counts. */
export class FarSide {
  #methods: ReadonlySet<string> = new Set();
  #events: ReadonlySet<string>;

  /** @param events those that its device announced when it registered */
  constructor(events: readonly string[] = []) {
    this.#events = lower(events);
  }

  heard(headers: Headers): void {
    if (headers.has("Allow")) this.#methods = lower(headers.list("Allow"));
    if (headers.has("Allow-Events")) this.#events = lower(headers.list("Allow-Events"));
  }

  /** Key presses may be sent to it by INFO. */
  get takesInfo(): boolean {
    return this.#methods.has("info");
  }

  /** It may be sent an UPDATE (RFC 3311 §4). */
  get takesUpdate(): boolean {
    return this.#methods.has("update");
  }

  /** It lets itself be told to hold, or to talk. */
  takesEvent(event: "talk" | "hold"): boolean {
    return this.#events.has(event);
  }
}

function lower(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.map((value) => value.trim().toLowerCase()));
}
