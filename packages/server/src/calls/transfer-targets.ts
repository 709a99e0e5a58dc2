import type { CallState, CommandError } from "@pbx-x/protocol";
import type { LegEndCause, LegId } from "@pbx-x/telephony";
import { isRouteOf, type Route, type RouteKind } from "../routing/route-number.ts";
import type { Call } from "./call.ts";
import type { Cause } from "./decision.ts";

/** What would come of passing a call on; nothing has happened yet, so that the phone can be told first. */
export type TransferPlan =
  /** `carryOut` does it, and returns the position of the last event. */
  | { readonly ok: true; readonly status: CallState; readonly carryOut: (cause: Cause) => number | undefined }
  /** The call stays as it is: what a command is answered, and what a phone is told. */
  | { readonly ok: false; readonly error: CommandError; readonly cause: LegEndCause };

export type TransferTargetHandler<Kind extends RouteKind> = (
  call: Call,
  transferorLegId: LegId,
  route: Extract<Route, { kind: Kind }>,
) => TransferPlan;

/** Which slice takes a call that is passed on to a number that is no party, by the kind of the number. */
export class TransferTargets {
  readonly #handlers = new Map<RouteKind, (call: Call, legId: LegId, route: Route) => TransferPlan | undefined>();

  /** @throws Error when the kind is taken already */
  add<Kind extends RouteKind>(kind: Kind, handler: TransferTargetHandler<Kind>): void {
    if (this.#handlers.has(kind)) throw new Error(`${kind} is served already`);
    this.#handlers.set(kind, (call, legId, route) =>
      isRouteOf(route, kind) ? handler(call, legId, route) : undefined,
    );
  }

  /** Undefined where no slice takes it: the number is dialled. */
  plan(call: Call, transferorLegId: LegId, route: Route): TransferPlan | undefined {
    return this.#handlers.get(route.kind)?.(call, transferorLegId, route);
  }
}
