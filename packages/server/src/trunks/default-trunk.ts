import type { Trunk } from "./trunk.ts";

/** What a trunk is where nothing else is said. */
export const trunkDefaults = {
  isEnabled: true,
  transport: "udp",
  allowedIps: [],
  codecPreferences: [],
  registrationExpirySeconds: 300,
  optionsEnabled: true,
  tlsVerify: true,
} as const satisfies Partial<Trunk>;

/** The trunk of the specification's world ([R12]); disabled, so that nothing is sent anywhere. */
export function demoTrunk(id: string): Trunk {
  return {
    ...trunkDefaults,
    id,
    name: "Telekom SIP-Trunk",
    isEnabled: false,
    trunkType: "register",
    host: "sip.carrier.example",
    username: "+49301234500",
    mainNumber: "+49301234500",
    numberFormat: "+e164",
    maxConcurrentCalls: 10,
  };
}
