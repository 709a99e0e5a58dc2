import type { GuardVerdict, OutsideRefusal } from "./outside-guard.ts";
import type { InboundRoute } from "./route-inbound.ts";
import type { Route } from "./route-number.ts";
import type { OutsideRoute, OutsideTables } from "./route-outside.ts";
import { noTrunks, type RoutingTrunk } from "./routing-trunk.ts";

/** Calls beyond the trunks that go on now. */
export interface OutsideCallCounts {
  readonly ofTrunk: (trunkId: string) => number;
  /** @param isPayer whether an extension belongs to the one who is asked about */
  readonly paidBy: (isPayer: (extensionId: string) => boolean) => number;
}

/** What calls need to know of the world beyond the trunks. */
export interface OutsideWorld {
  tables(): OutsideTables;
  trunk(trunkId: string): RoutingTrunk | undefined;
  /** Where a delivered call goes ([G6]). */
  inbound(
    call: { readonly trunkId: string; readonly dialled: string },
    internal: (number: string) => Route,
  ): InboundRoute;
  /** A caller's number in E.164, where it has such a form. */
  readNumber(trunkId: string, number: string): string;
  judge(route: OutsideRoute, payerId: string | undefined, counts: OutsideCallCounts): GuardVerdict;
  /** A call goes outside; it counts for whoever sent it there. */
  noteCall(payerId: string | undefined): void;
  reportRefusal(refusal: OutsideRefusal): void;
}

/** A PBX without trunks. */
export const nothingOutside: OutsideWorld = {
  tables: () => ({
    plan: { countryCode: "49", internationalPrefix: "00", nationalPrefix: "0", outsidePrefix: "" },
    rules: [],
    trunks: noTrunks,
    timeProfile: () => undefined,
    emergencyNumbers: [],
    prefixes: [],
    nowMs: 0,
  }),
  trunk: () => undefined,
  inbound: ({ dialled }) => ({ did: dialled, dialled, route: { kind: "none", reason: "no_such_number" } }),
  readNumber: (_, number) => number,
  judge: () => ({ ok: false, reason: "not_allowed", why: "there is no way outside" }),
  noteCall: () => undefined,
  reportRefusal: () => undefined,
};
