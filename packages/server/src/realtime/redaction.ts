import {
  type Audience,
  type Call,
  eventChannels,
  type EventType,
  type ParkingSlot,
  type QueueEntry,
  type ReadonlyTables,
  type Snapshot,
} from "@pbx-x/protocol/runtime";
import type { Identity } from "../auth/identity.ts";

type Viewer = Pick<Identity, "permissions" | "extensionId" | "extensionNumber" | "queueIds">;

/**
 * Whether somebody sees an event through `parking` alone, which is open to all, without the right to the call itself, or
 * through the queues without a right to any call (a wallboard): then the numbers of outside parties are masked, and what
 * is attached to the call ([W24], [C82]).
 */
export function isRedactedFor(
  { permissions, extensionId, queueIds }: Viewer,
  { type, audience }: { readonly type: EventType; readonly audience: Audience },
): boolean {
  if (type.startsWith("QUEUE_")) return !maySeeCalls(permissions);
  if (!eventChannels[type].includes("parking") || permissions.has("calls.view.all")) return false;
  const isParty = (audience.extensions ?? []).some(({ id }) => id === extensionId);
  return !isParty && !(audience.queueIds ?? []).some((id) => queueIds.includes(id));
}

function maySeeCalls(permissions: Viewer["permissions"]): boolean {
  return permissions.has("calls.view.own") || permissions.has("calls.view.all");
}

/** The event with what is masked named in `redacted`, as paths in `data` ([W51]). */
export function redactJson(json: string): string {
  // Written by this server out of the definitions themselves.
  const event = JSON.parse(json) as { readonly data: object };
  const redacted: string[] = [];
  const data = mask(event.data, "", redacted);
  return redacted.length === 0 ? json : JSON.stringify({ ...event, data, redacted });
}

/** The same for what is parked now, so that state and events agree ([W26]). */
export function redactSnapshot(snapshot: Snapshot, tables: ReadonlyTables, viewer: Viewer): Snapshot {
  const shown = onlyOwnConferences(withoutMonitors(snapshot, viewer), viewer);
  if (viewer.permissions.has("calls.view.all")) return shown;
  const parkingSlots = snapshot.tables.parkingSlots.map((slot) => redactSlot(slot, tables, viewer));
  const queueEntries = snapshot.tables.queueEntries.map((entry) =>
    // Parties are masked in place, nothing else changes.
    maySeeCalls(viewer.permissions) ? entry : (mask(entry, "", []) as QueueEntry),
  );
  return { ...shown, tables: { ...shown.tables, parkingSlots, queueEntries } };
}

/** Who listens in is for those to know who may do it ([C72]). */
export function redactMonitors<Entity extends Pick<Call, "monitors">>(call: Entity, viewer: Viewer): Entity {
  return call.monitors.length === 0 || viewer.permissions.has("calls.monitor") ? call : { ...call, monitors: [] };
}

function withoutMonitors(snapshot: Snapshot, viewer: Viewer): Snapshot {
  const calls = snapshot.tables.calls.map((call) => redactMonitors(call, viewer));
  return { ...snapshot, tables: { ...snapshot.tables, calls } };
}

/** Without the right to all conferences one sees those that one takes part in. */
function onlyOwnConferences(snapshot: Snapshot, { permissions, extensionId }: Viewer): Snapshot {
  if (permissions.has("conferences.view.all")) return snapshot;
  const { conferences, participants } = snapshot.tables;
  const own = new Set(
    participants.flatMap((participant) =>
      extensionId !== undefined && participant.extensionId === extensionId ? [participant.conferenceId] : [],
    ),
  );
  const isOwn = ({ conferenceId }: { readonly conferenceId: string }): boolean => own.has(conferenceId);
  const tables = {
    ...snapshot.tables,
    conferences: conferences.filter(isOwn),
    participants: participants.filter(isOwn),
  };
  return { ...snapshot, tables };
}

/** A slot as a user may see it: whole where he is party of the call that waits there. */
export function redactSlot(slot: ParkingSlot, tables: ReadonlyTables, viewer: Viewer): ParkingSlot {
  if (viewer.permissions.has("calls.view.all")) return slot;
  const call = tables.calls.get(slot.callId);
  const entry = tables.queueEntries.get(slot.callId);
  const isParty = call?.participants.some(({ number }) => number === viewer.extensionNumber) === true;
  if (isParty || (entry !== undefined && viewer.queueIds.includes(entry.queueId))) return slot;
  // Parties are masked in place, nothing else changes.
  return mask(slot, "", []) as ParkingSlot;
}

/** Copies a value without what is attached to calls, and without number and name of every party that is no extension; collects where. */
function mask(value: unknown, path: string, redacted: string[]): unknown {
  if (Array.isArray(value)) return value.map((each, index) => mask(each, `${path}[${index}]`, redacted));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value);
  const isOutside = "number" in value && !("extensionId" in value);
  return Object.fromEntries(
    fields.flatMap(([name, field]): readonly (readonly [string, unknown])[] => {
      const at = path === "" ? name : `${path}.${name}`;
      if (name === "callData") {
        redacted.push(at);
        return [];
      }
      if (!isOutside || (name !== "number" && name !== "name")) return [[name, mask(field, at, redacted)]];
      redacted.push(at);
      return name === "number" ? [[name, ""]] : [];
    }),
  );
}
