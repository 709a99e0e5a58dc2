/** When a measured value is trouble, and when it is over ([V3]). */
export interface Threshold {
  /** Trouble from this value on … */
  readonly raiseAt: number;
  /** … over below this one. */
  readonly clearBelow: number;
  /** A value has to stay beyond for so long, either way. */
  readonly holdMs: number;
  /** The same for the end of it, where that is another time. */
  readonly clearHoldMs?: number;
}

export interface ThresholdState {
  readonly isRaised: boolean;
  /** Since when the value has been on the other side without a break. */
  readonly beyondSinceMs?: number;
}

export const quiet: ThresholdState = { isRaised: false };

/** Judges one measurement. @param value undefined: there is nothing to measure any more, which ends a trouble too */
export function stepThreshold(
  state: ThresholdState,
  value: number | undefined,
  nowMs: number,
  { raiseAt, clearBelow, holdMs, clearHoldMs = holdMs }: Threshold,
): ThresholdState {
  const { isRaised } = state;
  const isBeyond = isRaised ? value === undefined || value < clearBelow : value !== undefined && value >= raiseAt;
  if (!isBeyond) return { isRaised };
  const beyondSinceMs = state.beyondSinceMs ?? nowMs;
  if (nowMs - beyondSinceMs < (isRaised ? clearHoldMs : holdMs)) return { isRaised, beyondSinceMs };
  return { isRaised: !isRaised };
}
