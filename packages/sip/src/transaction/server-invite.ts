import type { MachineOptions, Step } from "./timers.ts";

export type ServerInviteTimer = "G" | "H" | "I" | "L";

export type ServerInviteState =
  | { readonly at: "proceeding"; readonly hasAnswered: boolean }
  | { readonly at: "completed"; readonly intervalMs: number }
  | { readonly at: "confirmed" }
  | { readonly at: "accepted" }
  | { readonly at: "terminated" };

export type ServerInviteInput =
  /** The request again. */
  | { readonly type: "retransmission" }
  | { readonly type: "ack" }
  /** The user of the transaction answers. */
  | { readonly type: "respond"; readonly status: number }
  | { readonly type: "timer"; readonly timer: ServerInviteTimer }
  | { readonly type: "transport_error" };

type Result = Step<ServerInviteState, ServerInviteTimer>;
const terminated: ServerInviteState = { at: "terminated" };

/** INVITE server transaction: RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1. */
export function stepServerInvite(state: ServerInviteState, input: ServerInviteInput, options: MachineOptions): Result {
  const { isReliable, timers } = options;
  const { t1, t2, t4 } = timers;
  switch (state.at) {
    case "proceeding":
      if (input.type === "retransmission") return { state, effects: state.hasAnswered ? [{ do: "send" }] : [] };
      if (input.type === "transport_error") {
        return { state: terminated, effects: [{ do: "report", what: "transport_error" }] };
      }
      if (input.type !== "respond") return { state, effects: [] };
      if (input.status < 200) return { state: { at: "proceeding", hasAnswered: true }, effects: [{ do: "send" }] };
      if (input.status < 300) {
        return {
          state: { at: "accepted" },
          effects: [{ do: "send" }, { do: "start", timer: "L", afterMs: 64 * t1 }],
        };
      }
      return {
        state: { at: "completed", intervalMs: t1 },
        effects: [
          { do: "send" },
          ...(isReliable ? [] : ([{ do: "start", timer: "G", afterMs: t1 }] as const)),
          { do: "start", timer: "H", afterMs: 64 * t1 },
        ],
      };
    case "completed":
      if (input.type === "retransmission") return { state, effects: [{ do: "send" }] };
      if (input.type === "ack") {
        const stop = [
          { do: "stop", timer: "G" },
          { do: "stop", timer: "H" },
        ] as const;
        if (isReliable) return { state: terminated, effects: stop };
        return { state: { at: "confirmed" }, effects: [...stop, { do: "start", timer: "I", afterMs: t4 }] };
      }
      if (input.type === "timer" && input.timer === "G") {
        const intervalMs = Math.min(state.intervalMs * 2, t2);
        return {
          state: { at: "completed", intervalMs },
          effects: [{ do: "send" }, { do: "start", timer: "G", afterMs: intervalMs }],
        };
      }
      if (input.type === "timer" && input.timer === "H") {
        return {
          state: terminated,
          effects: [
            { do: "stop", timer: "G" },
            { do: "report", what: "timeout" },
          ],
        };
      }
      return { state, effects: [] };
    case "confirmed":
      return input.type === "timer" && input.timer === "I"
        ? { state: terminated, effects: [] }
        : { state, effects: [] };
    case "accepted":
      // The 2xx is sent again by the user, who waits for the ACK; retransmitted INVITEs are swallowed.
      if (input.type === "respond" && input.status >= 200 && input.status < 300)
        return { state, effects: [{ do: "send" }] };
      if (input.type === "ack") return { state, effects: [{ do: "report", what: "message" }] };
      return input.type === "timer" && input.timer === "L"
        ? { state: terminated, effects: [] }
        : { state, effects: [] };
    case "terminated":
      return { state, effects: [] };
  }
}
