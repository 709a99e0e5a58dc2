import type { MachineOptions, Step } from "./timers.ts";

export type ClientInviteTimer = "A" | "B" | "D" | "M";

export type ClientInviteState =
  | { readonly at: "calling"; readonly intervalMs: number; readonly isGivenUp?: true }
  | { readonly at: "proceeding" }
  | { readonly at: "completed" }
  | { readonly at: "accepted" }
  | { readonly at: "terminated" };

export type ClientInviteInput =
  | { readonly type: "start" }
  | { readonly type: "response"; readonly status: number }
  | { readonly type: "timer"; readonly timer: ClientInviteTimer }
  /** A CANCEL was sent. */
  | { readonly type: "cancelled" }
  /** Nobody waits for it any more, and nothing came yet, so that there is nothing to cancel (§9.1). */
  | { readonly type: "given_up" }
  | { readonly type: "transport_error" };

type Result = Step<ClientInviteState, ClientInviteTimer>;
const terminated: ClientInviteState = { at: "terminated" };

/** An INVITE that was given up is sent again until this many T1 lie between; who has said nothing until then is not there. */
const longestOfGivenUp = 4;

/** INVITE client transaction: RFC 3261 §17.1.1.2 with the Accepted state of RFC 6026 §7.2. */
export function stepClientInvite(state: ClientInviteState, input: ClientInviteInput, options: MachineOptions): Result {
  const { t1 } = options.timers;
  if (input.type === "transport_error") {
    return state.at === "calling" || state.at === "proceeding"
      ? { state: terminated, effects: [{ do: "report", what: "transport_error" }] }
      : { state, effects: [] };
  }
  switch (state.at) {
    case "calling":
      if (input.type === "cancelled") return { state, effects: [] };
      if (input.type === "start") {
        return {
          state: { at: "calling", intervalMs: t1 },
          effects: [
            { do: "send" },
            ...(options.isReliable ? [] : ([{ do: "start", timer: "A", afterMs: t1 }] as const)),
            { do: "start", timer: "B", afterMs: 64 * t1 },
          ],
        };
      }
      if (input.type === "given_up") {
        const isSilent = state.intervalMs > longestOfGivenUp * t1;
        return { state: { ...state, isGivenUp: true }, effects: isSilent ? [{ do: "stop", timer: "A" }] : [] };
      }
      if (input.type === "timer" && input.timer === "A") {
        const intervalMs = state.intervalMs * 2;
        if (state.isGivenUp === true && intervalMs > longestOfGivenUp * t1) {
          return { state: { ...state, intervalMs }, effects: [{ do: "send" }] };
        }
        return {
          state: { ...state, intervalMs },
          effects: [{ do: "send" }, { do: "start", timer: "A", afterMs: intervalMs }],
        };
      }
      if (input.type === "timer") return { state: terminated, effects: [{ do: "report", what: "timeout" }] };
      return onResponse(input.status, options);
    case "proceeding":
      if (input.type === "response") {
        return input.status < 200
          ? { state, effects: [{ do: "report", what: "message" }] }
          : onResponse(input.status, options);
      }
      // A cancelled INVITE that nobody ends is over after 64 × T1 (RFC 3261 §9.1).
      if (input.type === "cancelled") return { state, effects: [{ do: "start", timer: "B", afterMs: 64 * t1 }] };
      return input.type === "timer" && input.timer === "B"
        ? { state: terminated, effects: [{ do: "report", what: "timeout" }] }
        : { state, effects: [] };
    case "completed":
      if (input.type === "response" && input.status >= 300) return { state, effects: [{ do: "acknowledge" }] };
      return input.type === "timer" && input.timer === "D"
        ? { state: terminated, effects: [] }
        : { state, effects: [] };
    case "accepted":
      // Every 2xx goes up: retransmissions need another ACK, other forks need ACK and BYE.
      if (input.type === "response" && input.status >= 200 && input.status < 300) {
        return { state, effects: [{ do: "report", what: "message" }] };
      }
      return input.type === "timer" && input.timer === "M"
        ? { state: terminated, effects: [] }
        : { state, effects: [] };
    case "terminated":
      return { state, effects: [] };
  }
}

function onResponse(status: number, { isReliable, timers }: MachineOptions): Result {
  const stop = [
    { do: "stop", timer: "A" },
    { do: "stop", timer: "B" },
  ] as const;
  if (status < 200) return { state: { at: "proceeding" }, effects: [...stop, { do: "report", what: "message" }] };
  if (status < 300) {
    return {
      state: { at: "accepted" },
      effects: [...stop, { do: "start", timer: "M", afterMs: 64 * timers.t1 }, { do: "report", what: "message" }],
    };
  }
  const effects = [...stop, { do: "acknowledge" }, { do: "report", what: "message" }] as const;
  if (isReliable) return { state: terminated, effects };
  return { state: { at: "completed" }, effects: [...effects, { do: "start", timer: "D", afterMs: 32_000 }] };
}
