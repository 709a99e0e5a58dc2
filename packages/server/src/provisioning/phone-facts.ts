import type { Extension } from "../extensions/extension.ts";
import { type Device, type DeviceKey, deviceLimits, type DeviceTransport } from "./device.ts";

/** All that a phone's file says, whoever made the phone ([F8]). */
export interface PhoneFacts {
  readonly mac: string;
  /** As the device says, or the phone itself; empty where neither does. */
  readonly model: string;
  readonly number: string;
  readonly displayName: string;
  readonly server: string;
  readonly port: number;
  readonly transport: DeviceTransport;
  /** The server's certificate can be checked: it is not the self-signed one of the first start. */
  readonly isCertificateChecked: boolean;
  readonly sipPassword: string;
  readonly webPassword: string;
  /** Names as in SDP, the most preferred first. */
  readonly codecs: readonly string[];
  readonly voicemailNumber: string;
  /** Dialled before a number to take its call. */
  readonly pickupPrefix: string;
  readonly keys: readonly Required<DeviceKey>[];
  readonly language: Device["language"];
  readonly timeZone: string;
  /** Where the phone fetches its file again, with a slash at the end. */
  readonly url: string;
  readonly secret: string;
}

const defaultCodecs = ["PCMA", "G722", "PCMU"];

/** The codecs that phones are told, the extension's own first; what no file has a name for is left out. */
export function codecsOf({ codecPreferences }: Pick<Extension, "codecPreferences">): readonly string[] {
  const names = codecPreferences.map((name) => (name.toLowerCase() === "opus" ? "opus" : name.toUpperCase()));
  const known = names.filter((name) => name === "opus" || defaultCodecs.includes(name));
  return known.length > 0 ? known : defaultCodecs;
}

/** The device's own keys, else one for each colleague: the own department where there is one, else everybody. */
export function keysOf(
  { keys }: Pick<Device, "keys">,
  own: Pick<Extension, "id" | "department">,
  everybody: readonly Pick<Extension, "id" | "number" | "displayName" | "department">[],
): readonly Required<DeviceKey>[] {
  const nameOf = (number: string): string => everybody.find((other) => other.number === number)?.displayName ?? number;
  if (keys !== undefined) return keys.map(({ number, label }) => ({ number, label: label ?? nameOf(number) }));
  const others = everybody.filter(({ id }) => id !== own.id);
  const near = others.filter(({ department }) => department !== undefined && department === own.department);
  return (near.length > 0 ? near : others)
    .slice(0, deviceLimits.colleagueKeys)
    .map(({ number, displayName }) => ({ number, label: displayName }));
}
