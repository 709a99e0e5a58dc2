import type { Route } from "./route-number.ts";

/** Whether a call can be sent on to it by itself ([E3], [E5]). */
export function isForwardable(route: Route): boolean {
  switch (route.kind) {
    case "extension":
    case "conference":
    case "queue":
    case "mailbox":
      return true;
    // Nobody is to be sent to an emergency line who did not dial it.
    case "outside":
      return route.outside.class !== "emergency";
    case "parking_slot":
    case "pickup":
    case "own_mailbox":
    case "feature_code":
    case "none":
      return false;
  }
}
