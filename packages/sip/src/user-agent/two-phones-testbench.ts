import { createManualScheduler } from "../testing/manual-scheduler.ts";
import { createMemoryNetwork, type NetworkConditions } from "../testing/memory-network.ts";
import { Phone } from "../testing/phone.ts";
import type { PhoneCall, PhoneCallEvent } from "../testing/phone-call.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import type { TransportName } from "../transport/transport.ts";

export interface TwoPhonesOptions extends NetworkConditions {
  readonly seed?: number;
  readonly transport?: TransportName;
}

/** Anna (192.0.2.1) and Ben (192.0.2.2) without anything between them, on a network and a clock of their own. */
export async function openTwoPhones({ seed = 1, transport = "udp", ...conditions }: TwoPhonesOptions = {}) {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler, { seed, ...conditions });
  const random = createSeededRandom(seed);
  const open = (user: string, host: string, other: string): Promise<Phone> =>
    Phone.open({
      scheduler,
      randomText: () => random.text(),
      user,
      server: { transport, address: other, port: 5060 },
      transports: [(events) => network.open({ transport, host, port: 5060 }, events)],
    });
  const anna = await open("anna", "192.0.2.1", "192.0.2.2");
  const ben = await open("ben", "192.0.2.2", "192.0.2.1");

  /** Anna's call with Ben, answered and acknowledged, on both sides. */
  async function connected(): Promise<{ readonly mine: PhoneCall; readonly theirs: PhoneCall }> {
    const mine = anna.call("ben");
    scheduler.advance(0);
    const theirs = await ben.calls.next();
    theirs.answer();
    scheduler.advance(0);
    await theirs.events.next(({ type }) => type === "confirmed");
    await mine.events.next(({ type }) => type === "answered");
    return { mine, theirs };
  }

  return {
    scheduler,
    network,
    anna,
    ben,
    connected,
    /** Start lines sent so far, each with who sent it: `anna INVITE`, `ben 200`. */
    lines: (): readonly string[] =>
      network.sent.map(({ from, bytes }) => {
        const [first = "", second = ""] = new TextDecoder().decode(bytes).split(" ");
        return `${from.address === "192.0.2.1" ? "anna" : "ben"} ${first.startsWith("SIP/") ? second : first}`;
      }),
    /** What is left over: transactions and dialogs of both, tasks waiting. */
    left: (): readonly number[] => [
      anna.endpoint.transactions,
      ben.endpoint.transactions,
      anna.endpoint.dialogs,
      ben.endpoint.dialogs,
      scheduler.pending(),
    ],
  };
}

export function typesOf(call: PhoneCall): readonly PhoneCallEvent["type"][] {
  return call.events.all.map(({ type }) => type);
}
