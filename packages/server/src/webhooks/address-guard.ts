import { BlockList, isIP, isIPv4 } from "node:net";

export interface AddressGuardOptions {
  /** Networks that are not public and may be reached all the same, as in `10.0.0.0/8`. */
  readonly networks: readonly string[];
  /** This machine may be reached. */
  readonly isLoopbackAllowed: boolean;
}

/** Whether something may be sent to an address ([R45]); what is no address may not. */
export type AddressGuard = (address: string) => boolean;

/** Not public: special-purpose registries of IANA (RFC 6890), multicast, and addresses that carry another one inside. */
const special = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
  ::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
`
  .trim()
  .split(/\s+/);

export function createAddressGuard({ networks, isLoopbackAllowed }: AddressGuardOptions): AddressGuard {
  const refused = listOf(special);
  const allowed = listOf([...networks, ...(isLoopbackAllowed ? ["127.0.0.0/8", "::1/128"] : [])]);
  return (text) => {
    const address = embedded(text);
    const version = isIP(address);
    if (version === 0) return false;
    const family = version === 4 ? "ipv4" : "ipv6";
    return allowed.check(address, family) || !refused.check(address, family);
  };
}

/** An IPv4 address that is written as one of IPv6 is judged as what it is. */
function embedded(text: string): string {
  if (isIP(text) !== 6) return text;
  const { hostname } = new URL(`http://[${text.split("%")[0]}]`);
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  if (mapped === null) return text;
  const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    list.addSubnet(address, Number(bits ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return list;
}
