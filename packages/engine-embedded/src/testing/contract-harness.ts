import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EngineAddresses } from "@pbx-x/telephony";
import type { ContractHarness } from "@pbx-x/telephony/contract";
import { Carrier } from "./carrier.ts";
import { createJumpingScheduler } from "./jumping-scheduler.ts";
import { readRecording } from "./read-recording.ts";
import { voices } from "./voice.ts";
import { type PhoneTransport, SocketPhone } from "./socket-phone.ts";
import { createTestEngine, passwordOf, testConfiguration } from "./test-engine.ts";

export interface EmbeddedHarnessOptions {
  readonly transport: PhoneTransport;
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  readonly rtpPorts: { readonly min: number; readonly max: number };
}

/** What goes over the loopback and is worked on has arrived by then. */
const settleMs = 60;

/** The embedded engine with phones that reach it over real sockets of the loopback. */
export function createEmbeddedHarness({ transport, tls, rtpPorts }: EmbeddedHarnessOptions): Promise<ContractHarness> {
  const scheduler = createJumpingScheduler();
  const phones: SocketPhone[] = [];
  const engine = createTestEngine({ scheduler, rtpPorts, ...(tls !== undefined && { tls }) });
  let addresses: EngineAddresses | undefined;
  const carriers: Carrier[] = [];
  let opened = 0;
  let folder: string | undefined;
  const started = (): EngineAddresses => {
    if (addresses === undefined) throw new Error("the engine has not been started");
    return addresses;
  };
  // Far enough from each other and from the PBX's own tones to be told apart in a tenth of a second.
  const nextFrequencyHz = (): number => {
    const frequencyHz = voices[opened % voices.length] ?? 630;
    opened += 1;
    return frequencyHz;
  };
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
      importAudio: (audio) => engine.importAudio(audio),
      usage: () => engine.usage(),
      stop: () => engine.stop(),
    },
    configuration: testConfiguration,
    createPhone: (extension, traits) => {
      const phone = new SocketPhone({
        extension,
        traits,
        transport,
        ...(tls !== undefined && { tls }),
        password: passwordOf(extension.number),
        addresses: started,
        nextFrequencyHz,
      });
      phones.push(phone);
      return phone;
    },
    openCarrier: async () => {
      const carrier = await Carrier.open({ scheduler, addresses: started, nextFrequencyHz });
      carriers.push(carrier);
      return carrier;
    },
    settle: () => delay(settleMs),
    advance: (ms) => scheduler.advance(ms),
    talk: (ms) => delay(ms),
    newFile: () => {
      folder ??= mkdtempSync(join(tmpdir(), "pbx-x-contract-"));
      return join(folder, `${randomUUID()}.wav`);
    },
    recorded: (path) => readRecording(path),
    now: () => scheduler.now(),
    async until(condition, what) {
      for (let attempt = 0; attempt < 2000; attempt += 1) {
        if (condition()) return;
        await delay(5);
      }
      throw new Error(`never came: ${what}`);
    },
    async close() {
      await Promise.all([...phones, ...carriers].map((peer) => peer.close()));
      scheduler.close();
      if (folder !== undefined) await rm(folder, { recursive: true });
    },
  });
}
