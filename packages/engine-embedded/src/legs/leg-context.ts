import type { MediaService } from "@pbx-x/media";
import type { Dialog, Endpoint, ServerTransaction } from "@pbx-x/sip";
import type { LegId, TelephonyEvent } from "@pbx-x/telephony";
import type { EmbeddedEngineOptions } from "../options.ts";
import type { Leg } from "./leg.ts";

/** What every leg works with. */
export interface LegContext {
  readonly endpoint: Endpoint;
  readonly media: MediaService;
  readonly options: EmbeddedEngineOptions;
  /** Address in SDP and Contact. */
  readonly mediaAddress: string;
  readonly emit: (event: TelephonyEvent) => void;
  /** The phone passes its call on; has to be answered. */
  readonly onRefer: (leg: Leg, dialog: Dialog, transaction: ServerTransaction) => void;
  /** A key that the phone tells by INFO. */
  readonly onInfoDigit: (leg: Leg, digit: string, durationMs: number) => void;
  /** The leg is over: its place in the tables is free. */
  readonly onEnded: (legId: LegId) => void;
}
