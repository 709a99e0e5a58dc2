import { describe, expect, test } from "vitest";
import type { Remote, TransportName } from "../transport/transport.ts";
import { createManualScheduler } from "./manual-scheduler.ts";
import { createMemoryNetwork, type MemoryNetwork } from "./memory-network.ts";

function openEnd(network: MemoryNetwork, host: string, transport: TransportName = "udp") {
  const heard: string[] = [];
  const sources: Remote[] = [];
  const closed: string[] = [];
  const link = network.open(
    { transport, host, port: 5060 },
    {
      onMessage: (bytes, remote) => {
        heard.push(new TextDecoder().decode(bytes));
        sources.push(remote);
      },
      onFlowClosed: (flowId) => void closed.push(flowId),
    },
  );
  const errors: string[] = [];
  const say = (text: string, to: string | Remote): void => {
    const remote: Remote = typeof to === "string" ? { transport, address: to, port: 5060 } : to;
    link.send(new TextEncoder().encode(text), remote, ({ message }) => void errors.push(message));
  };
  return { link, heard, sources, closed, errors, say };
}

function runDatagrams(seed: number): readonly string[] {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler, { seed, loss: 0.3, duplication: 0.2, delayMs: 5, jitterMs: 50 });
  const [a, b] = [openEnd(network, "192.0.2.1"), openEnd(network, "192.0.2.2")];
  for (let index = 0; index < 1000; index += 1) a.say(String(index), "192.0.2.2");
  scheduler.drain();
  return b.heard;
}

describe("datagrams", () => {
  test("arrive with their source, after the delay", () => {
    const scheduler = createManualScheduler(0);
    const network = createMemoryNetwork(scheduler, { delayMs: 20 });
    const [a, b] = [openEnd(network, "192.0.2.1"), openEnd(network, "192.0.2.2")];
    a.say("hello", "192.0.2.2");
    scheduler.advance(19);
    expect(b.heard).toEqual([]);
    scheduler.advance(1);
    expect([b.heard, b.sources]).toEqual([["hello"], [{ transport: "udp", address: "192.0.2.1", port: 5060 }]]);
  });

  test("are lost, doubled and overtaken in the shares that were set", () => {
    const heard = runDatagrams(1);
    const different = new Set(heard).size;
    expect(different).toBeGreaterThan(620);
    expect(different).toBeLessThan(780);
    expect(heard.length).toBeGreaterThan(different * 1.1);
    expect(heard.length).toBeLessThan(different * 1.3);
    expect(heard.some((text, index) => Number(text) < Number(heard[index - 1] ?? -1))).toBe(true);
  });

  test("do the same for the same seed, something else for another", () => {
    expect(runDatagrams(2)).toEqual(runDatagrams(2));
    expect(runDatagrams(2)).not.toEqual(runDatagrams(3));
  });

  test("to nobody vanish", () => {
    const scheduler = createManualScheduler(0);
    const a = openEnd(createMemoryNetwork(scheduler), "192.0.2.1");
    a.say("hello", "192.0.2.9");
    scheduler.drain();
    expect(a.errors).toEqual([]);
  });

  test("can be lost one by one", () => {
    const scheduler = createManualScheduler(0);
    const network = createMemoryNetwork(scheduler);
    const [a, b] = [openEnd(network, "192.0.2.1"), openEnd(network, "192.0.2.2")];
    network.drop = ({ bytes }) => bytes.length === 2;
    for (const text of ["a", "bb", "c"]) a.say(text, "192.0.2.2");
    scheduler.drain();
    expect([b.heard, network.sent.map(({ isLost }) => isLost)]).toEqual([
      ["a", "c"],
      [false, true, false],
    ]);
  });
});

describe("connections", () => {
  test("lose and reorder nothing, are used both ways and told when they end", () => {
    const scheduler = createManualScheduler(0);
    const network = createMemoryNetwork(scheduler, { loss: 1, delayMs: 5, jitterMs: 500 });
    const [a, b] = [openEnd(network, "192.0.2.1", "tcp"), openEnd(network, "192.0.2.2", "tcp")];
    for (const text of ["1", "2", "3"]) a.say(text, "192.0.2.2");
    scheduler.drain();
    const [source] = b.sources;
    expect(b.heard).toEqual(["1", "2", "3"]);
    expect(new Set(b.sources.map(({ flowId }) => flowId)).size).toBe(1);
    if (source === undefined) throw new Error("nothing arrived");
    b.say("back", source);
    scheduler.drain();
    expect(a.heard).toEqual(["back"]);
    b.link.closeFlow(source.flowId ?? "");
    expect([a.closed.length, b.closed]).toEqual([1, [source.flowId]]);
    b.say("too late", source);
    scheduler.drain();
    expect(b.errors).toEqual(["no connection"]);
  });

  test("to nobody fail", () => {
    const scheduler = createManualScheduler(0);
    const a = openEnd(createMemoryNetwork(scheduler), "192.0.2.1", "tcp");
    a.say("hello", "192.0.2.9");
    scheduler.drain();
    expect(a.errors).toEqual(["no connection"]);
  });
});

test("a place can be taken once", () => {
  const network = createMemoryNetwork(createManualScheduler(0));
  openEnd(network, "192.0.2.1");
  expect(() => openEnd(network, "192.0.2.1")).toThrow("udp:192.0.2.1:5060 is taken");
});

test("a closed transport sends nothing", async () => {
  const network = createMemoryNetwork(createManualScheduler(0));
  const a = openEnd(network, "192.0.2.1");
  await a.link.close();
  a.say("hello", "192.0.2.2");
  expect([a.errors, network.sent]).toEqual([["the transport is closed"], []]);
});
