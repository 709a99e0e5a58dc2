import { brandId, type TrunkConfiguration, type TrunkId } from "@pbx-x/telephony";
import type { Trunk } from "./trunk.ts";
import type { TrunkService } from "./trunk-service.ts";
import { parsePlace } from "./trunk-place.ts";

/** What the engine has to know of the trunks. */
export function trunkConfigurations(trunks: Pick<TrunkService, "all" | "passwordOf">): readonly TrunkConfiguration[] {
  return trunks.all().map((trunk) => toConfiguration(trunk, trunks.passwordOf(trunk.id)));
}

function toConfiguration(trunk: Trunk, password: string | undefined): TrunkConfiguration {
  const { port, username, fromUser, fromDomain, outboundProxy } = trunk;
  const proxy = outboundProxy === undefined ? undefined : parsePlace(outboundProxy);
  return {
    trunkId: brandId<TrunkId>(trunk.id),
    name: trunk.name,
    isEnabled: trunk.isEnabled,
    trunkType: trunk.trunkType,
    host: trunk.host,
    ...(port !== undefined && { port }),
    transport: trunk.transport,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    allowedIps: trunk.allowedIps,
    ...(fromUser !== undefined && { fromUser }),
    ...(fromDomain !== undefined && { fromDomain }),
    ...(proxy !== undefined && { outboundProxy: proxy }),
    codecPreferences: trunk.codecPreferences,
    registrationExpirySeconds: trunk.registrationExpirySeconds,
    isQualified: trunk.optionsEnabled,
    isTlsVerified: trunk.tlsVerify,
  };
}
