import type { CodecName } from "@pbx-x/media";
import type { DialOperation, OperationOutcome } from "@pbx-x/telephony";
import { DialledLeg } from "./legs/dialled-leg.ts";
import { done, refused } from "./legs/leg.ts";
import type { LegContext } from "./legs/leg-context.ts";
import type { LegTable } from "./legs/leg-table.ts";
import type { Registrations } from "./registrations.ts";

/** Codecs that can be turned into each other; a call that nobody has joined yet is offered only these. */
const transcodable: readonly CodecName[] = ["PCMA", "PCMU"];

export interface DialParts {
  readonly legs: LegTable;
  readonly registrations: Registrations;
  readonly context: () => LegContext;
}

/** Starts a leg towards a device; a repeat of a known id does nothing. */
export function dial(
  { legs, registrations, context }: DialParts,
  operation: DialOperation,
): OperationOutcome | Promise<OperationOutcome> {
  const { legId, target } = operation;
  if (legs.knows(legId)) return done;
  if (target.kind === "trunk") return refused("unsupported", "no trunks");
  const binding = registrations.get(target.bindingId);
  if (binding === undefined) return refused("unknown_binding", target.bindingId);
  if (legs.isFull) return refused("engine_unavailable", "too many legs");
  const originator = operation.originatorLegId === undefined ? undefined : legs.get(operation.originatorLegId);
  const wanted = originator?.codecs ?? [];
  const codecs = [...wanted, ...transcodable.filter((name) => !wanted.includes(name))];
  const leg = new DialledLeg(
    {
      operation,
      binding,
      codecs,
      allowsTalk: registrations.allowsTalk(binding),
      onCannotTalk: () => registrations.cannotTalk(binding.id),
    },
    context(),
  );
  legs.add(leg);
  return leg.enqueue(() => leg.start());
}
