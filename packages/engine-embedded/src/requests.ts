import { allowEvents, type Notifier, type ServerTransaction } from "@pbx-x/sip";
import { brandId, type ExtensionConfiguration, type LegId, type TelephonyEvent } from "@pbx-x/telephony";
import { allow } from "./allow.ts";
import type { Authentication } from "./authentication.ts";
import { done } from "./legs/leg.ts";
import type { LegContext } from "./legs/leg-context.ts";
import type { LegTable } from "./legs/leg-table.ts";
import { OfferedLeg } from "./legs/offered-leg.ts";
import type { Registrations } from "./registrations.ts";

export interface RequestParts {
  readonly legs: LegTable;
  readonly authentication: Authentication;
  readonly registrations: Registrations;
  readonly notifier: Notifier;
  readonly context: () => LegContext;
  readonly newId: () => string;
  readonly emit: (event: TelephonyEvent) => void;
}

/** A request outside of any dialog. */
export function onRequest(parts: RequestParts, transaction: ServerTransaction): void {
  const { method } = transaction.request;
  if (method === "OPTIONS") {
    transaction.respond(200, { headers: [allow, allowEvents, { name: "Accept", value: "application/sdp" }] });
    return;
  }
  if (method !== "REGISTER" && method !== "INVITE" && method !== "SUBSCRIBE") {
    if (method === "MESSAGE") transaction.respond(405, { headers: [allow] });
    else transaction.respond(481);
    return;
  }
  const extension = parts.authentication.check(transaction);
  if (extension === undefined) return;
  if (method === "REGISTER") parts.registrations.handle(transaction, extension);
  else if (method === "SUBSCRIBE") parts.notifier.subscribe(transaction, extension.extensionId);
  else offer(parts, transaction, extension);
}

function offer(
  { legs, registrations, context, newId, emit }: RequestParts,
  transaction: ServerTransaction,
  { extensionId, number, displayName }: ExtensionConfiguration,
): void {
  const { uri, headers, callId } = transaction.request;
  const dialled = uri.scheme === "tel" ? uri.number : uri.scheme === "other" ? "" : (uri.user ?? "");
  if (legs.isFull) {
    transaction.respond(503, { headers: [{ name: "Retry-After", value: "10" }] });
    return;
  }
  if (headers.has("Replaces")) {
    transaction.respond(481);
    return;
  }
  const legId = brandId<LegId>(newId());
  const leg = OfferedLeg.begin(legId, transaction, context());
  if (leg === undefined) return;
  legs.add(leg);
  void leg.enqueue(async () => {
    await leg.prepare();
    return done;
  });
  const binding = registrations.find(extensionId, transaction);
  emit({
    type: "legOffered",
    legId,
    origin: {
      kind: "extension",
      extensionId: brandId(extensionId),
      ...(binding !== undefined && { bindingId: brandId(binding.id) }),
    },
    caller: { number, name: displayName },
    dialled,
    debugId: callId,
  });
}
