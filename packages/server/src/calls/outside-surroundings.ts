import type { GuardVerdict } from "../routing/outside-guard.ts";
import type { OutsideRoute } from "../routing/route-outside.ts";

/** What decisions may ask about the world beyond the trunks. */
export interface OutsideSurroundings {
  /**
   * Whether the PBX lets this call out.
   *
   * @param payerId the extension that answers for it ([G12]); undefined: an inbound rule
   */
  readonly judge: (route: OutsideRoute, payerId: string | undefined) => GuardVerdict;
  /** Below its `maxConcurrentCalls` ([G9]). */
  readonly isTrunkFree: (trunkId: string) => boolean;
}
