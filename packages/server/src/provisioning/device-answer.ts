import { z } from "zod";
import { time } from "../rest/answers.ts";
import { type Device, deviceLanguages, deviceLimits, deviceTransports, deviceVendors, parseMac } from "./device.ts";
import { fileNameOf } from "./file-name.ts";
import { passwordsOf } from "./device-secret.ts";
import { phoneTimeZoneNames } from "./time-zones.ts";

const key = z.strictObject({
  number: z.string().regex(/^[0-9*#+]{1,32}$/, "a number as it is dialled"),
  label: z.string().trim().min(1).max(64).exactOptional(),
});
const settings = {
  model: z.string().trim().min(1).max(64).nullable(),
  extensionId: z.string().max(128),
  label: z.string().trim().min(1).max(100).nullable(),
  language: z.enum(deviceLanguages),
  timeZone: z.enum(phoneTimeZoneNames),
  transport: z.enum(deviceTransports).nullable().describe("Null: that of PBXX_PROVISIONING_TRANSPORT."),
  keys: z.array(key).max(deviceLimits.keys).nullable().describe("Lamps; null: one for each colleague."),
};
const mac = z
  .string()
  .max(32)
  .transform((text) => parseMac(text) ?? "")
  .refine((text) => text !== "", "is no MAC address, as in 00:15:65:aa:bb:cc");

export const deviceCreation = z.strictObject({
  mac: z.string().max(32).describe("As in 00:15:65:aa:bb:cc; any notation.").pipe(mac),
  vendor: z.enum(deviceVendors),
  ...settings,
  model: settings.model.optional(),
  label: settings.label.optional(),
  language: settings.language.default("de"),
  timeZone: settings.timeZone.default("Europe/Berlin"),
  transport: settings.transport.optional(),
  keys: settings.keys.optional(),
});

/** `null` takes a value away. */
export const deviceChanges = z.strictObject(settings).partial();

export const deviceAnswer = z
  .object({
    id: z.string(),
    mac: z.string(),
    vendor: z.enum(deviceVendors),
    model: z.string().exactOptional(),
    extensionId: z.string(),
    label: z.string().exactOptional(),
    language: z.enum(deviceLanguages),
    timeZone: z.string(),
    transport: z.enum(deviceTransports).exactOptional().describe("None: that of all."),
    keys: z
      .array(z.object({ number: z.string(), label: z.string().exactOptional() }))
      .readonly()
      .exactOptional()
      .describe("None: the colleagues."),
    file: z.string().describe("What the phone asks for, below `/provision/`."),
    createdAt: time,
    lastFetch: z
      .object({ at: time, address: z.string(), userAgent: z.string().exactOptional() })
      .exactOptional()
      .describe("When the phone got its settings last."),
  })
  .meta({ id: "Device" });

export const deviceSecrets = {
  secret: z.string().describe("For the phone's provisioning menu, with any user; shown this once."),
  path: z.string().describe("The file's address with the secret in it, for phones without such a menu."),
  webPassword: z.string().describe("Of the user admin of the phone's own pages, from its next fetch on."),
};
export const deviceMade = deviceAnswer.extend(deviceSecrets).meta({ id: "DeviceWithSecret" });
export const deviceRotated = z.object(deviceSecrets).meta({ id: "DeviceSecret" });

export function showDevice(device: Device): z.output<typeof deviceAnswer> {
  const { createdAtMs, lastFetch, ...shown } = device;
  return {
    ...shown,
    file: fileNameOf(device.vendor, device.mac),
    createdAt: new Date(createdAtMs).toISOString(),
    ...(lastFetch !== undefined && {
      lastFetch: {
        at: new Date(lastFetch.atMs).toISOString(),
        address: lastFetch.address,
        ...(lastFetch.userAgent !== undefined && { userAgent: lastFetch.userAgent }),
      },
    }),
  };
}

/** Once, when it has just been made. */
export function showDeviceSecret({ vendor, mac: address }: Device, secret: string): z.output<typeof deviceRotated> {
  const path = `/provision/${secret}/${fileNameOf(vendor, address)}`;
  return { secret, path, webPassword: passwordsOf(secret).web };
}
