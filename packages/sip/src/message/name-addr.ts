import type { Uri } from "./uri.ts";

/** `From`, `To`, `Contact`, `Route`, `Refer-To` … (RFC 3261 §20.10): display name, URI and header parameters. */
export interface NameAddr {
  readonly displayName?: string;
  readonly uri: Uri;
  /** Header parameters (`tag`, `expires`, `q` …): names in lower case; a parameter without value is `true`. */
  readonly params: ReadonlyMap<string, string | true>;
}
