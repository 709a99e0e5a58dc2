import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { restGet } from "../platform/rest.ts";

/** A page of `GET /events` ([R4]); `gone` where the position is not kept any more. */
export type BackfillPage = { readonly events: readonly AnyEvent[]; readonly nextAfter: number } | "gone";

export interface BackfillSource {
  readonly fetch: typeof fetch;
  readonly baseUrl: URL;
  readonly token: () => string;
}

/** Reads one page. Rejects where the server does not answer, or not as it should. */
export async function readEventPage(
  { fetch: fetchIt, baseUrl, token }: BackfillSource,
  after: number,
  epoch: string,
  channels: readonly string[],
): Promise<BackfillPage> {
  const query = new URLSearchParams({ after: String(after), epoch, channels: channels.join(","), limit: "1000" });
  const response = await restGet({ fetch: fetchIt, baseUrl, token: token() }, `events?${query.toString()}`);
  if (response.status === 410) return "gone";
  if (!response.ok) throw new Error(`GET /events answered ${response.status}`);
  const body: unknown = await response.json();
  if (typeof body !== "object" || body === null || !("events" in body) || !Array.isArray(body.events)) {
    throw new Error("GET /events answered something else");
  }
  const nextAfter = "nextAfter" in body && typeof body.nextAfter === "number" ? body.nextAfter : after;
  return { events: body.events as readonly AnyEvent[], nextAfter };
}
