/** One thing that was looked at on the way to a destination ([G20]); for the administrator who asks why. */
export interface RoutingStep {
  /** e.g. `outbound rule National`. */
  readonly subject: string;
  readonly verdict: "taken" | "passed_over" | "allowed" | "refused" | "noted";
  readonly why: string;
}

/** Takes down the steps; routing itself does not care whether anybody listens. */
export type NoteStep = (step: RoutingStep) => void;

export const unheard: NoteStep = () => undefined;
