import type { EngineAddresses } from "@pbx-x/telephony";
import { createLoginLimiter } from "../auth/login-limiter.ts";
import type { ExtensionDirectory, ExtensionSecret } from "../extensions/extension.ts";
import { hashSipPassword } from "../extensions/sip-secret.ts";
import { ownMailboxNumber, pickupPrefix } from "../routing/route-number.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { Database } from "../storage/open-database.ts";
import type { DeviceTransport } from "./device.ts";
import { createDeviceBook, type DeviceBook, type DeviceDigest, type KeptDevice } from "./device-book.ts";
import type { DeviceRoutesOptions } from "./device-routes.ts";
import { passwordsOf } from "./device-secret.ts";
import { printFile } from "./file-name.ts";
import { grandstreamModelOf } from "./grandstream-keys.ts";
import { codecsOf, keysOf } from "./phone-facts.ts";
import { createProvisioningRoutes, type ProvisioningRoutesOptions } from "./provisioning-routes.ts";

export interface ProvisioningSettings {
  /** Where phones register; undefined: where they fetch their file. */
  readonly server: string | undefined;
  readonly transport: DeviceTransport;
  /** Plain HTTP from everywhere ([F6]). */
  readonly isPlainAllowed: boolean;
}

export interface ProvisioningOptions {
  readonly db: Database;
  readonly extensions: Pick<ExtensionDirectory, "byId" | "all">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly realm: string;
  readonly settings: ProvisioningSettings;
  /** Undefined before the engine has started. */
  readonly sip: () => EngineAddresses | undefined;
  /** Whether phones can check the certificate for SIP. */
  readonly isCertificateChecked: () => Promise<boolean>;
}

export interface Provisioning {
  readonly devices: DeviceBook;
  /** Passwords that phones may register with besides that of their extension ([F3]), by its id. */
  secrets(): ReadonlyMap<string, readonly ExtensionSecret[]>;
  readonly rest: Pick<DeviceRoutesOptions, "devices" | "digestOf">;
  /** Outside of `/api/v1`. */
  readonly routes: ReturnType<typeof createProvisioningRoutes>;
}

/** Wrong tries of one address in a minute. */
const wrongPerMinute = 20;

/** The slice as a whole. */
export async function startProvisioning(options: ProvisioningOptions): Promise<Provisioning> {
  const { extensions, audit, now, realm, settings, sip, isCertificateChecked } = options;
  const devices = await createDeviceBook(options);
  const digestOf = (number: string, secret: string): DeviceDigest => ({
    number,
    realm,
    ...hashSipPassword(number, realm, passwordsOf(secret).sip),
  });

  const fileOf: ProvisioningRoutesOptions["fileOf"] = async (kept, secret, origin, userAgent) => {
    const { device } = kept;
    const extension = extensions.byId(device.extensionId);
    const [server, ports] = [settings.server ?? origin.host, sip()];
    if (extension === undefined || server === undefined || ports === undefined || origin.url === undefined)
      return undefined;
    const { transport, port } = reachable(ports, device.transport ?? settings.transport);
    if (port === undefined) return undefined;
    const isKnown = kept.digest.number === extension.number && kept.digest.realm === realm;
    const digest = isKnown ? kept.digest : digestOf(extension.number, secret);
    const passwords = passwordsOf(secret);
    const file = printFile(device.vendor, {
      mac: device.mac,
      model: device.model ?? grandstreamModelOf(userAgent ?? "") ?? "",
      number: extension.number,
      displayName: extension.displayName,
      server,
      port,
      transport,
      isCertificateChecked: await isCertificateChecked(),
      sipPassword: passwords.sip,
      webPassword: passwords.web,
      codecs: codecsOf(extension),
      voicemailNumber: ownMailboxNumber,
      pickupPrefix,
      keys: keysOf(device, extension, extensions.all()),
      language: device.language,
      timeZone: device.timeZone,
      url: `${origin.url}/provision/`,
      secret,
    });
    const lastFetch = { atMs: now(), address: origin.address, ...(userAgent !== undefined && { userAgent }) };
    await devices.update(device.id, (before) => ({
      ...before,
      // A secret that was made anew in between has a digest of its own.
      ...(before.secretHash === kept.secretHash && { digest }),
      device: { ...before.device, lastFetch },
    }));
    return file;
  };

  return {
    devices,
    secrets: () => {
      const valid = devices.all().filter(({ device, digest }) => {
        return digest.realm === realm && digest.number === extensions.byId(device.extensionId)?.number;
      });
      const groups = Map.groupBy(valid, ({ device }) => device.extensionId);
      const secretOf = ({ digest: { md5, sha256 } }: KeptDevice): ExtensionSecret => ({ md5, sha256 });
      return new Map([...groups].map(([extensionId, group]) => [extensionId, group.map(secretOf)]));
    },
    rest: { devices, digestOf },
    routes: createProvisioningRoutes({
      devices,
      isPlainAllowed: settings.isPlainAllowed,
      fileOf,
      limitWrong: createLoginLimiter({ now, triesPerMinute: wrongPerMinute }),
      audit,
    }),
  };
}

/** The wanted transport where the engine has it, else the next best. */
function reachable(
  ports: EngineAddresses,
  wanted: DeviceTransport,
): { readonly transport: DeviceTransport; readonly port: number | undefined } {
  const order = [wanted, "tls", "tcp", "udp"] as const;
  const transport = order.find((one) => ports[one] !== undefined) ?? wanted;
  return { transport, port: ports[transport] };
}
