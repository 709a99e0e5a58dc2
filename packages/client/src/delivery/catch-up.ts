import type { AnyEvent, Change, EventOf, ParamsOf, Position, ResultOf, Snapshot } from "@pbx-x/protocol/runtime";
import type { BackfillPage } from "./backfill.ts";
import type { Delivery } from "./delivery.ts";

/** Told after a loss when nothing was missed, or everything that was has been delivered ([D5]). */
export interface Resumed {
  readonly via: "resume" | "since" | "backfill";
  readonly missed: number;
  readonly downMs: number;
}

/** Told when events between two positions cannot be delivered; `changes` is what became of the state ([D5], [D8]). */
export interface Gap {
  readonly via: "snapshot" | "none";
  readonly reason: "epoch" | "too_old" | "too_many" | "by_choice" | "slow" | "hole" | "malformed" | "no_positions";
  readonly from: Position | undefined;
  readonly to: Position | undefined;
  readonly changes: readonly Change[];
}

export type CaughtUp =
  | { readonly is: "first" }
  | { readonly is: "resumed"; readonly resumed: Omit<Resumed, "downMs"> }
  | { readonly is: "gap"; readonly gap: Gap };

export interface CatchUpContext {
  readonly connected: EventOf<"CONNECTED">["data"];
  readonly wanted: readonly string[];
  readonly mode: "events" | "state";
  /** A reason to take the state instead of the events. */
  readonly mustTakeState: Gap["reason"] | undefined;
  /** Channels whose state is there already, from before. */
  readonly known: Set<string>;
  readonly delivery: Delivery;
  /** The announced events have all come. */
  readonly replayed: Promise<void>;
  readonly subscribe: (params: ParamsOf<"subscribe">) => Promise<ResultOf<"subscribe">>;
  readonly readPage: (after: number, epoch: string, channels: readonly string[]) => Promise<BackfillPage>;
  /** Replaces the state, answers what changed. */
  readonly replaceState: (snapshot: Snapshot) => readonly Change[];
  /** Subscribes, and merges the state of these channels into what is there. */
  readonly addState: (channels: readonly string[]) => Promise<void>;
  readonly now: () => number;
}

/** Most that is fetched by pages before the state is taken instead ([D5] step 3). */
const mostEvents = 10_000;
const longestMs = 10_000;

/** The ladder after a connection ([D5]): resume, since, pages, state. Rejects when the connection is lost on the way. */
export async function catchUp(context: CatchUpContext): Promise<CaughtUp> {
  const { connected, delivery, wanted, mode, mustTakeState } = context;
  const before = delivery.position;
  delivery.begin(connected.epoch);
  if (connected.epoch === undefined) return withoutPositions(context);
  if (connected.resumed === true) return resume(context);
  const here = { epoch: connected.epoch, seq: connected.seq ?? 0 };
  if (wanted.length === 0) {
    delivery.reached(here);
    delivery.replay(0);
    if (before === undefined) return { is: "first" };
    return before.epoch === here.epoch ? resumed("since", 0) : gap("snapshot", "epoch", before, here);
  }
  if (before === undefined) {
    await takeState(context);
    return { is: "first" };
  }
  const reason = mustTakeState ?? (mode === "state" ? "by_choice" : before.epoch === here.epoch ? undefined : "epoch");
  if (reason !== undefined) return skip(context, before, reason);
  const answer = await context.subscribe({ channels: wanted, since: before });
  if (answer.recovered === true) {
    delivery.replay(answer.missed ?? 0);
    await context.replayed;
    await completeState(context);
    return resumed("since", answer.missed ?? 0);
  }
  // Of what the server refuses it gives no page at all.
  const granted = answer.channels.flatMap(({ channel, ok }) => (ok ? [channel] : []));
  const missed = await backfill(context, before, answer.seq, granted);
  if (typeof missed === "string") return skip(context, before, missed);
  delivery.reached({ epoch: here.epoch, seq: answer.seq });
  delivery.replay(0);
  await completeState(context);
  return resumed("backfill", missed);
}

async function resume(context: CatchUpContext): Promise<CaughtUp> {
  const { connected, delivery } = context;
  const missed = connected.replaying ?? 0;
  delivery.replay(missed);
  await context.replayed;
  delivery.moveTo(connected.seq ?? 0);
  await completeState(context);
  return resumed("resume", missed);
}

/**
 * A client that started at a stored position, or took over the session of another, has the events, but not yet the state
 * they belong to; nor has one that came to want a channel while it was without a connection.
 */
async function completeState(context: CatchUpContext): Promise<void> {
  // What `me` means may be another than in the session before ([W14]).
  if (context.connected.resumed !== true) context.known.delete("me");
  const lacking = context.wanted.filter((channel) => !context.known.has(channel));
  if (lacking.length > 0) await context.addState(lacking);
}

async function takeState(
  context: CatchUpContext,
): Promise<{ readonly to: Position; readonly changes: readonly Change[] }> {
  const { epoch, seq, snapshot } = await context.subscribe({ channels: context.wanted, snapshot: true });
  const changes = snapshot === undefined ? [] : context.replaceState(snapshot);
  const to = { epoch, seq };
  context.delivery.reached(to);
  context.delivery.replay(0);
  return { to, changes };
}

/** The state instead of the events. */
async function skip(context: CatchUpContext, before: Position, reason: Gap["reason"]): Promise<CaughtUp> {
  const from = reason === "hole" ? (context.delivery.agreed ?? before) : before;
  const { to, changes } = await takeState(context);
  return gap("snapshot", reason, from, to, changes);
}

/** Pages of missed events up to where the subscription begins; a reason where that is too far. */
async function backfill(
  context: CatchUpContext,
  from: Position,
  upTo: number,
  channels: readonly string[],
): Promise<number | Gap["reason"]> {
  const startedAt = context.now();
  const pages: (readonly AnyEvent[])[] = [];
  let count = 0;
  for (let after = from.seq; after < upTo; ) {
    const page = await context.readPage(after, from.epoch, channels);
    if (page === "gone") return "too_old";
    const events = page.events.filter(({ seq }) => seq !== undefined && seq <= upTo);
    count += events.length;
    if (count > mostEvents || context.now() - startedAt > longestMs) return "too_many";
    pages.push(events);
    if (page.nextAfter <= after) break;
    after = page.nextAfter;
  }
  for (const events of pages) context.delivery.backfill(events);
  return count;
}

/** A server that knows the specification only: no positions, so what was missed cannot be known ([D5], last step). */
async function withoutPositions(context: CatchUpContext): Promise<CaughtUp> {
  if (context.wanted.length > 0) await context.subscribe({ channels: context.wanted });
  context.delivery.replay(0);
  if (context.known.size === 0) return { is: "first" };
  return gap("none", "no_positions", undefined, undefined);
}

function resumed(via: Resumed["via"], missed: number): CaughtUp {
  return { is: "resumed", resumed: { via, missed } };
}

function gap(
  via: Gap["via"],
  reason: Gap["reason"],
  from: Position | undefined,
  to: Position | undefined,
  changes: readonly Change[] = [],
): CaughtUp {
  return { is: "gap", gap: { via, reason, from, to, changes } };
}
