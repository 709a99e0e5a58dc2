import { describe, expect, it } from "vitest";
import type { Identity } from "./identity.ts";
import { createTicketOffice } from "./ticket-office.ts";

const identity = (userId = "anna"): Identity => ({
  userId,
  displayName: userId,
  role: "user",
  permissions: new Set(),
  queueIds: [],
  tokenExpiresAtMs: 1_000_000,
});

describe("tickets", () => {
  it("[R3] a ticket opens its path with its query, again and again, for 60 s", () => {
    let nowMs = 0;
    const office = createTicketOffice({ now: () => nowMs });
    const { url, ticket, expiresAtMs } = office.issue(identity(), "/api/v1/cdr?format=csv&search=Anna%20S");
    expect(url).toContain(`ticket=${ticket}`);
    expect(ticket).toMatch(/^[\w-]{32}$/);
    expect(expiresAtMs).toBe(60_000);
    expect(office.redeem(url)?.userId).toBe("anna");
    nowMs = 59_999;
    expect(office.redeem(url)?.userId).toBe("anna");
    nowMs = 60_000;
    expect(office.redeem(url)).toBeUndefined();
  });

  it("[R3] a ticket is good for nothing else, and an unknown one for nothing", () => {
    const office = createTicketOffice({ now: () => 0 });
    const { ticket } = office.issue(identity(), "/api/v1/cdr?format=csv");
    for (const path of [
      `/api/v1/users?format=csv&ticket=${ticket}`,
      `/api/v1/cdr?ticket=${ticket}`,
      `/api/v1/cdr?format=csv&page=2&ticket=${ticket}`,
      `/api/v1/cdr?format=csv&ticket=x${ticket}`,
      "/api/v1/cdr?format=csv",
    ]) {
      expect(office.redeem(path)).toBeUndefined();
    }
  });

  it("[R3] a ticket ends with the token it was made by, and with the user's log-in", () => {
    let nowMs = 990_000;
    const office = createTicketOffice({ now: () => nowMs });
    const [short, other] = [office.issue(identity(), "/a"), office.issue(identity("lisa"), "/a")];
    expect(short.expiresAtMs).toBe(1_000_000);
    office.cancel("lisa");
    expect([office.redeem(short.url)?.userId, office.redeem(other.url)]).toEqual(["anna", undefined]);
    nowMs = 1_000_000;
    expect(office.redeem(short.url)).toBeUndefined();
  });

  it("[R3] the number of tickets has a limit: the oldest goes", () => {
    const office = createTicketOffice({ now: () => 0, maxTickets: 2 });
    const urls = ["/a", "/b", "/c"].map((path) => office.issue(identity(), path).url);
    expect(urls.map((url) => office.redeem(url) !== undefined)).toEqual([false, true, true]);
  });
});
