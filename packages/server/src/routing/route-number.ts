import type { Extension } from "../extensions/extension.ts";
import type { ConferenceRoom } from "../conferences/conference-room.ts";
import type { Queue } from "../queues/queue.ts";
import { type FeatureCode, parseFeatureCode } from "./feature-codes.ts";
import { type OutsideRoute, type OutsideTables, routeEmergency, routeOutside } from "./route-outside.ts";
import { type NoteStep, unheard } from "./routing-step.ts";

/** Where a dialled number leads. One place for every way of dialling; who answers each kind is the slices' business. */
export type Route =
  | { readonly kind: "extension"; readonly extension: Extension }
  /** Everybody who dials it talks with everybody else ([V2]). */
  | { readonly kind: "conference"; readonly room: ConferenceRoom }
  /** Calls wait there for an agent ([Q1]). */
  | { readonly kind: "queue"; readonly queue: Queue }
  /** `*98200`: straight to the mailbox of 200 ([V31]). */
  | { readonly kind: "mailbox"; readonly extension: Extension }
  /** `*97`: the menu of whose phone dials it ([V34]). */
  | { readonly kind: "own_mailbox" }
  /** Picks up what is parked there, or parks what is passed on to it ([C40]). */
  | { readonly kind: "parking_slot"; readonly slot: string }
  /** `**200`: takes the call that rings there. */
  | { readonly kind: "pickup"; readonly extension: Extension }
  /** Beyond a trunk ([G4]); whether the one who dials may, is the guard's business. */
  | { readonly kind: "outside"; readonly outside: OutsideRoute }
  /** Changes a setting of whose phone dialled it ([E4]). */
  | { readonly kind: "feature_code"; readonly code: FeatureCode }
  | { readonly kind: "none"; readonly reason: "no_such_number" | "empty_number" };

export type RouteKind = Route["kind"];

export function isRouteOf<Kind extends RouteKind>(route: Route, kind: Kind): route is Extract<Route, { kind: Kind }> {
  return route.kind === kind;
}

/** What only a phone that dials it can have: nobody is there who could be called ([W41]). */
export function isNoParty({ kind }: Route): boolean {
  switch (kind) {
    case "own_mailbox":
    case "parking_slot":
    case "pickup":
    case "feature_code":
      return true;
    case "extension":
    case "conference":
    case "queue":
    case "mailbox":
    case "outside":
    case "none":
      return false;
  }
}

/** What numbers are looked up in. */
export interface RoutingTables {
  readonly extensionByNumber: (number: string) => Extension | undefined;
  readonly isParkingSlot: (number: string) => boolean;
  /** Left out: there are no conferences. */
  readonly conferenceByNumber?: (number: string) => ConferenceRoom | undefined;
  /** Left out: there are no queues. */
  readonly queueByNumber?: (number: string) => Queue | undefined;
  /** Left out: nothing leads outside. */
  readonly outside?: () => OutsideTables;
}

/** Longest number that is looked at; E.164 has 15 digits, prefixes and feature codes come on top. */
export const maximumNumberLength = 64;

/** Dialled before the number of a ringing extension: takes its call. */
export const pickupPrefix = "**";
/** Before an extension's number: its mailbox ([V31]). */
export const mailboxPrefix = "*98";
/** Plays the messages of whose phone dials it ([V34]). */
export const ownMailboxNumber = "*97";

/**
 * Emergency numbers count before everything else ([G8]), own numbers before those outside.
 *
 * @param note hears what was looked at
 */
export function routeNumber(dialled: string, tables: RoutingTables, note: NoteStep = unheard): Route {
  const number = normaliseNumber(dialled);
  if (number === "") return { kind: "none", reason: "empty_number" };
  const outside = tables.outside?.();
  const emergency = outside && routeEmergency(number, outside, note);
  if (emergency !== undefined) return { kind: "outside", outside: emergency };
  const own = routeOwnNumber(number, tables);
  if (own !== undefined) {
    note({ subject: `number ${number}`, verdict: "taken", why: `is one of this PBX: ${own.kind}` });
    return own;
  }
  note({ subject: `number ${number}`, verdict: "noted", why: "is none of this PBX" });
  const found = outside && routeOutside(number, outside, note);
  return found === undefined ? { kind: "none", reason: "no_such_number" } : { kind: "outside", outside: found };
}

/** What belongs to the PBX itself; a new kind of number is one line here. */
function routeOwnNumber(number: string, tables: RoutingTables): Route | undefined {
  const { extensionByNumber, conferenceByNumber, queueByNumber, isParkingSlot } = tables;
  const extension = extensionByNumber(number);
  if (extension !== undefined) return { kind: "extension", extension };
  const room = conferenceByNumber?.(number);
  if (room !== undefined) return { kind: "conference", room };
  const queue = queueByNumber?.(number);
  if (queue !== undefined) return { kind: "queue", queue };
  if (isParkingSlot(number)) return { kind: "parking_slot", slot: number };
  if (number.startsWith(pickupPrefix)) {
    const ringing = extensionByNumber(number.slice(pickupPrefix.length));
    if (ringing !== undefined) return { kind: "pickup", extension: ringing };
  }
  if (number === ownMailboxNumber) return { kind: "own_mailbox" };
  if (number.startsWith(mailboxPrefix)) {
    const owner = extensionByNumber(number.slice(mailboxPrefix.length));
    if (owner?.voicemailEnabled === true) return { kind: "mailbox", extension: owner };
  }
  const code = parseFeatureCode(number);
  return code === undefined ? undefined : { kind: "feature_code", code };
}

/** Without the separators that people and directories write. */
export function normaliseNumber(dialled: string): string {
  return dialled.slice(0, maximumNumberLength).replaceAll(/[\s().\-/]/g, "");
}
