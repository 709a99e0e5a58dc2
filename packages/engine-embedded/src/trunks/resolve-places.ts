import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import type { TrunkTransport } from "@pbx-x/telephony";

export interface TrunkPlace {
  readonly host: string;
  readonly port?: number;
  readonly transport: TrunkTransport;
}

export interface ResolvedPlace {
  readonly address: string;
  readonly port: number;
}

/** Where a trunk can be reached, the best place first; empty when its name is not known. Never rejects. */
export type ResolvePlaces = (place: TrunkPlace) => Promise<readonly ResolvedPlace[]>;

/** Places of one name that are kept. */
const maxPlaces = 16;
const services = { udp: "_sip._udp", tcp: "_sip._tcp", tls: "_sips._tcp" } as const;

export function defaultPort(transport: TrunkTransport): number {
  return transport === "tls" ? 5061 : 5060;
}

/** By SRV where no port is given, else by address alone (RFC 3263 §4.2). @param family of the sockets that will be used */
export function createDnsResolver(family: 4 | 6): ResolvePlaces {
  const dns = new Resolver({ timeout: 2000, tries: 2 });

  async function addresses(host: string, port: number): Promise<readonly ResolvedPlace[]> {
    if (isIP(host) !== 0) return [{ address: host, port }];
    try {
      const found = await lookup(host, { all: true, family });
      return found.map(({ address }) => ({ address, port }));
    } catch {
      return [];
    }
  }

  return async ({ host, port, transport }) => {
    if (port !== undefined || isIP(host) !== 0) return addresses(host, port ?? defaultPort(transport));
    // A name without SRV records is the usual case.
    const records = await dns.resolveSrv(`${services[transport]}.${host}`).catch(() => []);
    const sorted = records.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight).slice(0, maxPlaces);
    const found = await Promise.all(sorted.map((record) => addresses(record.name, record.port)));
    const places = found.flat();
    return places.length > 0 ? places.slice(0, maxPlaces) : addresses(host, defaultPort(transport));
  };
}
