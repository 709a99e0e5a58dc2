import type { EventDataOf, TrunkReason, TrunkStatus } from "@pbx-x/protocol";
import type { Cause } from "../calls/decision.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { Trunk, TrunkState } from "./trunk.ts";

/** What is to be told of a trunk. */
export interface TrunkNews {
  readonly trunk: Pick<Trunk, "id" | "name">;
  readonly before: TrunkStatus;
  readonly state: Pick<TrunkState, "status" | "reason" | "errorMessage">;
  readonly cause: Cause;
  readonly isDeleted?: boolean;
}

/** `TRUNK_STATUS_CHANGED` (§3.8): of every change of status or reason, of a new name, of a new trunk and of one that is gone. */
export function trunkStatusChanged(news: TrunkNews): NewEvent {
  return { type: "TRUNK_STATUS_CHANGED", audience: {}, data: { ...statusData(news), causedBy: news.cause } };
}

/** What the event says, without who caused it. */
export function statusData({
  trunk,
  before,
  state,
  isDeleted = false,
}: Omit<TrunkNews, "cause">): EventDataOf<"TRUNK_STATUS_CHANGED"> {
  const { status, reason, errorMessage } = state;
  return {
    trunkId: trunk.id,
    trunkName: trunk.name,
    oldStatus: before,
    newStatus: status,
    ...(reason !== undefined && { reason }),
    ...(errorMessage !== undefined && { errorMessage }),
    ...(isDeleted && { deleted: true }),
  };
}

/** The reasons that are no error. */
const goodReasons: readonly (TrunkReason | undefined)[] = ["recovered", "disabled", undefined];

/** The text beside a reason: only of what went wrong. */
export function errorOf(reason: TrunkReason, detail: string): Pick<TrunkState, "errorMessage"> {
  return goodReasons.includes(reason) ? {} : { errorMessage: detail };
}
