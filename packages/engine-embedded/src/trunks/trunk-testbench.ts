import {
  createDigestServer,
  type DigestAlgorithm,
  Endpoint,
  ha1,
  type ServerTransaction,
  type SipRequest,
} from "@pbx-x/sip";
import { createManualScheduler, createMemoryNetwork, createSeededRandom } from "@pbx-x/sip/testing";
import { brandId, type TrunkConfiguration, type TrunkId } from "@pbx-x/telephony";
import type { ResolvedPlace } from "./resolve-places.ts";
import { Trunk } from "./trunk.ts";

const realm = "carrier.test";
const account = { username: "pbx", password: "right" };
const secrets = {
  md5: ha1({ ...account, realm, algorithm: "MD5" }),
  sha256: ha1({ ...account, realm, algorithm: "SHA-256" }),
};

const stepMs = 100;

/** A trunk and its carrier in memory, on a clock that is moved by hand. */
export function createTrunkBench(changes: Partial<TrunkConfiguration> = {}) {
  const scheduler = createManualScheduler();
  const network = createMemoryNetwork(scheduler);
  const random = createSeededRandom(1);
  const randomText = (): string => random.text();
  const requests: SipRequest[] = [];
  const verdicts: string[] = [];
  const bench = {
    scheduler,
    network,
    /** What the carrier got, in order. */
    requests,
    /** What became of the trunk: status, reason, detail. */
    verdicts,
    algorithms: ["MD5"] as readonly DigestAlgorithm[],
    /** What the carrier does with a REGISTER that proved itself, and with OPTIONS. */
    onRegister: (transaction: ServerTransaction): void => accept(transaction, 300),
    onOptions: (transaction: ServerTransaction): void => void transaction.respond(200),
    /** Nonces of challenges that have been used are stale from now on. */
    isStale: false,
    places: [{ address: "192.0.2.2", port: 5060 }] as readonly ResolvedPlace[],
    lookUp: (): Promise<readonly ResolvedPlace[]> => Promise.resolve(bench.places),
    methods: () => requests.map(({ method }) => method),
    /** Lets time pass in small steps, with everything that is waited for in between. */
    async pass(ms: number): Promise<void> {
      for (let left = ms; left >= 0; left -= stepMs) {
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
        scheduler.advance(Math.min(stepMs, left));
      }
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
    accept,
  };

  function accept(transaction: ServerTransaction, seconds: number): void {
    const contact = transaction.request.headers.get("Contact") ?? "";
    const value = contact.replace(/expires=\d+/, `expires=${seconds}`);
    transaction.respond(200, { headers: [{ name: "Contact", value }] });
  }

  const digest = createDigestServer({
    realm,
    secret: new Uint8Array(32),
    now: () => scheduler.now(),
    randomText,
    algorithms: ["MD5", "SHA-256"],
  });
  const carrier = new Endpoint({
    scheduler,
    randomText,
    userAgent: "Carrier",
    onRequest: (transaction) => {
      const { request } = transaction;
      requests.push(request);
      if (request.method === "OPTIONS") return bench.onOptions(transaction);
      const header = request.headers.get("Authorization") ?? "";
      const verdict = digest.verify(header, { method: request.method }, () => secrets);
      if (verdict.ok && !bench.isStale) return bench.onRegister(transaction);
      const isStale = verdict.ok || verdict.reason === "stale";
      if (verdict.ok) bench.isStale = false;
      const values = digest.challenge(isStale).filter((value) => bench.algorithms.some((name) => value.includes(name)));
      transaction.respond(401, { headers: values.map((value) => ({ name: "WWW-Authenticate", value })) });
    },
  });
  for (const host of ["192.0.2.2", "192.0.2.3"]) {
    carrier.add(network.open({ host, port: 5060 }, carrier.events));
  }
  const endpoint = new Endpoint({
    scheduler,
    randomText,
    userAgent: "PBX",
    onRequest: (transaction) => void transaction.respond(481),
  });
  endpoint.add(network.open({ host: "192.0.2.1", port: 5060 }, endpoint.events));
  const configuration: TrunkConfiguration = {
    trunkId: brandId<TrunkId>("trunk"),
    name: "Carrier",
    isEnabled: true,
    trunkType: "register",
    host: "carrier.test",
    transport: "udp",
    ...account,
    allowedIps: [],
    ...changes,
  };
  const trunk = new Trunk({
    endpoint,
    configuration,
    resolve: () => bench.lookUp(),
    randomText,
    random: () => 0,
    probeEveryMs: 30_000,
    onVerdict: ({ status, reason, detail }) => verdicts.push(`${status} ${reason}: ${detail}`),
  });
  return Object.assign(bench, { trunk });
}

export type TrunkBench = ReturnType<typeof createTrunkBench>;
