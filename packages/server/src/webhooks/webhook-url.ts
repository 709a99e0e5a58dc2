import { isIP } from "node:net";
import type { AddressGuard } from "./address-guard.ts";
import { webhookLimits } from "./webhook.ts";

export interface UrlRules {
  readonly isAllowed: AddressGuard;
  /** Plain HTTP is for this machine only, and only where a setting says so. */
  readonly isLoopbackAllowed: boolean;
}

/** What is wrong with an address of a receiver ([R40], [R45]); undefined: nothing. A name is judged when it is connected to. */
export function faultOfUrl(text: string, { isAllowed, isLoopbackAllowed }: UrlRules): string | undefined {
  const url = URL.parse(text);
  if (url === null || text.length > webhookLimits.urlLength) return "a URL, at most 2000 characters";
  if (url.username !== "" || url.password !== "") return "no user or password in the URL; the signature is the proof";
  if (url.hash !== "") return "no #fragment";
  const host = hostOf(url);
  const isLoopback = host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback && isLoopbackAllowed)) {
    return "https only (http to this machine needs PBXX_WEBHOOK_LOOPBACK=on)";
  }
  if (isIP(host) !== 0 && !isAllowed(host)) {
    return "a public address (PBXX_WEBHOOK_NETWORKS allows private networks)";
  }
  return undefined;
}

/** The host without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
