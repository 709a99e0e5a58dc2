/** Makers whose phones get files ([F4]). */
export const deviceVendors = ["yealink", "snom", "grandstream"] as const;
export type DeviceVendor = (typeof deviceVendors)[number];

export const deviceLanguages = ["de", "en"] as const;
export type DeviceLanguage = (typeof deviceLanguages)[number];

export const deviceTransports = ["udp", "tcp", "tls"] as const;
export type DeviceTransport = (typeof deviceTransports)[number];

export const deviceLimits = {
  /** Devices of one system. */
  devices: 5000,
  /** Keys that watch others, of one device. */
  keys: 40,
  /** The same where they are made of the colleagues. */
  colleagueKeys: 15,
} as const;

/** A key with a lamp that watches a number and takes its calls. */
export interface DeviceKey {
  readonly number: string;
  readonly label?: string;
}

/** A desk phone that fetches its settings ([F1]). */
export interface Device {
  readonly id: string;
  /** Twelve small hexadecimal digits. */
  readonly mac: string;
  readonly vendor: DeviceVendor;
  readonly model?: string;
  readonly extensionId: string;
  readonly label?: string;
  readonly language: DeviceLanguage;
  /** IANA name, one of those that phones have a name for. */
  readonly timeZone: string;
  /** Undefined: that of all. */
  readonly transport?: DeviceTransport;
  /** Undefined: the colleagues. */
  readonly keys?: readonly DeviceKey[];
  readonly createdAtMs: number;
  readonly lastFetch?: DeviceFetch;
}

export interface DeviceFetch {
  readonly atMs: number;
  readonly address: string;
  readonly userAgent?: string;
}

/** Any way to write a MAC address as twelve small digits; undefined where it is none. */
export function parseMac(text: string): string | undefined {
  const digits = text.replaceAll(/[:.-]/g, "").toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits : undefined;
}

/** Whether a program that tells a MAC address of its own may ask for this one's file ([F5]). */
export function isAskedByItself(userAgent: string | undefined, mac: string): boolean {
  const told = (userAgent ?? "").match(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b[0-9a-f]{12}\b/gi) ?? [];
  return told.length === 0 || told.some((one) => parseMac(one) === mac);
}
