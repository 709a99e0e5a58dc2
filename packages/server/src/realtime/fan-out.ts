import { channelsOf, type EventType } from "@pbx-x/protocol/runtime";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { textFrame } from "./frame.ts";
import { mergeFactsOf } from "./merge-events.ts";
import type { OutboxEntry } from "./outbox.ts";
import type { Session } from "./session.ts";
import { isVisible } from "./visibility.ts";

/** Sessions that see the same: same channels, same rights on them. One decision and one buffer serve them all. */
interface Group {
  readonly key: string;
  readonly channels: ReadonlySet<string>;
  readonly sessions: Set<Session>;
}

export interface FanOutOptions {
  readonly now: () => number;
  /** Most events that wait while a session is being caught up. */
  readonly maxHeld: number;
  readonly onSlow: (session: Session) => void;
}

/** Carries committed events to the sessions: one look per group, one frame per event, one write per client ([W32]). */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Session, Group>();
  readonly #byChannel = new Map<string, Set<Group>>();

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  /** Takes a session's channels and rights as they are now. */
  update(session: Session): void {
    this.remove(session);
    if (session.channels.size === 0) return;
    const key = groupKey(session);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { key, channels: new Set(session.channels.keys()), sessions: new Set() };
      this.#groups.set(key, group);
      for (const channel of group.channels) {
        const groups = this.#byChannel.get(channel) ?? new Set<Group>();
        this.#byChannel.set(channel, groups.add(group));
      }
    }
    group.sessions.add(session);
    this.#groupOf.set(session, group);
  }

  remove(session: Session): void {
    const group = this.#groupOf.get(session);
    if (group === undefined) return;
    this.#groupOf.delete(session);
    group.sessions.delete(session);
    if (group.sessions.size > 0) return;
    this.#groups.delete(group.key);
    for (const channel of group.channels) {
      const groups = this.#byChannel.get(channel);
      groups?.delete(group);
      if (groups?.size === 0) this.#byChannel.delete(channel);
    }
  }

  /** One committed batch. */
  deliver(batch: readonly LoggedEvent[]): void {
    const perGroup = new Map<Group, LoggedEvent[]>();
    for (const event of batch) {
      for (const group of this.#groupsFor(event)) {
        const events = perGroup.get(group);
        if (events === undefined) perGroup.set(group, [event]);
        else events.push(event);
      }
    }
    const entries = new Map<LoggedEvent, OutboxEntry>();
    for (const [group, events] of perGroup) this.#deliverTo(group, events, entries);
  }

  #groupsFor(event: LoggedEvent): ReadonlySet<Group> {
    const found = new Set<Group>();
    for (const channel of channelsOf(event.type, event.audience)) {
      for (const group of this.#byChannel.get(channel) ?? []) {
        if (found.has(group)) continue;
        const [any] = group.sessions;
        // Rights may have changed since the subscription ([W24]); within a group they are the same.
        if (any !== undefined && isVisible(any.identity, event, group.channels)) found.add(group);
      }
    }
    return found;
  }

  #deliverTo(group: Group, events: readonly LoggedEvent[], entries: Map<LoggedEvent, OutboxEntry>): void {
    const lastSeq = events.at(-1)?.seq ?? 0;
    let shared: Buffer | undefined;
    for (const session of group.sessions) {
      const { state } = session;
      if (state.at === "replaying") {
        state.held.push(...events);
        if (state.held.length > this.#options.maxHeld) this.#options.onSlow(session);
        continue;
      }
      if (state.at !== "live") continue;
      session.servedSeq = Math.max(session.servedSeq, lastSeq);
      session.hasReceived = true;
      if (state.connection.isDirect) {
        shared ??= Buffer.concat(events.map((event) => entryOf(event, entries).frame));
        state.connection.writeShared(shared, events.length);
        continue;
      }
      const now = this.#options.now();
      for (const event of events) {
        if (!state.connection.send(entryOf(event, entries), now)) {
          this.#options.onSlow(session);
          break;
        }
      }
    }
  }
}

/** The frame of an event, made once. */
export function entryOf(event: LoggedEvent, made: Map<LoggedEvent, OutboxEntry> = new Map()): OutboxEntry {
  const known = made.get(event);
  if (known !== undefined) return known;
  const merge = mergeFactsOf(event.type satisfies EventType, event.json);
  const entry: OutboxEntry = { seq: event.seq, frame: textFrame(event.json), ...(merge !== undefined && { merge }) };
  made.set(event, entry);
  return entry;
}

function groupKey({ channels, identity }: Session): string {
  // Own channels name their owner already, but the rights on them are the user's; role and grants decide the rest.
  const hasOwn = [...channels.keys()].some((channel) => channel.includes(":"));
  const who = hasOwn ? identity.userId : "";
  return `${who}|${identity.role}|${[...identity.permissions].toSorted().join(",")}|${[...channels.keys()].toSorted().join(" ")}`;
}
