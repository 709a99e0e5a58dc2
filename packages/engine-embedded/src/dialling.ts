import type { DialOperation, OperationOutcome } from "@pbx-x/telephony";
import { allowedCodecs, codecsToOffer } from "./codec-choice.ts";
import { wayToBinding } from "./legs/dial-way.ts";
import { DialledLeg, type DialledLegOptions } from "./legs/dialled-leg.ts";
import { done, refused } from "./legs/leg.ts";
import type { LegContext } from "./legs/leg-context.ts";
import type { LegTable } from "./legs/leg-table.ts";
import type { Registrations } from "./registrations.ts";
import type { Trunks } from "./trunks/trunks.ts";

export interface DialParts {
  readonly legs: LegTable;
  readonly registrations: Registrations;
  readonly trunks: Trunks;
  readonly context: () => LegContext;
}

/** Starts a leg towards a device or a trunk; a repeat of a known id does nothing. */
export function dial(parts: DialParts, operation: DialOperation): OperationOutcome | Promise<OperationOutcome> {
  const { legs, context } = parts;
  const { legId, target, originatorLegId } = operation;
  if (legs.knows(legId)) return done;
  const originator = originatorLegId === undefined ? undefined : legs.get(originatorLegId);
  const around = context();
  const options =
    target.kind === "trunk"
      ? toTrunk(parts, operation, target)
      : toBinding(parts, operation, target, around.mediaAddress);
  if ("ok" in options) return options;
  if (legs.isFull) return refused("engine_unavailable", "too many legs");
  const { allowed, ...rest } = options;
  const leg = new DialledLeg({ operation, codecs: codecsToOffer(originator?.codecs ?? [], allowed), ...rest }, around);
  legs.add(leg);
  return leg.enqueue(() => leg.start());
}

type Kind = Omit<DialledLegOptions, "operation" | "codecs"> & { readonly allowed?: DialledLegOptions["codecs"] };
type TargetOf<Kind extends DialOperation["target"]["kind"]> = Extract<DialOperation["target"], { kind: Kind }>;

function toBinding(
  { registrations }: DialParts,
  operation: DialOperation,
  { bindingId }: TargetOf<"binding">,
  ownAddress: string,
): Kind | OperationOutcome {
  const binding = registrations.get(bindingId);
  if (binding === undefined) return refused("unknown_binding", bindingId);
  return {
    findWay: () => wayToBinding(binding, operation, ownAddress),
    events: registrations.eventsOf(binding),
    onCannotTalk: () => registrations.cannotTalk(binding.id),
  };
}

function toTrunk(
  { trunks }: DialParts,
  operation: DialOperation,
  { trunkId, number }: TargetOf<"trunk">,
): Kind | OperationOutcome {
  const trunk = trunks.get(trunkId);
  if (trunk === undefined) return refused("unknown_trunk", trunkId);
  if (trunk === "disabled") return refused("invalid_state", "the trunk is disabled");
  return {
    trunkId,
    findWay: () => trunk.way(operation, number),
    allowed: allowedCodecs(trunk.configuration.codecPreferences),
    events: [],
    onCannotTalk: () => undefined,
  };
}
