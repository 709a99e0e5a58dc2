import type { Audience, EventType } from "@pbx-x/protocol/runtime";
import type { LoggedEvent } from "../event-log/event-log.ts";
import { textFrame } from "./frame.ts";
import { mergeFactsOf } from "./merge-events.ts";
import type { MergeFacts, OutboxEntry } from "./outbox.ts";
import { isRedactedFor, redactJson } from "./redaction.ts";
import type { Session } from "./session.ts";
import { isVisible, routesFor, routesOf } from "./visibility.ts";

/** Sessions that see the same: same routes, same rights on them. One decision and one buffer serve them all. */
interface Group {
  readonly key: string;
  readonly routes: ReadonlySet<string>;
  readonly sessions: Set<Session>;
}

/** An event outside the log, as text for the wire. */
export interface EphemeralEvent {
  readonly type: EventType;
  readonly audience: Audience;
  readonly json: string;
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
  readonly #byRoute = new Map<string, Set<Group>>();

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  /** Takes a session's channels and rights as they are now. */
  update(session: Session): void {
    this.remove(session);
    const routes = routesOf(session);
    if (routes.size === 0) return;
    const key = groupKey(session, routes);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { key, routes, sessions: new Set() };
      this.#groups.set(key, group);
      for (const route of routes) {
        const groups = this.#byRoute.get(route) ?? new Set<Group>();
        this.#byRoute.set(route, groups.add(group));
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
    for (const route of group.routes) {
      const groups = this.#byRoute.get(route);
      groups?.delete(group);
      if (groups?.size === 0) this.#byRoute.delete(route);
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
    const entries = new Entries();
    for (const [group, events] of perGroup) this.#deliverTo(group, events, entries);
  }

  /** Somebody follows one of these routes now. */
  hasFollower(routes: readonly string[]): boolean {
    return routes.some((route) => this.#byRoute.has(route));
  }

  /** One that is not logged: who is not there at this moment does not get it ([W1]). */
  tell(event: EphemeralEvent): void {
    let entry: OutboxEntry | undefined;
    for (const { sessions } of this.#groupsFor(event)) {
      for (const session of sessions) {
        const { state } = session;
        if (state.at !== "live" || state.connection.isClosed) continue;
        if (entry === undefined) {
          entry = entryOf(event.type, event.json);
        }
        if (!state.connection.send(entry, this.#options.now())) this.#options.onSlow(session);
      }
    }
  }

  #groupsFor(event: Pick<EphemeralEvent, "type" | "audience">): ReadonlySet<Group> {
    const found = new Set<Group>();
    const eventRoutes = routesFor(event);
    for (const route of eventRoutes) {
      for (const group of this.#byRoute.get(route) ?? []) {
        if (found.has(group)) continue;
        const [any] = group.sessions;
        // Rights may have changed since the subscription ([W24]); within a group they are the same.
        if (any !== undefined && isVisible(any.identity, event, group.routes, eventRoutes)) found.add(group);
      }
    }
    return found;
  }

  #deliverTo(group: Group, events: readonly LoggedEvent[], entries: Entries): void {
    const lastSeq = events.at(-1)?.seq ?? 0;
    const [any] = group.sessions;
    if (any === undefined) return;
    const made = (event: LoggedEvent): OutboxEntry => entries.of(event, any);
    let shared: Buffer | undefined;
    for (const session of group.sessions) {
      const { state } = session;
      if (state.at === "replaying") {
        state.held.push(...events);
        if (state.held.length > this.#options.maxHeld) this.#options.onSlow(session);
        continue;
      }
      // One that is closing takes nothing: its client will say how far it came.
      if (state.at !== "live" || state.connection.isClosed) continue;
      session.servedSeq = Math.max(session.servedSeq, lastSeq);
      session.hasReceived = true;
      if (state.connection.takesShared) {
        shared ??= Buffer.concat(events.map((event) => made(event).frame));
        state.connection.writeShared(shared, events.length);
        continue;
      }
      const now = this.#options.now();
      for (const event of events) {
        if (!state.connection.send(made(event), now)) {
          this.#options.onSlow(session);
          break;
        }
      }
    }
  }
}

/** The frames of events, each made once ([W32]): whole, and without what not everybody may see ([W24]). */
export class Entries {
  readonly #whole = new Map<LoggedEvent, OutboxEntry>();
  readonly #redacted = new Map<LoggedEvent, OutboxEntry>();

  of(event: LoggedEvent, { identity }: Pick<Session, "identity">): OutboxEntry {
    const isRedacted = isRedactedFor(identity, event);
    const made = isRedacted ? this.#redacted : this.#whole;
    const known = made.get(event);
    if (known !== undefined) return known;
    const json = isRedacted ? redactJson(event.json) : event.json;
    const entry = entryOf(event.type, json, event.seq);
    made.set(event, entry);
    return entry;
  }
}

/** How it may be merged is worked out for those alone whose client is slow. */
function entryOf(type: EventType, json: string, seq?: number): OutboxEntry {
  let facts: { readonly merge: MergeFacts | undefined } | undefined;
  return {
    ...(seq !== undefined && { seq }),
    frame: textFrame(json),
    get merge() {
      facts ??= { merge: mergeFactsOf(type, json) };
      return facts.merge;
    },
  };
}

/** Routes without a name on which it matters what is the own. */
const ownedRoutes: ReadonlySet<string> = new Set(["parking", "conferences"]);

function groupKey({ identity }: Session, routes: ReadonlySet<string>): string {
  const { userId, extensionId = "", extensionNumber = "", permissions } = identity;
  // On a route that names something, and for what is redacted, it matters what is the user's own (the queues too,
  // which may change while the group lives); elsewhere the rights alone decide.
  const hasOwn = [...routes].some((route) => route.includes(":") || ownedRoutes.has(route));
  const who = hasOwn ? [userId, extensionId, extensionNumber] : [];
  return JSON.stringify([who, [...permissions].toSorted(), [...routes].toSorted()]);
}
