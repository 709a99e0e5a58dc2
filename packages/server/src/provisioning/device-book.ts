import type { ExtensionSecret } from "../extensions/extension.ts";
import type { Database } from "../storage/open-database.ts";
import { createTurns } from "../storage/turns.ts";
import { type Device, deviceLimits } from "./device.ts";

/** A device and what is kept of its secret ([F2]). */
export interface KeptDevice {
  readonly device: Device;
  readonly secretHash: string;
  readonly digest: DeviceDigest;
}

/** What the SIP password of a device is checked by; it holds for one number and realm alone. */
export interface DeviceDigest extends ExtensionSecret {
  readonly number: string;
  readonly realm: string;
}

export type DeviceOutcome =
  | { readonly ok: true; readonly kept: KeptDevice }
  | { readonly ok: false; readonly reason: "no_such_device" | "mac_taken" | "too_many" };

/** The devices: read from memory, written to the database first. */
export interface DeviceBook {
  byId(id: string): KeptDevice | undefined;
  byMac(mac: string): KeptDevice | undefined;
  /** By their MAC addresses. */
  all(): readonly KeptDevice[];
  create(kept: KeptDevice): Promise<DeviceOutcome>;
  update(id: string, change: (before: KeptDevice) => KeptDevice): Promise<DeviceOutcome>;
  remove(id: string): Promise<DeviceOutcome>;
  /** After a change of what phones may register with. */
  onSecretsChanged(listener: () => void): () => void;
}

export interface DeviceBookOptions {
  readonly db: Database;
  readonly now: () => number;
}

export async function createDeviceBook({ db, now }: DeviceBookOptions): Promise<DeviceBook> {
  const inTurn = createTurns();
  const listeners = new Set<() => void>();
  const byId = new Map<string, KeptDevice>();
  const byMac = new Map<string, KeptDevice>();
  const keep = (kept: KeptDevice): void => {
    byId.set(kept.device.id, kept);
    byMac.set(kept.device.mac, kept);
  };
  for (const row of await db.selectFrom("devices").selectAll().execute()) {
    // Written by `save` below.
    const [device, digest] = [JSON.parse(row.record_json) as Device, JSON.parse(row.digest_json) as DeviceDigest];
    keep({ device, secretHash: row.secret_hash, digest });
  }
  const save = async (kept: KeptDevice, before: KeptDevice | undefined): Promise<DeviceOutcome> => {
    const { device, secretHash, digest } = kept;
    const row = {
      record_json: JSON.stringify(device),
      secret_hash: secretHash,
      digest_json: JSON.stringify(digest),
      updated_at: now(),
    };
    await db
      .insertInto("devices")
      .values({ id: device.id, mac: device.mac, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    keep(kept);
    if (before?.digest !== digest || before.device.extensionId !== device.extensionId) tell();
    return { ok: true, kept };
  };
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    byId: (id) => byId.get(id),
    byMac: (mac) => byMac.get(mac),
    all: () => [...byId.values()].toSorted((a, b) => a.device.mac.localeCompare(b.device.mac)),
    onSecretsChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    create: (kept) =>
      inTurn(async () => {
        if (byMac.has(kept.device.mac)) return { ok: false, reason: "mac_taken" };
        if (byId.size >= deviceLimits.devices) return { ok: false, reason: "too_many" };
        return save(kept, undefined);
      }),
    update: (id, change) =>
      inTurn(async () => {
        const before = byId.get(id);
        if (before === undefined) return { ok: false, reason: "no_such_device" };
        const after = change(before);
        const { mac } = before.device;
        return save({ ...after, device: { ...after.device, id, mac } }, before);
      }),
    remove: (id) =>
      inTurn(async () => {
        const kept = byId.get(id);
        if (kept === undefined) return { ok: false, reason: "no_such_device" };
        await db.deleteFrom("devices").where("id", "=", id).execute();
        byId.delete(id);
        byMac.delete(kept.device.mac);
        tell();
        return { ok: true, kept };
      }),
  };
}
