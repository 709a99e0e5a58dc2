import type { MediaService } from "@pbx-x/media";
import type { Endpoint } from "@pbx-x/sip";
import type { LegId, TelephonyEvent } from "@pbx-x/telephony";
import type { EmbeddedEngineOptions } from "../options.ts";

/** What every leg works with. */
export interface LegContext {
  readonly endpoint: Endpoint;
  readonly media: MediaService;
  readonly options: EmbeddedEngineOptions;
  /** Address in SDP and Contact. */
  readonly mediaAddress: string;
  readonly emit: (event: TelephonyEvent) => void;
  /** The leg is over: its place in the tables is free. */
  readonly onEnded: (legId: LegId) => void;
}
