import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer, ReceiverStatistics } from "./receiver-statistics.ts";

const step = 160;

/** Packets of 20 ms that arrive as regularly as they were sent, by sequence number. */
function receive(statistics: ReceiverStatistics, sequences: readonly number[], ssrc = 1): void {
  for (const sequence of sequences) {
    const time = sequence * step;
    statistics.take({ ssrc, sequence: sequence & 0xffff, timestamp: time >>> 0, arrival: time >>> 0, bytes: step });
  }
}

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

function after(sequences: readonly number[]): ReceiverStatistics {
  const statistics = new ReceiverStatistics();
  receive(statistics, sequences);
  return statistics;
}

describe("loss", () => {
  it("there is no report before the first packet", () => {
    expect(new ReceiverStatistics().report()).toBeUndefined();
    expect(new ReceiverStatistics()).toMatchObject({ lost: 0, packets: 0, bytes: 0, jitter: 0 });
  });

  it("a whole stream has lost nothing", () => {
    const statistics = after(range(10, 50));
    expect(statistics).toMatchObject({ packets: 50, bytes: 8000, lost: 0, jitter: 0 });
    expect(statistics.report()).toEqual({
      ssrc: 1,
      fractionLost: 0,
      cumulativeLost: 0,
      highestSequence: 59,
      jitter: 0,
    });
  });

  it("gaps are lost packets, their share in parts of 256", () => {
    const statistics = after([1, 2, 4, 5, 6, 8]);
    expect(statistics.lost).toBe(2);
    expect(statistics.report()).toMatchObject({ fractionLost: 64, cumulativeLost: 2, highestSequence: 8 });
  });

  it("the share is that of the time since the last report, the sum that of the whole stream", () => {
    const statistics = after([1, 3, 5, 7]);
    statistics.report();
    receive(statistics, range(8, 10));
    expect(statistics.report()).toMatchObject({ fractionLost: 0, cumulativeLost: 3 });
  });

  it("a packet that comes late is not lost", () => {
    expect(after([1, 2, 4, 5, 3]).lost).toBe(0);
  });

  it("packets twice are counted as received: the sum falls below zero, the share does not (RFC 3550 section A.3)", () => {
    const statistics = after([1, 2, 2, 2, 3]);
    expect(statistics.report()).toMatchObject({ fractionLost: 0, cumulativeLost: -2 });
    expect(statistics.lost).toBe(0);
  });

  it("sequence numbers wrap, and the cycles are counted", () => {
    const statistics = after([...range(65_530, 6), ...range(65_536, 6)]);
    expect(statistics.lost).toBe(0);
    expect(statistics.report()).toMatchObject({ highestSequence: 0x1_0005, cumulativeLost: 0 });
  });

  it("a late packet from before the wrap is no second wrap", () => {
    const statistics = after([65_534, 65_536, 65_535, 65_537]);
    expect(statistics.report()).toMatchObject({ highestSequence: 0x1_0001, cumulativeLost: 0 });
  });

  it("loss, reordering and repetition within bounds give expected less received", () => {
    const stream = fc.record({
      from: fc.nat(0xffff),
      kept: fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
    });
    fc.assert(
      fc.property(stream, ({ from, kept }) => {
        const sent = range(from, kept.length + 2);
        const [first = from, ...rest] = sent.filter((_, index) => kept[index - 1] ?? true);
        const swapped = rest.map((number, index) => rest[index ^ 1] ?? number);
        expect(after([first, ...swapped]).lost).toBe(sent.length - rest.length - 1);
      }),
    );
  });
});

describe("a sender that begins anew", () => {
  it("another SSRC is another stream; what the former one lost stays counted", () => {
    const statistics = after([1, 2, 5]);
    receive(statistics, range(40_000, 5), 2);
    expect(statistics).toMatchObject({ packets: 8, lost: 2, ssrc: 2 });
    expect(statistics.report()).toMatchObject({ ssrc: 2, cumulativeLost: 0, highestSequence: 40_004 });
  });

  it("a jump of the numbers that the next packet confirms is a restart, not 20000 lost packets (RFC 3550 section A.1)", () => {
    const statistics = after([...range(1, 10), ...range(20_000, 10)]);
    expect(statistics.lost).toBe(0);
    expect(statistics.report()).toMatchObject({ highestSequence: 20_009, cumulativeLost: 0 });
  });

  it("one packet with a wild number changes nothing", () => {
    const statistics = after([...range(1, 10), 30_000, ...range(11, 10)]);
    expect(statistics.lost).toBe(0);
    expect(statistics.report()).toMatchObject({ highestSequence: 20 });
  });

  it("a gap below 3000 packets is loss", () => {
    expect(after([1, 2, 3001]).lost).toBe(2998);
  });
});

describe("jitter", () => {
  it("is the running mean of RFC 3550 section A.8", () => {
    const statistics = new ReceiverStatistics();
    const arrivals = [0, 160 + 80, 320, 480 + 160];
    for (const [index, arrival] of arrivals.entries()) {
      statistics.take({ ssrc: 1, sequence: index, timestamp: index * step, arrival, bytes: 0 });
    }
    const first = 80 / 16;
    const second = first + (80 - first) / 16;
    expect(statistics.jitter).toBeCloseTo(second + (160 - second) / 16, 9);
  });

  it("comes near a steady difference and fades without one", () => {
    const statistics = new ReceiverStatistics();
    for (let index = 0; index < 200; index += 1) {
      statistics.take({
        ssrc: 1,
        sequence: index,
        timestamp: index * step,
        arrival: index * step + (index % 2) * 40,
        bytes: 0,
      });
    }
    expect(statistics.jitter).toBeGreaterThan(39);
    for (let index = 200; index < 400; index += 1) {
      statistics.take({ ssrc: 1, sequence: index, timestamp: index * step, arrival: index * step, bytes: 0 });
    }
    expect(statistics.jitter).toBeLessThan(0.1);
  });

  it("the wrap of timestamp or clock is no jitter", () => {
    const statistics = new ReceiverStatistics();
    for (let index = -3; index < 3; index += 1) {
      const arrival = (index * step + 1_000_000) >>> 0;
      statistics.take({ ssrc: 1, sequence: index & 0xffff, timestamp: (index * step) >>> 0, arrival, bytes: 0 });
    }
    expect(statistics.jitter).toBe(0);
  });

  it("key presses, whose packets share one timestamp, are no jitter (RFC 4733 section 2.1)", () => {
    const statistics = after(range(0, 10));
    for (let index = 0; index < 8; index += 1) {
      const arrival = (10 + index) * step;
      statistics.take({ ssrc: 1, sequence: 10 + index, timestamp: 1600, arrival, bytes: 4, isTimed: false });
    }
    receive(statistics, range(18, 10));
    expect(statistics).toMatchObject({ jitter: 0, lost: 0, packets: 28 });
  });

  it("another clock rate begins a new measurement", () => {
    const statistics = after(range(0, 10));
    statistics.changeClock();
    statistics.take({ ssrc: 1, sequence: 10, timestamp: 1600, arrival: 99_999_999, bytes: 0 });
    expect(statistics.jitter).toBe(0);
  });
});

it("serial numbers compare across the wrap (RFC 1982)", () => {
  expect([isNewer(1, 0), isNewer(0, 1), isNewer(5, 5), isNewer(0, 65_535), isNewer(65_535, 0)]).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});
