import { createHmac } from "node:crypto";
import { BlockList, isIP, isIPv4 } from "node:net";
import { type NameAddr, parseNameAddr, parseNameAddrList, type Remote, type SipRequest, type Uri } from "@pbx-x/sip";
import type { PartyIdentity, TrunkConfiguration } from "@pbx-x/telephony";
import type { ResolvedPlace } from "./resolve-places.ts";

/** What tells a trunk's calls from others. */
export interface TrunkSource {
  readonly configuration: TrunkConfiguration;
  /** As resolved last. */
  readonly places: readonly ResolvedPlace[];
  readonly allowed: BlockList;
  /** Unguessable parameter of the Contact that we registered. */
  readonly line: string;
}

export function allowedAddresses(ips: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of ips) {
    const [address = "", prefix] = text.split("/");
    const family = familyOf(address);
    if (family === undefined) continue;
    const bits = Number(prefix);
    if (prefix === undefined) list.addAddress(address, family);
    else if (Number.isInteger(bits) && bits >= 0 && bits <= (family === "ipv4" ? 32 : 128)) {
      list.addSubnet(address, bits, family);
    }
  }
  return list;
}

/** Stays the same over restarts, so that the far side keeps one contact of ours; nobody can make it without the password. */
export function lineOf({ trunkId, username = "", password = "" }: TrunkConfiguration): string {
  return createHmac("sha256", `pbx-x line ${password}`).update(`${trunkId} ${username}`).digest("hex").slice(0, 16);
}

/** The place itself, as the guard may know it: of names the exact one, of configured addresses any port. */
export function isPlaceOf({ places, allowed }: TrunkSource, address: string, port: number): boolean {
  return places.some((place) => place.address === address && place.port === port) || isAllowed(allowed, address);
}

/**
 * The trunk that sent an INVITE: the one whose Contact it is addressed to; else those that its source belongs to, of several
 * the one whose account it is addressed to. Undefined for strangers.
 * @param isPhone the source or the From is that of a phone of ours, which may share an address with a trunk
 */
export function senderOf<Source extends TrunkSource>(
  sources: Iterable<Source>,
  request: SipRequest,
  remote: Remote,
  isPhone: (isExactPlace: boolean) => boolean,
): Source | undefined {
  const line = paramOf(request.uri, "line");
  const exact: Source[] = [];
  const wide: Source[] = [];
  for (const source of sources) {
    if (line !== undefined && source.line === line) return source;
    if (source.places.some(({ address, port }) => address === remote.address && port === remote.port)) {
      exact.push(source);
    } else if (
      source.places.some(({ address }) => address === remote.address) ||
      isAllowed(source.allowed, remote.address)
    ) {
      wide.push(source);
    }
  }
  const candidates = exact.length > 0 ? exact : wide;
  if (candidates.length === 0 || isPhone(exact.length > 0)) return undefined;
  const users = [userOf(request.uri), userOf(request.to.uri)];
  return (
    candidates.find(
      ({ configuration: { username } }) => username !== undefined && username !== "" && users.includes(username),
    ) ?? candidates[0]
  );
}

/** Whom it is for: the Request-URI; where that is our own registered Contact, whom it was for before that. */
export function dialledOf({ uri, to, headers }: SipRequest, { username }: TrunkConfiguration): string {
  const user = userOf(uri);
  if (user !== undefined && user !== username) return user;
  const called = parseNameAddr(headers.get("P-Called-Party-ID") ?? "");
  return (called && userOf(called.uri)) ?? userOf(to.uri) ?? user ?? "";
}

/** Who calls, as the trunk's network vouches for it, unless the caller does not want to be known (RFC 3325 §9). */
export function callerOf({ from, headers }: SipRequest): PartyIdentity {
  const asserted = parseNameAddrList(headers.getAll("P-Asserted-Identity")) ?? [];
  const privacy = headers
    .getAll("Privacy")
    .flatMap((value) => value.split(";"))
    .map((value) => value.trim().toLowerCase());
  const isPrivate = ["id", "user", "header"].some((wish) => privacy.includes(wish));
  const best = asserted.find(({ uri }) => isNumber(userOf(uri))) ?? asserted[0];
  if (isPrivate || (best === undefined && isAnonymous(from))) return { number: "anonymous", isPrivate: true };
  const { uri, displayName } = best ?? from;
  const name = displayName ?? asserted.find((other) => other.displayName !== undefined)?.displayName;
  return { number: userOf(uri) ?? "anonymous", ...(name !== undefined && { name }) };
}

/** Without parameters of the number (`+4930;isub=…`). */
export function userOf(uri: Uri): string | undefined {
  const user = uri.scheme === "tel" ? uri.number : uri.scheme === "other" ? undefined : uri.user?.split(";")[0];
  return user === "" ? undefined : user;
}

function isAnonymous({ uri }: NameAddr): boolean {
  const isNowhere = "host" in uri && uri.host === "anonymous.invalid";
  return isNowhere || userOf(uri) === undefined || /^(anonymous|restricted|unavailable)$/i.test(userOf(uri) ?? "");
}

function isNumber(user: string | undefined): boolean {
  return user !== undefined && /^\+?[0-9]+$/.test(user);
}

function paramOf(uri: Uri, name: string): string | undefined {
  const value = uri.scheme === "other" ? undefined : uri.params.get(name);
  return value === true ? undefined : value;
}

function isAllowed(allowed: BlockList, address: string): boolean {
  const family = familyOf(address);
  return family !== undefined && allowed.check(address, family);
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  return isIP(address) === 0 ? undefined : isIPv4(address) ? "ipv4" : "ipv6";
}
