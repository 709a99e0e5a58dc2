/** How a write to a database went, or how long it has been waiting by now, for who watches over it. Milliseconds. */
export type WriteOutcome =
  | { readonly kind: "written" | "waiting"; readonly tookMs: number }
  | { readonly kind: "failed"; readonly error: unknown };
