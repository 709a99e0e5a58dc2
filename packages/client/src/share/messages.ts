import type { Position } from "@pbx-x/protocol/runtime";
import type { TokenReason } from "../connection/token-source.ts";

/** What a tab tells about itself; the others need it to know who rings ([T3]) and who can give a token. */
export interface TabFacts {
  readonly tab: string;
  readonly openedAt: number;
  readonly isVisible: boolean;
  /** Wall clock of the last focus; 0 where there was none. */
  readonly focusedAt: number;
  /** Up to where it has events. */
  readonly position: Position | undefined;
}

/** What whoever holds the connection tells every 2 s: enough for another to take it over ([T2]). */
export interface Beat {
  readonly hub: string;
  readonly clientId: string;
  readonly isLive: boolean;
  readonly sessionId: string | undefined;
  readonly position: Position | undefined;
  readonly channels: readonly string[];
}

/** To all of the group, on the channel with its name. */
export type GroupMessage =
  | ({ readonly is: "tab" } & TabFacts)
  | ({ readonly is: "beat" } & Beat)
  | { readonly is: "who" }
  | { readonly is: "bye"; readonly tab: string }
  | { readonly is: "logout" }
  /** A tab wants a connection; the two then talk on a channel with the link's name. */
  | {
      readonly is: "open";
      readonly hub: string;
      readonly tab: string;
      readonly link: string;
      readonly query: Readonly<Record<string, string>>;
      readonly channels: readonly string[];
    }
  | { readonly is: "askToken"; readonly tab: string; readonly request: string; readonly reason: TokenReason }
  | {
      readonly is: "token";
      readonly request: string;
      readonly token?: string;
      readonly isFinal?: boolean;
    };

/** From a tab to the hub. */
export type UpMessage =
  | { readonly is: "text"; readonly text: string }
  /** So many frames were read. */
  | { readonly is: "read"; readonly count: number }
  | { readonly is: "close" };

/** From the hub to a tab. The token is for the tab's own REST requests. */
export type DownMessage =
  | { readonly is: "accept"; readonly token: string }
  | { readonly is: "batch"; readonly frames: readonly string[] }
  | { readonly is: "end"; readonly code: number };
