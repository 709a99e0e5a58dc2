import type { Gap, Resumed } from "./delivery/catch-up.ts";

/** What the client itself tells. */
export interface ClientEvents {
  readonly resumed: Resumed;
  readonly gap: Gap;
  /** The server refused a channel ([S2]). */
  readonly channelError: { readonly channel: string; readonly code: string; readonly message: string };
  /** A listener of the application threw ([D3]). */
  readonly error: unknown;
}
