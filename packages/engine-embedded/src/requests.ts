import { allowEvents, type Notifier, type ServerTransaction } from "@pbx-x/sip";
import {
  type BindingId,
  brandId,
  type ExtensionConfiguration,
  type ExtensionId,
  type LegId,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import { allow } from "./allow.ts";
import type { Authentication } from "./authentication.ts";
import { allowedCodecs } from "./codec-choice.ts";
import { done } from "./legs/leg.ts";
import type { LegContext } from "./legs/leg-context.ts";
import type { LegTable } from "./legs/leg-table.ts";
import { OfferedLeg, type OfferedLegOptions } from "./legs/offered-leg.ts";
import type { MessageLamps } from "./message-lamps.ts";
import type { Registrations } from "./registrations.ts";
import { replacedLeg } from "./replaced-leg.ts";
import type { Trunk } from "./trunks/trunk.ts";
import { callerOf, dialledOf, userOf } from "./trunks/trunk-identity.ts";
import type { Trunks } from "./trunks/trunks.ts";

export interface RequestParts {
  readonly legs: LegTable;
  readonly authentication: Authentication;
  readonly registrations: Registrations;
  readonly notifier: Notifier;
  readonly messageLamps: MessageLamps;
  readonly trunks: Trunks;
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
  const trunk = method === "INVITE" ? parts.trunks.senderOf(transaction) : undefined;
  if (trunk !== undefined) {
    offerFromTrunk(parts, transaction, trunk);
    return;
  }
  const extension = parts.authentication.check(transaction);
  if (extension === undefined) return;
  if (method === "REGISTER") {
    parts.registrations.handle(transaction, extension);
    parts.messageLamps.registered(extension, transaction);
  } else if (method === "SUBSCRIBE") parts.notifier.subscribe(transaction, extension.extensionId, extension.number);
  else offerFromPhone(parts, transaction, extension);
}

function offerFromPhone(
  parts: RequestParts,
  transaction: ServerTransaction,
  { extensionId, number, displayName }: ExtensionConfiguration,
): void {
  const { uri } = transaction.request;
  const dialled = userOf(uri) ?? "";
  const binding = parts.registrations.find(extensionId, transaction);
  const told = {
    origin: {
      kind: "extension",
      extensionId: brandId<ExtensionId>(extensionId),
      ...(binding !== undefined && { bindingId: brandId<BindingId>(binding.id) }),
    },
    caller: { number, name: displayName },
    dialled,
  } as const;
  offer(parts, transaction, told, binding === undefined ? {} : { events: parts.registrations.eventsOf(binding) });
}

function offerFromTrunk(
  parts: RequestParts,
  transaction: ServerTransaction,
  { configuration, credentials }: Trunk,
): void {
  const { request } = transaction;
  const { trunkId } = configuration;
  offer(
    parts,
    transaction,
    { origin: { kind: "trunk", trunkId }, caller: callerOf(request), dialled: dialledOf(request, configuration) },
    { trunkId, credentials, codecs: allowedCodecs(configuration.codecPreferences) },
  );
}

type Offered = Extract<TelephonyEvent, { type: "legOffered" }>;

function offer(
  { legs, context, newId, emit }: RequestParts,
  transaction: ServerTransaction,
  told: Pick<Offered, "origin" | "caller" | "dialled">,
  options: OfferedLegOptions = {},
): void {
  const { headers, callId } = transaction.request;
  if (legs.isFull) {
    transaction.respond(503, { headers: [{ name: "Retry-After", value: "10" }] });
    return;
  }
  // Nobody outside may take a place in here ([C34]).
  const isOutside = told.origin.kind === "trunk" && headers.has("Replaces");
  const replaced = isOutside ? ({ kind: "refused", status: 481 } as const) : replacedLeg(transaction.request, legs);
  if (replaced.kind === "refused") {
    transaction.respond(replaced.status);
    return;
  }
  const legId = brandId<LegId>(newId());
  const leg = OfferedLeg.begin(legId, transaction, context(), options);
  if (leg === undefined) return;
  legs.add(leg);
  void leg.enqueue(async () => {
    await leg.prepare();
    return done;
  });
  const replacing = replaced.kind === "leg" ? { replacesLegId: replaced.legId } : {};
  emit({ type: "legOffered", legId, ...told, ...replacing, debugId: callId });
}
