import { describe, expect, test } from "vitest";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { printUri } from "../message/uri.ts";
import { createManualScheduler } from "../testing/manual-scheduler.ts";
import { createMemoryNetwork } from "../testing/memory-network.ts";
import { Phone } from "../testing/phone.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import type { Transport, TransportName } from "../transport/transport.ts";
import { Endpoint, type EndpointOptions } from "./endpoint.ts";
import { openTwoPhones } from "./two-phones-testbench.ts";

const stranger = { transport: "udp", address: "192.0.2.9", port: 4000 } as const;

/** An endpoint at 192.0.2.2 that answers 200, and a bare transport of a stranger at 192.0.2.9:4000. */
function openBench(options: Partial<EndpointOptions> = {}) {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler);
  const random = createSeededRandom(5);
  const requests: SipRequest[] = [];
  const endpoint = new Endpoint({
    scheduler,
    randomText: () => random.text(),
    userAgent: "Server",
    onRequest: (transaction) => {
      requests.push(transaction.request);
      transaction.respond(200, { toTag: "server" });
    },
    ...options,
  });
  endpoint.add(network.open({ host: "192.0.2.2", port: 5060 }, endpoint.events));
  const heard: string[] = [];
  const link: Transport = network.open(
    { host: stranger.address, port: stranger.port },
    { onMessage: (bytes) => void heard.push(new TextDecoder().decode(bytes)), onFlowClosed: () => undefined },
  );
  function say(text: string): readonly string[] {
    const before = heard.length;
    const bytes = new TextEncoder().encode(text.replaceAll("\n", "\r\n"));
    link.send(bytes, { transport: "udp", address: "192.0.2.2", port: 5060 }, () => undefined);
    scheduler.advance(0);
    return heard.slice(before);
  }
  return { scheduler, network, endpoint, requests, say };
}

const optionsText = (via: string, more = ""): string => `OPTIONS sip:192.0.2.2 SIP/2.0
Via: ${via}
From: <sip:a@b.test>;tag=1
To: <sip:b@b.test>
Call-ID: c1
CSeq: 1 OPTIONS
${more}Content-Length: 0

`;

describe("where a request came from (RFC 3261 §18.2.1, RFC 3581)", () => {
  test.each([
    ["SIP/2.0/UDP 192.0.2.9:4000;branch=z9hG4bK1", "SIP/2.0/UDP 192.0.2.9:4000;branch=z9hG4bK1"],
    ["SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1", "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1;received=192.0.2.9"],
    ["SIP/2.0/UDP phone.test;branch=z9hG4bK1", "SIP/2.0/UDP phone.test;branch=z9hG4bK1;received=192.0.2.9"],
    [
      "SIP/2.0/UDP 10.0.0.5;rport;branch=z9hG4bK1",
      "SIP/2.0/UDP 10.0.0.5;rport=4000;branch=z9hG4bK1;received=192.0.2.9",
    ],
    [
      "SIP/2.0/UDP 192.0.2.9:4000;rport;branch=z9hG4bK1",
      "SIP/2.0/UDP 192.0.2.9:4000;rport=4000;branch=z9hG4bK1;received=192.0.2.9",
    ],
  ])("'%s' is answered with '%s'", (via, expected) => {
    const [answer] = openBench().say(optionsText(via));
    expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(/^Via: (.*)\r$/m.exec(answer ?? "")?.[1]).toBe(expected);
  });

  test("the other Vias stay below, in their order", () => {
    const vias = "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2";
    const [answer] = openBench().say(optionsText(vias, "Via: SIP/2.0/UDP 10.0.0.3;branch=z9hG4bK3\n"));
    const found = [...(answer ?? "").matchAll(/^Via: SIP\/2\.0\/UDP (10\.0\.0\.\d)/gm)].map(([, host]) => host);
    expect(found).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  });
});

describe("what cannot be read", () => {
  test("is answered 400 where its headers can be, 505 for another version", () => {
    const { say, requests } = openBench();
    const broken = optionsText("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1").replace("CSeq: 1 OPTIONS", "CSeq: 1 INVITE");
    expect(say(broken)[0]).toMatch(/^SIP\/2\.0 400 .*\r\nVia: .*\r\nFrom: .*\r\nTo: .*\r\nCall-ID: c1\r\n/);
    const newer = optionsText("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1").replace(
      "192.0.2.2 SIP/2.0",
      "192.0.2.2 SIP/3.0",
    );
    expect(say(newer)[0]).toMatch(/^SIP\/2\.0 505 /);
    expect(requests).toEqual([]);
  });

  test.each(["", "hello", "\n\n\n", "SIP/2.0 banana\n\n", "OPTIONS sip:x SIP/2.0\n\n", "\u0000".repeat(50)])(
    "%j gets no answer and leaves nothing",
    (text) => {
      const bench = openBench();
      expect(bench.say(text)).toEqual([]);
      expect([bench.endpoint.transactions, bench.requests.length]).toEqual([0, 0]);
    },
  );

  test("an answer that nobody waits for is dropped", () => {
    const bench = openBench();
    const answer =
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP x;branch=z9hG4bK9\nFrom: <sip:a@b>;tag=1\nTo: <sip:b@b>;tag=2\nCall-ID: c\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n";
    expect(bench.say(answer)).toEqual([]);
    expect(bench.endpoint.transactions).toBe(0);
  });

  test("a message that is not admitted gets no answer", () => {
    const seen: string[] = [];
    const bench = openBench({ admit: (_, { address, port }) => seen.push(`${address}:${port}`) > 1 });
    expect(bench.say(optionsText("SIP/2.0/UDP x;branch=z9hG4bK1"))).toEqual([]);
    expect(bench.say(optionsText("SIP/2.0/UDP x;branch=z9hG4bK1"))).toHaveLength(1);
    expect(seen).toEqual(["192.0.2.9:4000", "192.0.2.9:4000"]);
  });
});

describe("what is sent", () => {
  test("has a Via of its own with rport, a branch with the magic cookie, and a User-Agent", async () => {
    const bench = await openTwoPhones();
    const answers = [bench.anna.options(), bench.anna.options()];
    bench.scheduler.advance(0);
    await Promise.all(answers);
    const [one, two] = bench.ben.received.all;
    expect(one?.via[0]).toMatchObject({ transport: "UDP", host: "192.0.2.1", port: 5060 });
    expect(one?.via[0]?.params.has("rport")).toBe(true);
    expect([one, two].map((message) => message?.via[0]?.branch?.startsWith("z9hG4bK"))).toEqual([true, true]);
    expect(one?.via[0]?.branch).not.toBe(two?.via[0]?.branch);
    expect([one?.headers.get("User-Agent"), one?.headers.get("Max-Forwards")]).toEqual(["Test phone", "70"]);
  });

  test("tells the public address where there is one", () => {
    const bench = openBench({ publicAddress: "203.0.113.7" });
    const remote = { transport: "udp", address: "192.0.2.9", port: 4000 } as const;
    expect(printUri(bench.endpoint.contactUri(remote, "pbx"))).toBe("sip:pbx@203.0.113.7:5060");
  });

  test.each([
    ["udp", "sip:192.0.2.2:5060"],
    ["tcp", "sip:192.0.2.2:5070;transport=tcp"],
    ["tls", "sip:192.0.2.2:5070;transport=tls"],
    ["wss", "sip:192.0.2.2:5070;transport=ws"],
  ] as const)("a Contact for %s is %s", (transport, uri) => {
    const { endpoint, network } = openBench();
    if (transport !== "udp") endpoint.add(network.open({ transport, host: "192.0.2.2", port: 5070 }, endpoint.events));
    expect(printUri(endpoint.contactUri({ transport, address: "192.0.2.9", port: 1 }))).toBe(uri);
  });
});

describe("too long for a datagram (RFC 3261 §18.1.1)", () => {
  async function openBig(servers: readonly TransportName[]) {
    const scheduler = createManualScheduler(0);
    const network = createMemoryNetwork(scheduler);
    const random = createSeededRandom(9);
    const phone = (user: string, host: string, other: string, names: readonly TransportName[]) =>
      Phone.open({
        scheduler,
        randomText: () => random.text(),
        user,
        server: { transport: "udp", address: other, port: 5060 },
        transports: names.map((transport) => (events) => network.open({ transport, host, port: 5060 }, events)),
      });
    const anna = await phone("anna", "192.0.2.1", "192.0.2.2", ["udp", "tcp"]);
    const ben = await phone("ben", "192.0.2.2", "192.0.2.1", servers);
    ben.onRequest = (transaction) => void transaction.respond(200);
    return { scheduler, network, anna, ben };
  }
  const message = (anna: Phone, bytes: number): Promise<SipResponse> =>
    anna.request("MESSAGE", { to: "ben", body: "x".repeat(bytes) });

  test("goes by TCP, with TCP in its Via", async () => {
    const { scheduler, network, anna, ben } = await openBig(["udp", "tcp"]);
    const answer = message(anna, 1200);
    scheduler.advance(0);
    expect((await answer).status).toBe(200);
    expect(network.sent.map(({ from }) => from.transport)).toEqual(["tcp", "tcp"]);
    expect(ben.received.all[0]?.via[0]?.transport).toBe("TCP");
  });

  test("goes as a datagram after all where the far side has no TCP", async () => {
    const { scheduler, network, anna, ben } = await openBig(["udp"]);
    const answer = message(anna, 1200);
    scheduler.advance(0);
    expect((await answer).status).toBe(200);
    expect(network.sent.map(({ from }) => from.transport)).toEqual(["udp", "udp"]);
    expect(ben.received.all[0]?.via[0]?.transport).toBe("UDP");
  });

  test("begins above 1,300 bytes, header fields counted as well as the body", async () => {
    const { scheduler, network, anna } = await openBig(["udp", "tcp"]);
    const sizes: (readonly [string, number])[] = [];
    for (let bytes = 600; bytes < 1200; bytes += 50) {
      const answers = [
        message(anna, bytes),
        anna.request("MESSAGE", { to: "ben", headers: [{ name: "X", value: "y".repeat(bytes) }] }),
      ];
      scheduler.advance(0);
      await Promise.all(answers);
    }
    for (const { from, bytes } of network.sent) {
      if (new TextDecoder().decode(bytes).startsWith("MESSAGE")) sizes.push([from.transport, bytes.length]);
    }
    const largestByUdp = Math.max(...sizes.filter(([name]) => name === "udp").map(([, size]) => size));
    const smallestByTcp = Math.min(...sizes.filter(([name]) => name === "tcp").map(([, size]) => size));
    expect(largestByUdp).toBeLessThanOrEqual(1300);
    expect(smallestByTcp).toBeGreaterThan(1150);
  });

  test("stays a datagram where we have no TCP ourselves", async () => {
    const bench = await openTwoPhones();
    bench.ben.onRequest = (transaction) => void transaction.respond(200);
    const answer = message(bench.anna, 3000);
    bench.scheduler.advance(0);
    expect((await answer).status).toBe(200);
  });

  test("an INVITE that went as a datagram after all is cancelled there", async () => {
    const { scheduler, network, anna, ben } = await openBig(["udp"]);
    ben.onCall = (call) => call.ring();
    const call = anna.call("ben", { body: "x".repeat(1500) });
    scheduler.advance(100);
    call.cancel();
    scheduler.advance(0);
    expect(call.events.all.at(-1)).toMatchObject({ type: "refused", status: 487 });
    const [invite, cancel] = ben.received.all;
    expect(cancel?.via).toEqual(invite?.via);
    expect(network.sent.every(({ from }) => from.transport === "udp")).toBe(true);
  });
});

test("a connection that ends is told", () => {
  const closed: string[] = [];
  const { endpoint, network, scheduler } = openBench({ onFlowClosed: (flowId) => void closed.push(flowId) });
  endpoint.add(network.open({ transport: "tcp", host: "192.0.2.2", port: 5060 }, endpoint.events));
  const link = network.open(
    { transport: "tcp", host: "192.0.2.9" },
    { onMessage: () => undefined, onFlowClosed: () => undefined },
  );
  link.send(new Uint8Array([1]), { transport: "tcp", address: "192.0.2.2", port: 5060 }, () => undefined);
  scheduler.advance(0);
  void link.close();
  expect(closed).toHaveLength(1);
});

test("closing leaves no transaction, dialog or task", async () => {
  const bench = await openTwoPhones();
  await bench.connected();
  bench.anna.call("ben");
  bench.scheduler.advance(0);
  await Promise.all([bench.anna.close(), bench.ben.close()]);
  bench.scheduler.advance(0);
  expect(bench.left().slice(0, 4)).toEqual([0, 0, 0, 0]);
});
