import { randomBytes, randomUUID } from "node:crypto";
import { ha1, type Scheduler } from "@pbx-x/sip";
import { brandId, type EngineConfiguration, type ExtensionId, type TelephonyEngine } from "@pbx-x/telephony";
import { createEmbeddedEngine } from "../engine.ts";
import type { EmbeddedEngineOptions, EngineLimits } from "../options.ts";

const realm = "contract.test";
export const passwordOf = (number: string): string => `secret-of-${number}`;

export const testConfiguration: EngineConfiguration = {
  realm,
  extensions: ["200", "201", "202"].map((number) => {
    const parts = { username: number, realm, password: passwordOf(number) };
    return {
      extensionId: brandId<ExtensionId>(`extension-${number}`),
      number,
      displayName: `Phone ${number}`,
      secret: { md5: ha1({ ...parts, algorithm: "MD5" }), sha256: ha1({ ...parts, algorithm: "SHA-256" }) },
      codecPreferences: [],
      maxBindings: 10,
    };
  }),
  trunks: [],
};

export interface TestEngineOptions {
  readonly scheduler: Scheduler;
  readonly rtpPorts: { readonly min: number; readonly max: number };
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  readonly limits?: EngineLimits;
  readonly trunks?: NonNullable<EmbeddedEngineOptions["trunks"]>;
}

/** An engine on free ports of the loopback; `testConfiguration` is still to be applied. */
export function createTestEngine(options: TestEngineOptions): TelephonyEngine {
  const nothing = (): void => undefined;
  return createEmbeddedEngine({
    host: "127.0.0.1",
    udpPort: 0,
    tcpPort: 0,
    tlsPort: 0,
    newId: randomUUID,
    randomText: () => randomBytes(8).toString("hex"),
    nonceSecret: randomBytes(32),
    logger: { debug: nothing, info: nothing, warn: nothing },
    ...options,
  });
}
