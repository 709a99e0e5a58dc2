import { contentOf } from "../event-log/event-content.ts";
import type { LoggedEvent } from "../event-log/event-log.ts";
import type { Callback } from "./callback.ts";

type Data = Readonly<Record<string, unknown>>;

/** Folds the log into who is still to be called back, so that a restart forgets nobody ([Q15]). Seeing an event twice does no harm. */
export class CallbackLedger {
  readonly #callbacks: Map<string, Callback>;

  constructor(kept: readonly Callback[] = []) {
    this.#callbacks = new Map(kept.map((callback) => [callback.entry.entryId, callback]));
  }

  /** Who came first is the first. */
  callbacks(): readonly Callback[] {
    return [...this.#callbacks.values()].toSorted((a, b) => a.entry.enteredAtMs - b.entry.enteredAtMs);
  }

  fold(event: LoggedEvent): void {
    if (!event.type.startsWith("QUEUE_CALL")) return;
    const { data } = contentOf(event) as { readonly data: Data };
    const entryId = textOf(data["queueEntryId"]);
    const known = this.#callbacks.get(entryId);
    switch (event.type) {
      case "QUEUE_CALLBACK_REQUESTED":
        this.#callbacks.set(entryId, callbackOf(entryId, data));
        return;
      case "QUEUE_CALLBACK_FAILED": {
        if (known === undefined) return;
        const notBeforeMs = Date.parse(textOf(data["nextAttemptAt"])) || 0;
        this.#callbacks.set(entryId, { ...known, failedAttempts: numberOf(data["attempt"]), notBeforeMs });
        return;
      }
      case "QUEUE_CALL_ANSWERED":
      case "QUEUE_CALL_ABANDONED":
        this.#callbacks.delete(entryId);
        return;
      default:
        return;
    }
  }
}

function callbackOf(entryId: string, data: Data): Callback {
  const callbackId = textOf(data["callbackId"]);
  const expiresAtMs = Date.parse(textOf(data["expiresAt"]));
  return {
    callbackId,
    callId: textOf(data["callId"]),
    threadId: textOf(data["threadId"]),
    entry: {
      entryId,
      queueId: textOf(data["queueId"]),
      queueName: textOf(data["queueName"]),
      enteredAtMs: Date.parse(textOf(data["enteredAt"])),
      priority: numberOf(data["priority"]),
      missed: [],
      callback: { callbackId, expiresAtMs },
    },
    // As this server has written it.
    caller: data["caller"] as Callback["caller"],
    data: (data["callData"] ?? {}) as Callback["data"],
    expiresAtMs,
    failedAttempts: 0,
    notBeforeMs: 0,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
