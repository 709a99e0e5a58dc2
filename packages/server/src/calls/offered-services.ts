import type { LegId } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import { isRouteOf, type Route, type RouteKind } from "../routing/route-number.ts";

/** A phone dialled something that is no party: a slot, a code. */
export interface OfferedService {
  readonly legId: LegId;
  /** Whose phone it is. */
  readonly extension: Extension;
  readonly dialled: string;
}

export type OfferedServiceHandler<Kind extends RouteKind> = (
  offered: OfferedService,
  route: Extract<Route, { kind: Kind }>,
) => void;

/** Which slice takes a phone's call, by the kind of what was dialled; the others become calls. */
export class OfferedServices {
  readonly #handlers = new Map<RouteKind, (offered: OfferedService, route: Route) => void>();

  /** @throws Error when the kind is taken already */
  add<Kind extends RouteKind>(kind: Kind, handler: OfferedServiceHandler<Kind>): void {
    if (this.#handlers.has(kind)) throw new Error(`${kind} is served already`);
    this.#handlers.set(kind, (offered, route) => {
      if (isRouteOf(route, kind)) handler(offered, route);
    });
  }

  /** False where no slice takes it: it is a call. */
  take(offered: OfferedService, route: Route): boolean {
    const handler = this.#handlers.get(route.kind);
    handler?.(offered, route);
    return handler !== undefined;
  }
}
