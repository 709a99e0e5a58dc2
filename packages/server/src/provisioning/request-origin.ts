import type { FastifyRequest } from "fastify";
import { clientAddress, isThisMachine } from "../rest/client-address.ts";
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
export function originOf({ socket, headers }: Pick<FastifyRequest, "socket" | "headers">): RequestOrigin {
  const isProxied = isThisMachine(socket.remoteAddress);
  const last = (name: string): string | undefined => {
    const value = isProxied ? headers[name] : undefined;
    return [value].flat().at(-1)?.split(",").at(-1)?.trim();
  };
  const isEncrypted = last("x-forwarded-proto") === "https";
  const authority = last("x-forwarded-host") ?? headers.host ?? "";
  const place = parsePlace(authority);
  return {
    address: clientAddress({ socket, headers }),
    isEncrypted,
    host: place?.host,
    url: place === undefined ? undefined : `${isEncrypted ? "https" : "http"}://${authority}`,
  };
}
