import {
  createDigestClient,
  type DigestClient,
  type HeaderField,
  type NameAddr,
  printNameAddr,
  type Remote,
  sipUri,
  type SipUri,
} from "@pbx-x/sip";
import type { DialOperation, TrunkConfiguration } from "@pbx-x/telephony";
import type { DialWay } from "../legs/dial-way.ts";
import type { ResolvedPlace, TrunkPlace } from "./resolve-places.ts";

/** A trunk that says nothing at all to a call is given up after this. */
const firstAnswerMs = 5000;
/** A call whose far side vanished is found out after that (RFC 4028). */
const sessionSeconds = 1800;

/** Where requests are sent: the proxy, where there is one. */
export function placeOf({ host, port, transport, outboundProxy }: TrunkConfiguration): TrunkPlace {
  const place = outboundProxy ?? { host, ...(port !== undefined && { port }) };
  return { ...place, transport };
}

export function remoteOf(configuration: TrunkConfiguration, { address, port }: ResolvedPlace): Remote {
  const { transport, isTlsVerified = true } = configuration;
  const isProven = transport === "tls" && isTlsVerified;
  return { transport, address, port, ...(isProven && { tlsName: placeOf(configuration).host }) };
}

export function credentialsOf(
  { username = "", password = "" }: TrunkConfiguration,
  randomText: () => string,
): DigestClient | undefined {
  return username === "" ? undefined : createDigestClient({ username, password }, randomText);
}

/** The far side itself (`sip:carrier.example`), or somebody there. */
export function trunkUri({ host, port, transport }: TrunkConfiguration, user?: string): SipUri {
  return sipUri({
    ...(user !== undefined && { user }),
    host,
    ...(port !== undefined && { port }),
    params: transport === "udp" ? [] : [["transport", transport]],
  });
}

/** Our address in the far side's domain. */
export function accountUri({ host, fromDomain, username = "" }: TrunkConfiguration, user = username): SipUri {
  return sipUri({ ...(user !== "" && { user }), host: fromDomain ?? host });
}

/** Loose routing through the proxy (RFC 3261 §16.12). */
export function routesOf({ outboundProxy, transport }: TrunkConfiguration): readonly HeaderField[] {
  if (outboundProxy === undefined) return [];
  const params: [string, string | true][] = [["lr", true]];
  if (transport !== "udp") params.unshift(["transport", transport]);
  return [{ name: "Route", value: printNameAddr({ uri: sipUri({ ...outboundProxy, params }), params: new Map() }) }];
}

/** A call to a number behind the trunk: who calls stands in From and P-Asserted-Identity (RFC 3325), private ones in the latter alone. */
export function wayOverTrunk(
  configuration: TrunkConfiguration,
  { caller }: Pick<DialOperation, "caller">,
  number: string,
  remote: Remote,
  credentials: DigestClient | undefined,
): DialWay {
  const { number: callerNumber, name, isPrivate = false } = caller;
  const displayName = name === undefined ? {} : { displayName: name };
  const noParams = new Map<string, string | true>();
  const identity: NameAddr = { ...displayName, uri: accountUri(configuration, callerNumber), params: noParams };
  const from: NameAddr = isPrivate
    ? { displayName: "Anonymous", uri: sipUri({ user: "anonymous", host: "anonymous.invalid" }), params: noParams }
    : { ...identity, uri: accountUri(configuration, configuration.fromUser ?? callerNumber) };
  const target = trunkUri(configuration, number);
  return {
    remote,
    target,
    from,
    to: { uri: target, params: noParams },
    headers: [
      ...routesOf(configuration),
      { name: "P-Asserted-Identity", value: printNameAddr(identity) },
      ...(isPrivate ? [{ name: "Privacy", value: "id" }] : []),
      { name: "Session-Expires", value: String(sessionSeconds) },
    ],
    ...(credentials !== undefined && { credentials }),
    firstAnswerMs,
  };
}
