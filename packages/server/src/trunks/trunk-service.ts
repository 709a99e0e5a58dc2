import type { TelephonyEvent } from "@pbx-x/telephony";
import type { Cause } from "../calls/decision.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { Database } from "../storage/open-database.ts";
import { createTurns } from "../storage/turns.ts";
import type { Trunk, TrunkChange, TrunkDirectory, TrunkState } from "./trunk.ts";
import { errorOf, trunkStatusChanged } from "./trunk-events.ts";

export interface TrunkServiceOptions {
  readonly db: Database;
  readonly now: () => number;
  readonly publish: (events: readonly NewEvent[]) => void;
}

export type TrunkSettings = { readonly [K in keyof Omit<Trunk, "id">]?: Trunk[K] | undefined };
export type TrunkOutcome =
  | { readonly ok: true; readonly trunk: Trunk }
  | { readonly ok: false; readonly error: "unknown_trunk" | "name_taken" };

export interface TrunkService extends TrunkDirectory {
  /** For the engine alone. */
  passwordOf(id: string): string | undefined;
  /** Told by an event only where somebody caused it; what a fresh database is filled with needs none. */
  create(trunk: Trunk, password?: string, cause?: Cause): Promise<TrunkOutcome>;
  /** Undefined values in `changes` take the field away; an empty password takes the password away. */
  update(id: string, changes: TrunkSettings, cause: Cause, password?: string): Promise<TrunkOutcome>;
  /** False: there is no such trunk. */
  remove(id: string, cause: Cause): Promise<boolean>;
  /** What the engine found out about its trunks ([V4]). */
  onTelephony(event: TelephonyEvent): void;
}

/** The trunks: read from memory, written to the database first. */
export async function createTrunkService({ db, now, publish }: TrunkServiceOptions): Promise<TrunkService> {
  const byId = new Map<string, Trunk>();
  const passwords = new Map<string, string>();
  const states = new Map<string, TrunkState>();
  const listeners = new Set<(change: TrunkChange) => void>();
  const inTurn = createTurns();

  for (const { record_json, password } of await db.selectFrom("trunks").selectAll().execute()) {
    // Written by `save` below.
    keep(JSON.parse(record_json) as Trunk, password ?? undefined);
  }

  function keep(trunk: Trunk, password: string | undefined): void {
    const before = byId.get(trunk.id);
    byId.set(trunk.id, trunk);
    if (password === undefined) passwords.delete(trunk.id);
    else passwords.set(trunk.id, password);
    if (before?.isEnabled !== trunk.isEnabled) states.set(trunk.id, newState(trunk, now()));
  }

  async function save(trunk: Trunk, password: string | undefined): Promise<void> {
    const row = {
      name: trunk.name,
      record_json: JSON.stringify(trunk),
      password: password ?? null,
      updated_at: now(),
    };
    await db
      .insertInto("trunks")
      .values({ id: trunk.id, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    const before = byId.get(trunk.id);
    keep(trunk, password);
    tell({ ...(before && { before }), after: trunk });
  }

  function tell(change: TrunkChange): void {
    for (const listener of listeners) listener(change);
  }

  function isNameTaken(name: string, exceptId?: string): boolean {
    return [...byId.values()].some((trunk) => trunk.name === name && trunk.id !== exceptId);
  }

  function stateOf(id: string): TrunkState {
    return states.get(id) ?? { status: "inactive", sinceMs: now() };
  }

  return {
    byId: (id) => byId.get(id),
    all: () => [...byId.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    passwordOf: (id) => passwords.get(id),
    statusOf: (id) => states.get(id),
    isDown: (id) => {
      const state = states.get(id);
      return state?.status === "inactive" && state.reason !== undefined;
    },
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    create: (trunk, password, cause) =>
      inTurn(async () => {
        if (isNameTaken(trunk.name)) return { ok: false, error: "name_taken" };
        await save(trunk, password);
        if (cause !== undefined) {
          publish([trunkStatusChanged({ trunk, before: "inactive", state: stateOf(trunk.id), cause })]);
        }
        return { ok: true, trunk };
      }),
    update: (id, changes, cause, password) =>
      inTurn(async () => {
        const before = byId.get(id);
        if (before === undefined) return { ok: false, error: "unknown_trunk" };
        const { status } = stateOf(id);
        const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined);
        // A record with optional fields replaced by values of their own types, or taken out.
        const after = Object.fromEntries(merged) as unknown as Trunk;
        if (isNameTaken(after.name, id)) return { ok: false, error: "name_taken" };
        const kept = password === undefined ? passwords.get(id) : password === "" ? undefined : password;
        await save(after, kept);
        // A trunk that is enabled is told again when something is known of it; what was known counts no more.
        const isTold = before.name !== after.name || before.isEnabled !== after.isEnabled;
        if (isTold) publish([trunkStatusChanged({ trunk: after, before: status, state: stateOf(id), cause })]);
        return { ok: true, trunk: after };
      }),
    remove: (id, cause) =>
      inTurn(async () => {
        const before = byId.get(id);
        if (before === undefined) return false;
        const { status } = stateOf(id);
        await db.deleteFrom("trunks").where("id", "=", id).execute();
        byId.delete(id);
        passwords.delete(id);
        states.delete(id);
        tell({ before });
        const state = { status: "inactive", reason: "disabled" } as const;
        publish([trunkStatusChanged({ trunk: before, before: status, state, cause, isDeleted: true })]);
        return true;
      }),
    onTelephony: (event) => {
      if (event.type !== "trunkStatusChanged") return;
      const { trunkId, status, reason, detail } = event;
      const trunk = byId.get(trunkId);
      // What an administrator switched off was told when it was done.
      if (trunk?.isEnabled !== true || reason === "disabled") return;
      const before = stateOf(trunkId);
      if (before.status === status && before.reason === reason) return;
      const state: TrunkState = { status, reason, ...errorOf(reason, detail), sinceMs: now() };
      states.set(trunkId, state);
      publish([trunkStatusChanged({ trunk, before: before.status, state, cause: { via: "system" } })]);
    },
  };
}

function newState({ isEnabled }: Trunk, sinceMs: number): TrunkState {
  return { status: "inactive", ...(!isEnabled && { reason: "disabled" as const }), sinceMs };
}
