import {
  type Binding,
  type BindingId,
  brandId,
  type ExtensionId,
  type LegId,
  type TrunkConfiguration,
} from "@pbx-x/telephony";
import {
  createFakeEngine,
  createManualScheduler,
  type FakeEngine,
  type FakeRegistration,
  type ManualScheduler,
} from "@pbx-x/telephony/fake";
import type { Audience } from "@pbx-x/protocol";
import { permissions } from "@pbx-x/protocol/runtime";
import type { Identity } from "../auth/identity.ts";
import type { EventLog, LoggedEvent, NewEvent } from "../event-log/event-log.ts";
import { stampEvent } from "../event-log/stamp-event.ts";
import { defaultExtension } from "../extensions/default-extension.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { ConferenceDirectory, ConferenceRoom } from "../conferences/conference-room.ts";
import type { ConferenceService } from "../conferences/conference-service.ts";
import { type Conferences, startConferences } from "../conferences/start-conferences.ts";
import type { CommandContext } from "../realtime/command-handler.ts";
import { createParkingCommands, type ParkingCommands } from "../parking/parking-commands.ts";
import { defaultLot, lotOf, type ParkingLot } from "../parking/parking-lot.ts";
import { ParkingService } from "../parking/parking-service.ts";
import type { Queue } from "../queues/queue.ts";
import { createRecordingsInMemory, type RecordingsInMemory } from "../recordings/recordings-in-memory.ts";
import { RoomRecordings } from "../recordings/room-recordings.ts";
import { RegistrationService } from "../registrations/registration-service.ts";
import type { OutsideWorld } from "../routing/outside-world.ts";
import { createMonitorCommands, type MonitorCommands } from "../supervision/monitor-commands.ts";
import { MonitorService } from "../supervision/monitor-service.ts";
import { createCallCommands } from "./call-commands.ts";
import { CallService } from "./call-service.ts";

/** Calls on the fake engine with three extensions: everything but the network, on a manual clock. */
export interface CallTestbench {
  readonly engine: FakeEngine;
  readonly scheduler: ManualScheduler;
  readonly calls: CallService;
  readonly registrations: RegistrationService;
  readonly commands: ReturnType<typeof createCallCommands> &
    ParkingCommands &
    MonitorCommands &
    Conferences["commands"];
  readonly monitors: MonitorService;
  /** Users and what they did. */
  readonly audited: string[];
  /** One lot with the usual slots; replaceable. */
  readonly lots: ParkingLot[];
  /** None; replaceable. */
  readonly rooms: ConferenceRoom[];
  readonly conferences: ConferenceService;
  /** Events that are told and not kept ([W1]). */
  readonly ephemeral: readonly ToldOnce[];
  /** Rows of the recordings of conferences. */
  readonly roomRecordings: RecordingsInMemory["rows"];
  readonly queues: Queue[];
  readonly extensions: ExtensionDirectory;
  readonly events: readonly NewEvent[];
  readonly append: EventLog["append"];
  readonly bindingsOf: (extensionId: string) => readonly Binding[];
  onCommitted(listener: (batch: readonly LoggedEvent[]) => void): () => void;
  /** Details and message of each. */
  readonly warnings: readonly (readonly [unknown, string])[];
  register(number: string, registration?: FakeRegistration): BindingId;
  /** Lets the promises of performed operations settle. */
  settle(): Promise<void>;
  /** The dialled legs alive, newest last. */
  ringingLegs(): readonly LegId[];
  typesOf(callId: string): readonly string[];
  last(type: string): Readonly<Record<string, unknown>>;
  readonly as: (number: string, rights?: "own" | "all") => CommandContext;
}

export interface ToldOnce {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly audience: Audience;
}

/** The world beyond the trunks; nothing where left out. */
export interface BenchTrunks {
  readonly trunks: readonly TrunkConfiguration[];
  readonly outside: (parts: { readonly extensions: ExtensionDirectory; readonly now: () => number }) => OutsideWorld;
}

/** @param changes of all extensions @param each of one, by its number */
export async function createCallTestbench(
  changes: Partial<Extension> = {},
  each: Readonly<Record<string, Partial<Extension>>> = {},
  beyond?: BenchTrunks,
): Promise<CallTestbench> {
  const scheduler = createManualScheduler();
  let counter = 0;
  const newId = (): string => {
    counter += 1;
    return `00000000-0000-7000-8000-${String(counter).padStart(12, "0")}`;
  };
  const engine = createFakeEngine({ scheduler, newId });
  const extensions = [
    extension("200", "Anna Schmidt", { ...changes, ...each["200"] }),
    extension("201", "Lisa Weber", { ...changes, ...each["201"] }),
    extension("202", "Tom Müller", { ...changes, ...each["202"] }),
    extension("203", "Nora Klein", { ...changes, ...each["203"] }),
    extension("204", "Jan Vogel", { ...changes, ...each["204"] }),
    extension("205", "Ida Sommer", { ...changes, ...each["205"] }),
  ];
  const directory: ExtensionDirectory = {
    byId: (id) => extensions.find((other) => other.id === id),
    byNumber: (number) => extensions.find((other) => other.number === number),
    all: () => extensions,
    secretOf: () => undefined,
    onChanged: () => () => undefined,
  };
  const events: NewEvent[] = [];
  const listeners = new Set<(batch: readonly LoggedEvent[]) => void>();
  const log = {
    append: (added: readonly NewEvent[]) => {
      events.push(...added);
      const stamped = added.map((event, index) =>
        stampEvent(event, events.length - added.length + index + 1, newId(), scheduler.now()),
      );
      for (const listener of listeners) listener(stamped);
      return { firstSeq: events.length - added.length + 1, lastSeq: events.length, committed: Promise.resolve() };
    },
  };
  const registrations = new RegistrationService({
    engine,
    log,
    extensions: directory,
    store: { load: async () => [], save: () => undefined, remove: () => undefined, flush: async () => undefined },
    onStoreError: () => undefined,
  });
  const bindingsOf = (id: string) => registrations.bindingsOf(id);
  const warnings: (readonly [unknown, string])[] = [];
  const lots: ParkingLot[] = [{ id: "main", ...defaultLot }];
  const rooms: ConferenceRoom[] = [];
  const directoryOfRooms: ConferenceDirectory = {
    byId: (id) => rooms.find((room) => room.id === id),
    byNumber: (number) => rooms.find((room) => room.number === number),
    all: () => rooms,
  };
  const queues: Queue[] = [];
  const numbers = {
    isParkingSlot: (number: string) => lotOf(lots, number) !== undefined,
    conferenceByNumber: (number: string) => directoryOfRooms.byNumber(number),
    queueByNumber: (number: string) => queues.find(({ extensionNumber }) => extensionNumber === number),
  };
  const calls = new CallService({
    engine,
    log,
    extensions: directory,
    bindingsOf,
    numbers,
    scheduler,
    newId,
    logger: { warn: (details, message) => warnings.push([details, message]), error: () => undefined },
    ...(beyond && { outside: beyond.outside({ extensions: directory, now: () => scheduler.now() }) }),
  });
  const parking = new ParkingService({ calls, lots: () => lots });
  const monitors = new MonitorService({ engine, calls });
  const audited: string[] = [];
  const audit = {
    write: (userId: string | undefined, action: string): void => void audited.push(`${userId} ${action}`),
  };
  const ephemeral: ToldOnce[] = [];
  const onCommitted = (listener: (batch: readonly LoggedEvent[]) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const { store, blobs, rows: roomRecordings } = createRecordingsInMemory();
  const recordings = new RoomRecordings(
    {
      engine,
      calls,
      log: { onCommitted },
      store,
      blobs,
      scheduler,
      publish: (added) => log.append(added).lastSeq,
      minFreeBytes: 0,
      hasBeep: true,
      onError: (error) => warnings.push([error, "a recording failed"]),
    },
    () => started.service,
  );
  const started = startConferences({
    calls,
    rooms: directoryOfRooms,
    extensions: directory,
    publish: (added) => log.append(added).lastSeq,
    scheduler,
    audit,
    recordings,
    watchers: () => ({
      hasFollower: () => true,
      tell: (type, data, audience) => ephemeral.push({ type, data, audience }),
    }),
  });
  const conferences = started.service;
  engine.subscribe((event) => {
    registrations.onTelephony(event);
    started.onTelephony(event);
    calls.onTelephony(event);
    monitors.onTelephony(event);
  });
  await engine.start();
  await engine.perform({
    op: "applyConfiguration",
    configuration: {
      realm: "pbx-x.test",
      trunks: beyond?.trunks ?? [],
      extensions: extensions.map(({ id, number, displayName }) => ({
        extensionId: brandId<ExtensionId>(id),
        number,
        displayName,
        secret: { md5: "", sha256: "" },
        codecPreferences: [],
        maxBindings: 5,
      })),
    },
  });
  const commands = {
    ...createCallCommands({ calls, extensions: directory, bindingsOf }),
    ...started.commands,
    ...createParkingCommands({ calls, parking, extensions: directory, bindingsOf }),
    ...createMonitorCommands({ calls, monitors, extensions: directory, bindingsOf, audit, scheduler }),
  };
  return {
    engine,
    scheduler,
    calls,
    registrations,
    commands,
    monitors,
    audited,
    lots,
    rooms,
    conferences,
    ephemeral,
    roomRecordings,
    queues,
    append: log.append,
    bindingsOf,
    extensions: directory,
    events,
    onCommitted,
    warnings,
    register: (number, registration) =>
      engine.register(brandId<ExtensionId>(idOf(number)), {
        contactUri: `sip:${number}@127.0.0.1:${6000 + counter}`,
        ...registration,
      }),
    settle: async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
    ringingLegs: () => engine.legs().flatMap((leg) => (leg.direction === "dialled" ? [leg.legId] : [])),
    typesOf: (callId) => events.filter((event) => event.callId === callId).map((event) => event.type),
    last: (type) => events.findLast((event) => event.type === type)?.data ?? {},
    as: (number, rights = "own") => ({ via: "command", commandId: "c1", identity: identity(number, rights) }),
  };
}

function identity(number: string, rights: "own" | "all"): Identity {
  return {
    userId: `user-${number}`,
    displayName: number,
    role: rights === "all" ? "supervisor" : "user",
    permissions: new Set(permissions.filter((permission) => rights === "all" || permission.endsWith(".own"))),
    extensionId: idOf(number),
    extensionNumber: number,
    queueIds: [],
    tokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
  };
}

function idOf(number: string): string {
  return `10000000-0000-7000-8000-000000000${number}`;
}

function extension(number: string, displayName: string, changes: Partial<Extension>): Extension {
  return { ...defaultExtension(idOf(number), number, displayName, `user-${number}`), ...changes };
}
