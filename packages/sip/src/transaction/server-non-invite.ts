import type { MachineOptions, Step } from "./timers.ts";

export type ServerNonInviteTimer = "J";

export type ServerNonInviteState =
  | { readonly at: "trying" }
  | { readonly at: "proceeding" }
  | { readonly at: "completed" }
  | { readonly at: "terminated" };

export type ServerNonInviteInput =
  | { readonly type: "retransmission" }
  | { readonly type: "respond"; readonly status: number }
  | { readonly type: "timer"; readonly timer: ServerNonInviteTimer }
  | { readonly type: "transport_error" };

type Result = Step<ServerNonInviteState, ServerNonInviteTimer>;
const terminated: ServerNonInviteState = { at: "terminated" };

/** Non-INVITE server transaction: RFC 3261 §17.2.2. */
export function stepServerNonInvite(
  state: ServerNonInviteState,
  input: ServerNonInviteInput,
  { isReliable, timers }: MachineOptions,
): Result {
  switch (state.at) {
    case "trying":
    case "proceeding":
      if (input.type === "retransmission") return { state, effects: state.at === "proceeding" ? [{ do: "send" }] : [] };
      if (input.type === "transport_error") {
        return { state: terminated, effects: [{ do: "report", what: "transport_error" }] };
      }
      if (input.type !== "respond") return { state, effects: [] };
      if (input.status < 200) return { state: { at: "proceeding" }, effects: [{ do: "send" }] };
      if (isReliable) return { state: terminated, effects: [{ do: "send" }] };
      return {
        state: { at: "completed" },
        effects: [{ do: "send" }, { do: "start", timer: "J", afterMs: 64 * timers.t1 }],
      };
    case "completed":
      if (input.type === "retransmission") return { state, effects: [{ do: "send" }] };
      return input.type === "timer" ? { state: terminated, effects: [] } : { state, effects: [] };
    case "terminated":
      return { state, effects: [] };
  }
}
