import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMessage } from "../message/parser.ts";
import { createManualScheduler } from "../testing/manual-scheduler.ts";
import { createMemoryNetwork } from "../testing/memory-network.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import type { Transport, TransportName } from "../transport/transport.ts";
import { TransactionLayer } from "./transaction-layer.ts";
import { type RequestTraits, requestOf } from "./transaction-testbench.ts";

interface Scenario {
  readonly seed: number;
  readonly transport: TransportName;
  readonly loss: number;
  readonly duplication: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly requests: readonly {
    readonly method: string;
    /** What the far side answers, and when. */
    readonly answers: readonly { readonly status: number; readonly afterMs: number }[];
  }[];
}

const status = fc.constantFrom(100, 180, 183, 200, 302, 404, 486, 503, 603);
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.nat(),
  transport: fc.constantFrom<TransportName>("udp", "tcp"),
  loss: fc.constantFrom(0, 0.1, 0.3, 0.6, 1),
  duplication: fc.constantFrom(0, 0.3, 1),
  delayMs: fc.nat(1500),
  jitterMs: fc.nat(6000),
  requests: fc.array(
    fc.record({
      method: fc.constantFrom("INVITE", "OPTIONS", "BYE"),
      answers: fc.array(fc.record({ status, afterMs: fc.nat(40_000) }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

/** Runs it to its end; what each request was told, and what is left of both sides. */
function run({ seed, transport, requests, ...conditions }: Scenario) {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler, { seed, ...conditions });
  const random = createSeededRandom(seed);
  const open = (host: string) => {
    const link: Transport = network.open(
      { transport, host, port: 5060 },
      {
        onFlowClosed: () => undefined,
        onMessage: (bytes, remote) => {
          const parsed = parseMessage(bytes);
          if (parsed.ok) layer.receive(parsed.message, remote);
        },
      },
    );
    const layer = new TransactionLayer({
      scheduler,
      send: (bytes, remote, onError) => link.send(bytes, remote, onError),
      onAck: () => undefined,
      newTag: () => "tag",
      onRequest: (server) => {
        const { answers = [] } = requests[server.request.cseq.number] ?? {};
        for (const answer of answers) scheduler.after(answer.afterMs, () => server.respond(answer.status));
        // Whoever takes a request has to answer it in the end.
        scheduler.after(45_000, () => server.respond(500));
      },
    });
    return layer;
  };
  const client = open("192.0.2.7");
  const server = open("192.0.2.8");
  const outcomes = requests.map(({ method }, index) => {
    const seen: string[] = [];
    const traits: RequestTraits = {
      method,
      transport,
      cseq: index,
      branch: `z9hG4bK${random.text()}`,
      callId: `call-${index}`,
    };
    const transaction = client.request(
      requestOf(traits),
      { transport, address: "192.0.2.8", port: 5060 },
      {
        onResponse: (response) => {
          if (response.status >= 200) seen.push(response.status < 300 ? "success" : "refusal");
        },
        onFailure: (failure) => void seen.push(failure),
      },
    );
    // Nobody rings for ever.
    scheduler.after(120_000, () => transaction.cancelled());
    return { method, seen };
  });
  scheduler.drain();
  return { outcomes, left: [client.size, server.size, scheduler.pending()] };
}

test("under any loss, doubling, delay and order every request has one final outcome and nothing is left", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { outcomes, left } = run(scenario);
      for (const { method, seen } of outcomes) {
        // A 2xx of an INVITE may come again: it needs its ACK again.
        const told = method === "INVITE" && seen[0] === "success" ? [...new Set(seen)] : seen;
        expect(told).toHaveLength(1);
      }
      expect(left).toEqual([0, 0, 0]);
    }),
    { numRuns: 300 },
  );
});

test("the same seed gives the same run", () => {
  const scenario: Scenario = {
    seed: 7,
    transport: "udp",
    loss: 0.4,
    duplication: 0.3,
    delayMs: 200,
    jitterMs: 900,
    requests: [
      {
        method: "INVITE",
        answers: [
          { status: 180, afterMs: 100 },
          { status: 486, afterMs: 3000 },
        ],
      },
    ],
  };
  expect(run(scenario)).toEqual(run(scenario));
});
