import type { FastifyRequest } from "fastify";
import { parsePlace } from "../trunks/trunk-place.ts";

/** Where a request comes from and which address it was sent to. */
export interface RequestOrigin {
  readonly address: string;
  readonly isEncrypted: boolean;
  /** Host name as the phone knows it, without port; undefined where it makes no sense. */
  readonly host: string | undefined;
  /** As in `https://pbx.example`. */
  readonly url: string | undefined;
}

/** Only a proxy on this machine is believed what it says of others. */
export function originOf({ ip, headers }: Pick<FastifyRequest, "ip" | "headers">): RequestOrigin {
  const isProxied = isThisMachine(ip);
  const last = (name: string): string | undefined => {
    const value = isProxied ? headers[name] : undefined;
    return [value].flat().at(-1)?.split(",").at(-1)?.trim();
  };
  const isEncrypted = last("x-forwarded-proto") === "https";
  const authority = last("x-forwarded-host") ?? headers.host ?? "";
  const place = parsePlace(authority);
  return {
    address: last("x-forwarded-for") ?? ip,
    isEncrypted,
    host: place?.host,
    url: place === undefined ? undefined : `${isEncrypted ? "https" : "http"}://${authority}`,
  };
}

function isThisMachine(ip: string): boolean {
  return ip === "::1" || ip.replace(/^::ffff:/, "").startsWith("127.");
}
