/** One event as the worker stores it; the order is that of the columns. */
export type EventRow = readonly [
  seq: number,
  eventId: string,
  type: string,
  atMs: number,
  callId: string | null,
  audience: string,
  json: string,
];

export type WriterRequest =
  | { readonly kind: "open"; readonly path: string; readonly epoch: string }
  | { readonly kind: "write"; readonly rows: readonly EventRow[] }
  | { readonly kind: "purge"; readonly olderThanMs: number; readonly keepEvents: number; readonly chunk: number }
  | { readonly kind: "close" };

export type ReaderRequest =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "read"; readonly after: number; readonly limit: number; readonly callId: string | null }
  | { readonly kind: "checkpoint" }
  | { readonly kind: "close" };

export interface Opened {
  readonly epoch: string;
  readonly head: number;
  readonly oldest: number;
}

/** `more`: another chunk is due. */
export interface Purged {
  readonly oldest: number;
  readonly more: boolean;
}
