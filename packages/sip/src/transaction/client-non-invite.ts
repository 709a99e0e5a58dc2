import type { MachineOptions, Step } from "./timers.ts";

export type ClientNonInviteTimer = "E" | "F" | "K";

export type ClientNonInviteState =
  | { readonly at: "trying"; readonly intervalMs: number }
  | { readonly at: "proceeding" }
  | { readonly at: "completed" }
  | { readonly at: "terminated" };

export type ClientNonInviteInput =
  | { readonly type: "start" }
  | { readonly type: "response"; readonly status: number }
  | { readonly type: "timer"; readonly timer: ClientNonInviteTimer }
  | { readonly type: "transport_error" };

type Result = Step<ClientNonInviteState, ClientNonInviteTimer>;
const terminated: ClientNonInviteState = { at: "terminated" };

/** Non-INVITE client transaction: RFC 3261 §17.1.2.2. */
export function stepClientNonInvite(
  state: ClientNonInviteState,
  input: ClientNonInviteInput,
  { isReliable, timers }: MachineOptions,
): Result {
  const { t1, t2, t4 } = timers;
  if (state.at === "terminated") return { state, effects: [] };
  if (state.at === "completed") {
    return input.type === "timer" && input.timer === "K" ? { state: terminated, effects: [] } : { state, effects: [] };
  }
  switch (input.type) {
    case "start":
      return {
        state: { at: "trying", intervalMs: t1 },
        effects: [
          { do: "send" },
          ...(isReliable ? [] : ([{ do: "start", timer: "E", afterMs: t1 }] as const)),
          { do: "start", timer: "F", afterMs: 64 * t1 },
        ],
      };
    case "transport_error":
      return { state: terminated, effects: [stopE, stopF, { do: "report", what: "transport_error" }] };
    case "timer": {
      if (input.timer !== "E") return { state: terminated, effects: [stopE, { do: "report", what: "timeout" }] };
      const intervalMs = state.at === "proceeding" ? t2 : Math.min(state.intervalMs * 2, t2);
      return {
        state: state.at === "proceeding" ? state : { at: "trying", intervalMs },
        effects: [{ do: "send" }, { do: "start", timer: "E", afterMs: intervalMs }],
      };
    }
    case "response":
      if (input.status < 200) return { state: { at: "proceeding" }, effects: [{ do: "report", what: "message" }] };
      if (isReliable) return { state: terminated, effects: [stopF, { do: "report", what: "message" }] };
      return {
        state: { at: "completed" },
        effects: [stopE, stopF, { do: "start", timer: "K", afterMs: t4 }, { do: "report", what: "message" }],
      };
  }
}

const stopE = { do: "stop", timer: "E" } as const;
const stopF = { do: "stop", timer: "F" } as const;
