import { BlockList, isIP } from "node:net";
import { isAskedByItself } from "./device.ts";
import type { KeptDevice } from "./device-book.ts";
import { isDeviceSecret } from "./device-secret.ts";
import type { AskedFile } from "./file-name.ts";

/** A request for a file, as far as it decides whether it is answered. */
export interface FileRequest {
  readonly asked: AskedFile | undefined;
  /** Of the path or of Basic; undefined: neither. */
  readonly secret: string | undefined;
  readonly userAgent: string | undefined;
  /** Where it comes from, as the last proxy tells where there is one. */
  readonly address: string;
  /** It came over TLS, to here or to a proxy on this machine. */
  readonly isEncrypted: boolean;
}

export type FetchDecision =
  | { readonly kind: "serve"; readonly kept: KeptDevice }
  /** Asks for the secret, whatever the file is. */
  | { readonly kind: "challenge" }
  /** The same for everything that is not right ([F5]). */
  | { readonly kind: "not_found" }
  | { readonly kind: "plain_refused" };

export interface FetchContext {
  readonly byMac: (mac: string) => KeptDevice | undefined;
  /** Plain HTTP from everywhere ([F6]). */
  readonly isPlainAllowed: boolean;
}

/** Whether a phone gets its file ([F5], [F6]). */
export function decideFetch(request: FileRequest, { byMac, isPlainAllowed }: FetchContext): FetchDecision {
  const { asked, secret, userAgent, address, isEncrypted } = request;
  if (!isEncrypted && !isPlainAllowed && !isPrivateAddress(address)) return { kind: "plain_refused" };
  if (secret === undefined) return { kind: "challenge" };
  const kept = asked === undefined ? undefined : byMac(asked.mac);
  const isRight = isDeviceSecret(secret, kept?.secretHash);
  if (!isRight || kept === undefined || kept.device.vendor !== asked?.vendor) return { kind: "not_found" };
  return isAskedByItself(userAgent, kept.device.mac) ? { kind: "serve", kept } : { kind: "not_found" };
}

const privateNetworks = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["127.0.0.0", 8],
] as const) {
  privateNetworks.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  privateNetworks.addSubnet(network, bits, "ipv6");
}

/** RFC 1918, RFC 4193, link-local and this machine. */
export function isPrivateAddress(text: string): boolean {
  const address = (text.split("%")[0] ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
  const version = isIP(address);
  return version !== 0 && privateNetworks.check(address, version === 4 ? "ipv4" : "ipv6");
}
