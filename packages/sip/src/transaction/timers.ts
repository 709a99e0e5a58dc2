/** RFC 3261 §17.1.1.1, table 4; milliseconds. */
export interface TimerValues {
  /** Round-trip estimate. */
  readonly t1: number;
  /** Largest interval between retransmissions of non-INVITE requests and INVITE responses. */
  readonly t2: number;
  /** How long a message stays in the network. */
  readonly t4: number;
}

export const defaultTimers: TimerValues = { t1: 500, t2: 4000, t4: 5000 };

/** What every machine is told about its surroundings. */
export interface MachineOptions {
  /** TCP, TLS, WS: no retransmissions, and waiting states of no length. */
  readonly isReliable: boolean;
  readonly timers: TimerValues;
}

/** What a machine wants done; data only. */
export type MachineEffect<Timer extends string> =
  /** Send the request, or the last response, again or for the first time. */
  | { readonly do: "send" }
  /** INVITE client: acknowledge the final answer that was just received. */
  | { readonly do: "acknowledge" }
  | { readonly do: "start"; readonly timer: Timer; readonly afterMs: number }
  | { readonly do: "stop"; readonly timer: Timer }
  /** Tell the user of the transaction. */
  | { readonly do: "report"; readonly what: "message" | "timeout" | "transport_error" };

export interface Step<State, Timer extends string> {
  readonly state: State;
  readonly effects: readonly MachineEffect<Timer>[];
}
