import { isIP, isIPv4 } from "node:net";

export interface Place {
  readonly host: string;
  readonly port?: number;
}

/** A name as in DNS, or an address without brackets. */
export function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  return text.length <= 253 && text.split(".").every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(label));
}

/** `host`, `host:port`, `[IPv6]:port`; undefined when it is none of them. */
export function parsePlace(text: string): Place | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? (isIP(text) === 6 ? text : undefined);
  if (host === undefined || !isHost(host)) return undefined;
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return { host, ...(port !== undefined && { port }) };
}

/** An address, or a network as in `192.0.2.0/24`. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
