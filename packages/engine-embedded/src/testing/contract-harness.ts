import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ha1 } from "@pbx-x/sip";
import { brandId, type EngineConfiguration, type ExtensionId, type TelephonyEngine } from "@pbx-x/telephony";
import type { ContractHarness } from "@pbx-x/telephony/contract";
import { createEmbeddedEngine } from "../engine.ts";
import { createJumpingScheduler } from "./jumping-scheduler.ts";
import { voices } from "./voice.ts";
import { type PhoneTransport, SocketPhone } from "./socket-phone.ts";

const realm = "contract.test";
const passwordOf = (number: string): string => `secret-of-${number}`;

const configuration: EngineConfiguration = {
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

export interface EmbeddedHarnessOptions {
  readonly transport: PhoneTransport;
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  readonly rtpPorts: { readonly min: number; readonly max: number };
}

/** The embedded engine with phones that reach it over real sockets of the loopback. */
export function createEmbeddedHarness({ transport, tls, rtpPorts }: EmbeddedHarnessOptions): Promise<ContractHarness> {
  const scheduler = createJumpingScheduler();
  const phones: SocketPhone[] = [];
  const nothing = (): void => undefined;
  const engine = createEmbeddedEngine({
    host: "127.0.0.1",
    udpPort: 0,
    tcpPort: 0,
    tlsPort: 0,
    ...(tls !== undefined && { tls }),
    rtpPorts,
    scheduler,
    newId: randomUUID,
    randomText: () => randomBytes(8).toString("hex"),
    nonceSecret: randomBytes(32),
    logger: { debug: nothing, info: nothing, warn: nothing },
  });
  let addresses: Awaited<ReturnType<TelephonyEngine["start"]>> | undefined;
  let opened = 0;
  return Promise.resolve({
    engine: {
      name: engine.name,
      capabilities: engine.capabilities,
      subscribe: (listener) => engine.subscribe(listener),
      start: async () => {
        addresses = await engine.start();
        return addresses;
      },
      perform: (operation) => engine.perform(operation),
      usage: () => engine.usage(),
      stop: () => engine.stop(),
    },
    configuration,
    createPhone: (extension, traits) => {
      const phone = new SocketPhone({
        extension,
        traits,
        transport,
        ...(tls !== undefined && { tls }),
        password: passwordOf(extension.number),
        addresses: () => {
          if (addresses === undefined) throw new Error("the engine has not been started");
          return addresses;
        },
        // Far enough from each other and from the PBX's own tones to be told apart in a tenth of a second.
        nextFrequencyHz: () => {
          const frequencyHz = voices[opened % voices.length] ?? 630;
          opened += 1;
          return frequencyHz;
        },
      });
      phones.push(phone);
      return phone;
    },
    advance: (ms) => scheduler.advance(ms),
    now: () => scheduler.now(),
    async until(condition, what) {
      for (let attempt = 0; attempt < 2000; attempt += 1) {
        if (condition()) return;
        await delay(5);
      }
      throw new Error(`never came: ${what}`);
    },
    async close() {
      await Promise.all(phones.map((phone) => phone.close()));
      scheduler.close();
    },
  });
}
