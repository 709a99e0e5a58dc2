import { decideParkingTimeout } from "../parking/park-decisions.ts";
import { decideAnnouncement, decideQueueTimeout } from "../queues/queue-timers.ts";
import type { Call } from "./call.ts";
import { decideMaximumDuration } from "./command-decisions.ts";
import type { CallTimer, Decision, DecisionContext } from "./decision.ts";
import type { LegSurroundings } from "./leg-event.ts";

/** What the passing of time means for a call. */
export function decideTimer(call: Call, timer: CallTimer, around: LegSurroundings, context: DecisionContext): Decision {
  switch (timer) {
    case "maximum_duration":
      return decideMaximumDuration(call, context);
    case "parking":
      return decideParkingTimeout(call, around, context);
    case "queue_wait":
      return decideQueueTimeout(call, around, context);
    case "queue_announcement":
      return decideAnnouncement(call, around, context);
  }
}
