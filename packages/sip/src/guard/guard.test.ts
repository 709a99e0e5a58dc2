import { describe, expect, test } from "vitest";
import { Guard, type GuardOptions } from "./guard.ts";

const minute = 60_000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const message = bytesOf("REGISTER sip:pbx.test SIP/2.0\r\nUser-Agent: Phone/1.0\r\n\r\n");

function createBench(options: Partial<GuardOptions> = {}) {
  let now = 1_000_000;
  const known = new Set<string>();
  const blocks: { readonly address: string; readonly lengthMs: number; readonly attempts: number }[] = [];
  const guard = new Guard({
    now: () => now,
    isKnown: (address, port) => known.has(`${address}|${port}`),
    onBlocked: ({ address, untilMs, attempts }) => void blocks.push({ address, lengthMs: untilMs - now, attempts }),
    ...options,
  });
  return {
    guard,
    known,
    blocks,
    advance: (ms: number) => {
      now += ms;
    },
    /** How many of `count` messages are looked at. */
    flood: (address: string, count: number, port = 5060) => {
      let admitted = 0;
      for (let index = 0; index < count; index += 1) if (guard.admit(message, address, port)) admitted += 1;
      return admitted;
    },
    fail: (address: string, count: number, user?: (index: number) => string) => {
      for (let index = 0; index < count; index += 1) guard.failed(address, user?.(index));
    },
  };
}

describe("rate of strangers", () => {
  test("40 messages at once, then 20 a second", () => {
    const { flood, advance } = createBench();
    expect(flood("192.0.2.1", 1000)).toBe(40);
    advance(1000);
    expect(flood("192.0.2.1", 1000)).toBe(20);
    advance(50);
    expect(flood("192.0.2.1", 1000)).toBe(1);
    advance(3_600_000);
    expect(flood("192.0.2.1", 1000)).toBe(40);
  });

  test("one stranger's flood takes nothing from another", () => {
    const { flood } = createBench();
    flood("192.0.2.1", 10_000);
    expect(flood("192.0.2.2", 30)).toBe(30);
  });

  test("can be set", () => {
    expect(createBench({ messagesPerSecond: 2 }).flood("192.0.2.1", 100)).toBe(4);
  });

  test("holds for the address, whatever the port", () => {
    const { guard } = createBench();
    let admitted = 0;
    for (let port = 1; port <= 1000; port += 1) if (guard.admit(message, "192.0.2.1", port)) admitted += 1;
    expect(admitted).toBe(40);
  });
});

describe("wrong passwords", () => {
  test("five within a minute block for 15 minutes", () => {
    const { guard, blocks, fail, flood, advance } = createBench();
    fail("192.0.2.1", 4);
    expect([blocks, guard.isBlocked("192.0.2.1")]).toEqual([[], false]);
    fail("192.0.2.1", 1);
    expect(blocks).toEqual([{ address: "192.0.2.1", lengthMs: 15 * minute, attempts: 5 }]);
    expect([guard.isBlocked("192.0.2.1"), flood("192.0.2.1", 10)]).toEqual([true, 0]);
    advance(15 * minute - 1);
    expect(flood("192.0.2.1", 10)).toBe(0);
    advance(1);
    expect([guard.isBlocked("192.0.2.1"), flood("192.0.2.1", 10)]).toEqual([false, 10]);
  });

  test("spread over more than a minute do not", () => {
    const { blocks, fail, advance } = createBench();
    for (let count = 0; count < 20; count += 1) {
      fail("192.0.2.1", 1);
      advance(15_000);
    }
    expect(blocks).toEqual([]);
  });

  test("block four times as long each further time, up to a day", () => {
    const { blocks, fail, advance } = createBench();
    for (let round = 0; round < 6; round += 1) {
      fail("192.0.2.1", 5);
      advance(48 * 60 * minute);
    }
    expect(blocks.map(({ lengthMs }) => lengthMs / minute)).toEqual([15, 60, 240, 960, 1440, 1440]);
  });

  test("are forgotten after a right one; former blocks are not", () => {
    const { guard, blocks, fail, advance } = createBench();
    fail("192.0.2.1", 4);
    guard.succeeded("192.0.2.1");
    fail("192.0.2.1", 4);
    expect(blocks).toEqual([]);
    fail("192.0.2.1", 1);
    advance(20 * minute);
    guard.succeeded("192.0.2.1");
    fail("192.0.2.1", 5);
    expect(blocks.map(({ lengthMs }) => lengthMs / minute)).toEqual([15, 60]);
  });

  test("of one address block no other", () => {
    const { guard, fail, flood } = createBench();
    fail("192.0.2.1", 100);
    expect([guard.isBlocked("192.0.2.2"), flood("192.0.2.2", 10)]).toEqual([false, 10]);
  });
});

describe("unknown users", () => {
  test("ten different ones within 5 minutes block, though slower than five a minute", () => {
    const { blocks, guard, advance } = createBench();
    for (let index = 0; index < 10; index += 1) {
      guard.failed("192.0.2.1", `user-${index}`);
      advance(20_000);
    }
    expect(blocks).toEqual([{ address: "192.0.2.1", lengthMs: 15 * minute, attempts: 10 }]);
  });

  test("the same one again and again counts once", () => {
    const { blocks, guard, advance } = createBench();
    for (let index = 0; index < 30; index += 1) {
      guard.failed("192.0.2.1", "admin");
      advance(20_000);
    }
    expect(blocks).toEqual([]);
  });

  test("are forgotten after 5 minutes", () => {
    const { blocks, guard, advance } = createBench();
    for (let index = 0; index < 30; index += 1) {
      guard.failed("192.0.2.1", `user-${index}`);
      advance(40_000);
    }
    expect(blocks).toEqual([]);
  });
});

describe("scanners", () => {
  test.each([
    "User-Agent: friendly-scanner",
    "user-agent:   sipcli/v1.8",
    "User-Agent: VaxSIPUserAgent/3.1",
    "User-Agent: sundayddr",
    "Server: iWar",
    'From: "sipvicious" <sip:100@1.1.1.1>',
  ])("'%s' gets no answer", (line) => {
    const { guard } = createBench();
    const text = `OPTIONS sip:100@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n${line}\r\n\r\n`;
    expect(guard.admit(bytesOf(text), "192.0.2.1", 5060)).toBe(false);
  });

  test.each([
    "User-Agent: Yealink SIP-T46S",
    "User-Agent: eyeBeam release 1105d",
    "Subject: about sipcli",
    "User-Agent: snom/smap",
  ])("'%s' is a phone", (line) => {
    const { guard } = createBench();
    expect(guard.admit(bytesOf(`OPTIONS sip:x SIP/2.0\r\n${line}\r\n\r\n`), "192.0.2.1", 5060)).toBe(true);
  });
});

describe("registered phones", () => {
  test("are heard whatever others do, though their address was forged and blocked", () => {
    const { guard, known, fail, flood } = createBench();
    known.add("192.0.2.7|5060");
    fail("192.0.2.7", 100);
    expect(guard.isBlocked("192.0.2.7")).toBe(true);
    expect([flood("192.0.2.7", 500), flood("192.0.2.7", 10, 6000)]).toEqual([500, 0]);
  });

  test("are not slowed down for 10 minutes after a right password, from any port of their address", () => {
    const { guard, flood, advance } = createBench();
    guard.succeeded("192.0.2.7");
    expect(flood("192.0.2.7", 1000, 6000)).toBe(1000);
    advance(10 * minute + 1);
    expect(flood("192.0.2.7", 1000, 6000)).toBe(40);
  });

  test("a right password does not lift a block of their address for other ports", () => {
    const { guard, fail, flood } = createBench();
    fail("192.0.2.7", 5);
    guard.succeeded("192.0.2.7");
    expect(flood("192.0.2.7", 10, 6000)).toBe(0);
  });

  test("stay heard in a flood from 100,000 addresses, which fills no more than the table", () => {
    const { guard, known, fail, flood } = createBench({ maxSources: 5000 });
    known.add("192.0.2.7|5060");
    guard.succeeded("192.0.2.7");
    let heard = 0;
    for (let index = 0; index < 100_000; index += 1) {
      const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
      guard.admit(message, address, 5060);
      if (index % 10 === 0) fail(address, 1, () => "x".repeat(10_000));
      if (index % 1000 === 0) heard += flood("192.0.2.7", 1);
    }
    expect([guard.size, heard]).toEqual([5000, 100]);
    expect(flood("192.0.2.7", 200)).toBe(200);
  });
});

test("a flood of new sources does not lift a block", () => {
  const { guard, fail } = createBench({ maxSources: 30 });
  fail("192.0.2.1", 5);
  for (let index = 0; index < 1000; index += 1) guard.admit(message, `10.0.${index >> 8}.${index & 255}`, 5060);
  expect([guard.size, guard.isBlocked("192.0.2.1")]).toEqual([30, true]);
});

test("where all are blocked, the table stays bounded and keeps the latest", () => {
  const { guard, fail } = createBench({ maxSources: 100 });
  for (let index = 0; index < 500; index += 1) fail(`10.0.${index >> 8}.${index & 255}`, 5);
  expect([guard.size, guard.isBlocked("10.0.1.243")]).toEqual([100, true]);
});

test("20,000 sources are remembered", () => {
  const { guard } = createBench();
  for (let index = 0; index < 25_000; index += 1) guard.failed(`10.1.${index >> 8}.${index & 255}`);
  expect(guard.size).toBe(20_000);
});
