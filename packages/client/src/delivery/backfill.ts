import type { AnyEvent } from "@pbx-x/protocol/runtime";
import type { RestGet } from "../platform/rest.ts";

/** A page of `GET /events` ([R4]); `gone` where the position is not kept any more. */
export type BackfillPage = { readonly events: readonly AnyEvent[]; readonly nextAfter: number } | "gone";

/** Reads one page. Rejects where the server does not answer, or not as it should. */
export async function readEventPage(
  get: RestGet,
  after: number,
  epoch: string,
  channels: readonly string[],
): Promise<BackfillPage> {
  const query = new URLSearchParams({ after: String(after), epoch, channels: channels.join(","), limit: "1000" });
  const response = await get(`events?${query.toString()}`);
  if (response.status === 410) return "gone";
  // What the server's own schemas made ([A1]).
  const { events, nextAfter = after } = (response.ok ? await response.json() : {}) as {
    readonly events?: readonly AnyEvent[];
    readonly nextAfter?: number;
  };
  if (!Array.isArray(events)) throw new Error(`GET /events answered ${response.status}`);
  return { events, nextAfter };
}
