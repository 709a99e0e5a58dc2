import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dtmfDigits, TelephoneEventReceiver, telephoneEventPayloads } from "./telephone-event.ts";

/** Event, end bit and duration of RFC 4733 section 2.3. */
const event = (digit: string, duration: number, isEnd = false): Uint8Array =>
  Uint8Array.of(dtmfDigits.indexOf(digit), isEnd ? 0x8a : 0x0a, duration >> 8, duration & 0xff);

function press(receiver: TelephoneEventReceiver, digit: string, timestamp: number, durationMs = 100) {
  return telephoneEventPayloads(digit, durationMs).flatMap((payload) => receiver.take(payload, timestamp));
}

describe("payloads of a press", () => {
  it("grow by 20 ms and end three times with the same duration (RFC 4733 section 2.5.1.3)", () => {
    expect(telephoneEventPayloads("5", 60).map((payload) => Buffer.from(payload).toString("hex"))).toEqual([
      "050a00a0",
      "050a0140",
      "050a01e0",
      "058a01e0",
      "058a01e0",
      "058a01e0",
    ]);
  });

  it("every key has its event number of RFC 4733 section 3.2", () => {
    const events = "0123456789*#ABCDabcd".split("").map((digit) => telephoneEventPayloads(digit)[0]?.[0]);
    expect(events).toEqual([...Array.from({ length: 16 }, (_, number) => number), 12, 13, 14, 15]);
  });

  it.each(["", "x", "12", " "])("%j is no key", (text) => {
    expect(telephoneEventPayloads(text)).toEqual([]);
  });

  it("the duration never overflows its 16 bits", () => {
    const last = telephoneEventPayloads("1", 60_000).at(-1) ?? new Uint8Array();
    expect(new DataView(last.buffer).getUint16(2)).toBe(64_000);
  });
});

describe("receiving a press", () => {
  it("is told once, at its first end packet, with its duration", () => {
    const receiver = new TelephoneEventReceiver();
    expect(press(receiver, "5", 1000)).toEqual([{ digit: "5", durationMs: 100 }]);
    expect(receiver.isPressed).toBe(false);
  });

  it("is told once whichever packets are lost, as long as one arrives", () => {
    const kept = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }).filter((all) => all.some(Boolean));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...dtmfDigits.split("")), kept), { minLength: 1, maxLength: 6 }),
        (presses) => {
          const receiver = new TelephoneEventReceiver();
          const told = presses.flatMap(([digit, keep], index) =>
            telephoneEventPayloads(digit)
              .filter((_, at) => keep[at])
              .flatMap((payload) => receiver.take(payload, index * 2000)),
          );
          expect([...told, ...receiver.finish()].map(({ digit }) => digit)).toEqual(presses.map(([digit]) => digit));
        },
      ),
    );
  });

  it("all ends lost: it is told when it is finished from outside, with what is known of its duration", () => {
    const receiver = new TelephoneEventReceiver();
    expect(receiver.take(event("7", 480), 1000)).toEqual([]);
    expect(receiver.isPressed).toBe(true);
    expect(receiver.finish()).toEqual([{ digit: "7", durationMs: 60 }]);
    expect(receiver.finish()).toEqual([]);
    expect(receiver.take(event("7", 640, true), 1000)).toEqual([]);
  });

  it("all ends lost: the next press tells it", () => {
    const receiver = new TelephoneEventReceiver();
    receiver.take(event("7", 480), 1000);
    expect(receiver.take(event("7", 160), 3000)).toEqual([{ digit: "7", durationMs: 60 }]);
  });

  it("the same key twice is two presses", () => {
    const receiver = new TelephoneEventReceiver();
    expect([...press(receiver, "1", 0), ...press(receiver, "1", 1600)]).toHaveLength(2);
  });

  it("packets out of order keep the greatest duration", () => {
    const receiver = new TelephoneEventReceiver();
    receiver.take(event("2", 800), 0);
    receiver.take(event("2", 320), 0);
    expect(receiver.finish()).toEqual([{ digit: "2", durationMs: 100 }]);
  });

  it("an update that comes after the end, or after the next press has ended, is nothing new", () => {
    const receiver = new TelephoneEventReceiver();
    press(receiver, "1", 0);
    expect(receiver.take(event("1", 320), 0)).toEqual([]);
    press(receiver, "2", 2000);
    expect(receiver.take(event("1", 480), 0)).toEqual([]);
    expect(receiver.isPressed).toBe(false);
  });

  it("one end packet alone is a press", () => {
    expect(new TelephoneEventReceiver().take(event("9", 800, true), 5)).toEqual([{ digit: "9", durationMs: 100 }]);
  });

  it("a press longer than a packet can say is one press: its segments follow each other (RFC 4733 section 2.5.1.3)", () => {
    const receiver = new TelephoneEventReceiver();
    const start = 0xffff_0000;
    receiver.take(event("4", 0x8000), start);
    receiver.take(event("4", 0xffff), start);
    expect(receiver.take(event("4", 160), (start + 0xffff) >>> 0)).toEqual([]);
    expect(receiver.take(event("4", 1601, true), (start + 0xffff) >>> 0)).toEqual([{ digit: "4", durationMs: 8392 }]);
  });

  it("another key at the end of a segment is another press", () => {
    const receiver = new TelephoneEventReceiver();
    receiver.take(event("4", 0xffff), 0);
    expect(receiver.take(event("5", 160), 0xffff)).toEqual([{ digit: "4", durationMs: 8192 }]);
  });

  it("presses are told across the wrap of the timestamp", () => {
    const receiver = new TelephoneEventReceiver();
    expect(press(receiver, "1", 0xffff_fff0)).toHaveLength(1);
    expect(press(receiver, "2", 2000)).toHaveLength(1);
  });

  it("flash, other events and short payloads are nothing", () => {
    const receiver = new TelephoneEventReceiver();
    expect(receiver.take(Uint8Array.of(16, 0x8a, 3, 32), 0)).toEqual([]);
    expect(receiver.take(Uint8Array.of(5, 0x8a, 3), 0)).toEqual([]);
    expect(receiver.take(new Uint8Array(), 0)).toEqual([]);
  });

  it("[C50] a new source begins anew: its timestamps say nothing of those before", () => {
    const receiver = new TelephoneEventReceiver();
    expect(receiver.take(event("1", 800, true), 50_000, 1)).toHaveLength(1);
    expect(receiver.take(event("1", 800, true), 49_000, 2)).toEqual([{ digit: "1", durationMs: 100 }]);
    receiver.take(event("2", 480), 60_000, 2);
    expect(receiver.take(event("3", 160), 100, 3)).toEqual([{ digit: "2", durationMs: 60 }]);
  });

  it("[C50] a press whose timestamp is before that of the last one counts: some phones begin their clocks anew", () => {
    const receiver = new TelephoneEventReceiver();
    expect(press(receiver, "*", 85_760)).toHaveLength(1);
    expect(press(receiver, "5", 43_200)).toHaveLength(1);
    expect(receiver.take(event("*", 800, true), 85_760)).toEqual([]);
  });

  it("[C50] events that follow each other in one packet are a press each, however often it comes (RFC 4733 section 2.5.1.5)", () => {
    const receiver = new TelephoneEventReceiver();
    const both = Uint8Array.from([...event("1", 400, true), ...event("2", 160)]);
    expect(receiver.take(both, 1000)).toEqual([{ digit: "1", durationMs: 50 }]);
    expect(receiver.take(both, 1000)).toEqual([]);
    const later = Uint8Array.from([...event("1", 400, true), ...event("2", 480, true)]);
    expect(receiver.take(later, 1000)).toEqual([{ digit: "2", durationMs: 60 }]);
    expect(receiver.take(later, 1000)).toEqual([]);
  });
});
