import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import {
  type AnyEvent,
  commands as definitions,
  commit,
  emptyTables,
  events as eventDefinitions,
  isEventType,
  reduce,
  type Snapshot,
  snapshotFromTables,
} from "@pbx-x/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireEvent } from "./src/cti.ts";
import { type Line, type LineState, type RandomPhone, startRandomPhone } from "./src/random-phone.ts";
import { startWorld, type World } from "./src/world.ts";

const numbers = ["200", "201", "202", "100"] as const;
const commandNames = [
  "originate",
  "answer",
  "reject",
  "hangup",
  "hold",
  "unhold",
  "transferBlind",
  "redirect",
  "consult",
  "transferAttended",
  "cancelTransfer",
  "swap",
  "park",
  "pickup",
] as const;
const pick = fc.nat({ max: 63 });
const to = fc.constantFrom(...numbers, "701", "**201", "999", "300", "400", "*98201");
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("talk" as const), pick, other: pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("dial" as const), pick, to }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "ring",
        "answer",
        "answer",
        "reject",
        "hangup",
        "hold",
        "inactive",
        "unhold",
        "refer",
        "join",
      ),
      pick,
      to,
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({ do: fc.constant("command" as const), name: fc.constantFrom(...commandNames), pick, to }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), pick }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The same wishes each time, as far as real phones allow; `PROPERTY_RUNS=5 PROPERTY_SEED=7` explores others. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 1) * 8;
const seed = Number(process.env["PROPERTY_SEED"] ?? 1);
const voice = createSocket("udp4");
let world: World;
let phones: RandomPhone[] = [];
const waiting: Promise<void>[] = [];

beforeAll(async () => {
  voice.bind(0, "127.0.0.1");
  await once(voice, "listening");
  world = await startWorld({ env: { PBXX_RING_TIMEOUT_SECONDS: "4" } });
});
afterAll(async () => {
  await Promise.all(phones.map((phone) => phone.kill()));
  await world?.stop();
  voice.close();
});

const start = (number: string) => startRandomPhone(world.user(number), world.pbx.udp, voice.address().port);
const lines = (...states: readonly LineState[]): readonly Line[] =>
  phones.flatMap((phone) => phone.lines.filter(({ state }) => states.includes(state)));
function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items[index % Math.max(1, items.length)];
}

async function act(wish: Step): Promise<void> {
  switch (wish.do) {
    case "talk": {
      const caller = at(phones, wish.pick);
      const other = at(numbers, wish.other);
      if (caller === undefined || other === undefined || other === caller.number) return;
      const before = new Set(lines("incoming"));
      caller.dial(other);
      for (let turn = 0; turn < 40 && lines("incoming").every((line) => before.has(line)); turn += 1) await delay(10);
      return lines("incoming")
        .find((line) => !before.has(line))
        ?.answer();
    }
    case "dial":
      return at(phones, wish.pick)?.dial(wish.to);
    case "command":
      return void waiting.push(command(wish.name, wish.pick, wish.to));
    case "kill": {
      const [phone] = phones.splice(wish.pick % phones.length, 1);
      await phone?.kill();
      if (phone !== undefined) phones.push(await start(phone.number));
      return;
    }
    case "ring":
      return at(lines("incoming"), wish.pick)?.ring();
    case "answer":
      return at(lines("incoming"), wish.pick)?.answer();
    case "reject":
      return at(lines("incoming"), wish.pick)?.reject(wish.pick % 2 === 0 ? 486 : 603);
    case "hangup":
      return at(lines("incoming", "outgoing", "talking"), wish.pick)?.hangup();
    case "hold":
      return at(lines("talking"), wish.pick)?.hold("sendonly");
    case "inactive":
      return at(lines("talking"), wish.pick)?.hold("inactive");
    case "unhold":
      return at(lines("talking"), wish.pick)?.hold("sendrecv");
    case "refer":
      return at(lines("talking"), wish.pick)?.refer(wish.to);
    case "join": {
      const mine = at(phones, wish.pick)?.lines.filter(({ state }) => state === "talking") ?? [];
      const [one, two] = mine;
      return one !== undefined && two !== undefined ? one.referTo(two) : undefined;
    }
  }
}

interface ActiveCall {
  readonly callId: string;
  readonly consultFor?: string;
  readonly caller?: { readonly extensionId?: string };
  readonly callee?: { readonly extensionId?: string };
}

const active = async () => ((await world.get("/calls")) as { data: readonly ActiveCall[] }).data;

/** What the administrator sends for one of the parties, or for anybody; an answer has to be one that is defined ([W6]). */
async function command(name: (typeof commandNames)[number], index: number, destination: string): Promise<void> {
  const data = await active();
  const call = at(data, index);
  const callId = call?.callId ?? "00000000-0000-7000-8000-00000000ffff";
  const consultCallId = data.find(({ consultFor }) => consultFor === callId)?.callId ?? callId;
  const party = index % 2 === 0 ? call?.caller : call?.callee;
  const extensionId = party?.extensionId ?? (await world.extensionId(at(numbers, index) ?? "200"));
  const params =
    name === "originate"
      ? { from: at(numbers, index), to: destination }
      : name === "pickup" && index % 2 === 0
        ? { parkingSlot: "701", extensionId }
        : { callId, extensionId, ...extra(name, destination, consultCallId) };
  const answer = await world.cti.send(name, params);
  if (answer.success) return;
  const known: readonly string[] = [...definitions[name].errors, "UNAUTHORIZED", "INVALID_PARAMS", "RATE_LIMITED"];
  if (!known.includes(String(answer.error?.code))) throw new Error(`[W6] ${name}: ${JSON.stringify(answer.error)}`);
}

function extra(name: string, destination: string, consultCallId: string): object {
  if (name === "transferBlind" || name === "redirect") return { destination };
  if (name === "consult") return { to: destination };
  return ["transferAttended", "cancelTransfer", "swap"].includes(name) ? { consultCallId } : {};
}

/** Everybody hangs up until no call is left; for phones that were killed the administrator does. */
async function finish(): Promise<void> {
  await Promise.all(waiting.splice(0));
  let turns = 0;
  const left = async (): Promise<readonly ActiveCall[]> => {
    turns += 1;
    for (const line of lines("incoming", "outgoing", "talking")) line.hangup();
    const calls = await active();
    if (turns > 20) await Promise.all(calls.map(({ callId, caller }) => hangUp(callId, caller?.extensionId)));
    return calls;
  };
  await expect.poll(left, { timeout: 40_000, interval: 200 }).toEqual([]);
  await expect.poll(engineHolds, { timeout: 40_000, interval: 200 }).toEqual({ legs: 0, bridges: 0, playbacks: 0 });
}

async function hangUp(callId: string, extensionId: string | undefined): Promise<void> {
  await world.cti.send("hangup", { callId, ...(extensionId !== undefined && { extensionId }) });
}

async function engineHolds(): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${world.server.url}/metrics`)).text();
  const found = [...text.matchAll(/pbxx_engine_in_use\{what="(legs|bridges|playbacks)"\} (\d+)/g)];
  return Object.fromEntries(found.map(([, what = "", count]) => [what, Number(count)]));
}

const snapshot = async (): Promise<Snapshot> => (await world.get("/snapshot?channels=calls")) as Snapshot;
/** What a client makes of the events up to a position, from nothing. */
function callsAt(seq: number): unknown {
  const tables = emptyTables();
  for (const event of world.cti.events) {
    if (event.seq === undefined || event.seq > seq) continue;
    commit(tables, reduce(tables, event as unknown as AnyEvent));
  }
  return snapshotFromTables(tables, { epoch: "e", seq, scope: ["calls"] }).tables.calls;
}

function checkJourneys(events: readonly WireEvent[]): void {
  const slots = new Map<unknown, unknown>();
  for (const { type, data } of events) {
    if (!isEventType(type)) throw new Error(`no event of the wire: ${type}`);
    expect(eventDefinitions[type].data.safeParse(data).success, `${type} ${JSON.stringify(data)}`).toBe(true);
    if (type === "CALL_PARKED") {
      expect(slots.has(data["parkingSlot"]), `[C40] ${JSON.stringify(data)}`).toBe(false);
      slots.set(data["parkingSlot"], data["callId"]);
    } else if (type === "CALL_UNPARKED") slots.delete(data["parkingSlot"]);
    else if (type === "CALL_ENDED") for (const [slot, id] of slots) if (id === data["callId"]) slots.delete(slot);
  }
  const ofCall = Map.groupBy(events, ({ data }) => data["callId"]);
  for (const [callId, all] of ofCall) {
    if (callId === undefined) continue;
    const story = all.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join("\n");
    expect(
      all.map(({ data }) => data["version"]),
      `[C3] ${story}`,
    ).toEqual(all.map((_, index) => index + 1));
    expect(all[0]?.type, `[C10] ${story}`).toBe("CALL_CREATED");
    expect(
      all.filter(({ type }) => type === "CALL_ENDED"),
      `[C4] ${story}`,
    ).toHaveLength(1);
    expect(all.at(-1)?.type, `[C4] ${story}`).toBe("CALL_ENDED");
  }
}

describe("random runs of phones and commands over real sockets", () => {
  it("[C1] [C3] [C4] [C10] [C40] [W6] [W26] the rules of calls hold, clients see what the server has, nothing is left", async () => {
    phones = await Promise.all(numbers.map(start));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wish: step, pauseMs: fc.constantFrom(0, 40, 150) }), { minLength: 15, maxLength: 30 }),
        async (steps) => {
          const from = world.cti.events.length;
          for (const { wish, pauseMs } of steps) {
            await act(wish);
            if (pauseMs > 0) await delay(pauseMs);
          }
          const midway = await snapshot();
          await expect.poll(() => callsAt(midway.seq), { timeout: 5000 }).toEqual(midway.tables.calls);
          await finish();
          checkJourneys(world.cti.events.slice(from).filter(({ type }) => type.startsWith("CALL_")));
        },
      ),
      { numRuns, seed, endOnFailure: true },
    );
  }, 300_000);
});
