import { randomBytes } from "node:crypto";
import type { Identity } from "./identity.ts";

export interface TicketOfficeOptions {
  readonly now: () => number;
  /** Makes a ticket that cannot be guessed. */
  readonly newTicket?: () => string;
  readonly lifetimeMs?: number;
  /** Most tickets at a time; the oldest goes. */
  readonly maxTickets?: number;
}

export interface Ticket {
  /** The path with the ticket in its query: good as it is for one `<audio>` or download link. */
  readonly url: string;
  readonly ticket: string;
  readonly expiresAtMs: number;
}

/**
 * Tickets that stand in for a token where a browser cannot send one: a player, a download ([R3]). A ticket opens one
 * path with one query, for reading, as often as the player asks for a range of it, until it ends.
 */
export interface TicketOffice {
  issue(identity: Identity, path: string): Ticket;
  /** Who the ticket stands for; undefined when it is unknown, over, or meant for another path. */
  redeem(url: string): Identity | undefined;
  /** The user's rights changed or ended. */
  cancel(userId: string): void;
}

export const ticketParameter = "ticket";

export function createTicketOffice(options: TicketOfficeOptions): TicketOffice {
  const { now, lifetimeMs = 60_000, maxTickets = 10_000 } = options;
  const newTicket = options.newTicket ?? ((): string => randomBytes(24).toString("base64url"));
  const tickets = new Map<string, { identity: Identity; path: string; expiresAtMs: number }>();
  const forget = (): void => {
    // All live equally long or shorter, so what is first is over first, or soon enough pushed out.
    for (const [ticket, { expiresAtMs }] of tickets) {
      if (expiresAtMs > now() && tickets.size < maxTickets) return;
      tickets.delete(ticket);
    }
  };
  return {
    issue: (identity, path) => {
      forget();
      const ticket = newTicket();
      const expiresAtMs = Math.min(now() + lifetimeMs, identity.tokenExpiresAtMs);
      const url = new URL(path, "http://localhost");
      tickets.set(ticket, { identity, path: pathOf(url), expiresAtMs });
      url.searchParams.set(ticketParameter, ticket);
      return { ticket, url: `${url.pathname}${url.search}`, expiresAtMs };
    },
    redeem: (given) => {
      const url = new URL(given, "http://localhost");
      const found = tickets.get(url.searchParams.get(ticketParameter) ?? "");
      if (found === undefined || found.expiresAtMs <= now() || found.path !== pathOf(url)) return undefined;
      return found.identity;
    },
    cancel: (userId) => {
      for (const [ticket, { identity }] of tickets) if (identity.userId === userId) tickets.delete(ticket);
    },
  };
}

/** Path and query without a ticket, written in one way. */
function pathOf(url: URL): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete(ticketParameter);
  return query.size === 0 ? url.pathname : `${url.pathname}?${query.toString()}`;
}
