import type { Extension } from "../extensions/extension.ts";

/** Where a dialled number leads. One place for every way of dialling; who answers each kind is the slices' business. */
export type Route =
  | { readonly kind: "extension"; readonly extension: Extension }
  /** Picks up what is parked there, or parks what is passed on to it ([C40]). */
  | { readonly kind: "parking_slot"; readonly slot: string }
  /** `**200`: takes the call that rings there. */
  | { readonly kind: "pickup"; readonly extension: Extension }
  | { readonly kind: "none"; readonly reason: "no_such_number" | "empty_number" };

export type RouteKind = Route["kind"];

/** What numbers are looked up in. */
export interface RoutingTables {
  readonly extensionByNumber: (number: string) => Extension | undefined;
  readonly isParkingSlot: (number: string) => boolean;
}

/** Longest number that is looked at; E.164 has 15 digits, prefixes and feature codes come on top. */
export const maximumNumberLength = 64;

const pickupPrefix = "**";

export function routeNumber(dialled: string, tables: RoutingTables): Route {
  const number = normaliseNumber(dialled);
  if (number === "") return { kind: "none", reason: "empty_number" };
  const extension = tables.extensionByNumber(number);
  if (extension !== undefined) return { kind: "extension", extension };
  if (tables.isParkingSlot(number)) return { kind: "parking_slot", slot: number };
  if (number.startsWith(pickupPrefix)) {
    const ringing = tables.extensionByNumber(number.slice(pickupPrefix.length));
    if (ringing !== undefined) return { kind: "pickup", extension: ringing };
  }
  return { kind: "none", reason: "no_such_number" };
}

/** Without the separators that people and directories write. */
export function normaliseNumber(dialled: string): string {
  return dialled.slice(0, maximumNumberLength).replaceAll(/[\s().\-/]/g, "");
}
