/** When a measured value is trouble, and when it is over ([V3]). */
export interface Threshold {
  /** Trouble from this value on … */
  readonly raiseAt: number;
  /** … over below this one. */
  readonly clearBelow: number;
  /** A value has to stay beyond for so long, either way. */
  readonly holdMs: number;
  /** Time between two things told. */
  readonly intervalMs: number;
}

export interface ThresholdState {
  readonly isRaised: boolean;
  /** Since when the value has been on the other side without a break. */
  readonly beyondSinceMs?: number;
  readonly toldAtMs?: number;
}

export interface ThresholdStep {
  readonly state: ThresholdState;
  readonly tell?: "raised" | "cleared";
}

export const quiet: ThresholdState = { isRaised: false };

/** Judges one measurement. @param value undefined: there is nothing to measure any more, which ends a trouble too */
export function stepThreshold(
  state: ThresholdState,
  value: number | undefined,
  nowMs: number,
  { raiseAt, clearBelow, holdMs, intervalMs }: Threshold,
): ThresholdStep {
  const { isRaised, toldAtMs } = state;
  const isBeyond = isRaised ? value === undefined || value < clearBelow : value !== undefined && value >= raiseAt;
  const told = toldAtMs === undefined ? {} : { toldAtMs };
  if (!isBeyond) return { state: { isRaised, ...told } };
  const beyondSinceMs = state.beyondSinceMs ?? nowMs;
  const isTooEarly = nowMs - beyondSinceMs < holdMs || (toldAtMs !== undefined && nowMs - toldAtMs < intervalMs);
  if (isTooEarly) return { state: { isRaised, beyondSinceMs, ...told } };
  return { state: { isRaised: !isRaised, toldAtMs: nowMs }, tell: isRaised ? "cleared" : "raised" };
}
