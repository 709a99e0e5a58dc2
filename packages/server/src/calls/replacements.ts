import type { LegId } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import { decideTake } from "../parking/pick-up-decisions.ts";
import type { CallService } from "./call-service.ts";
import { partyOf } from "./parties.ts";
import { decideReplaceLeg, replacementOf } from "./replace-decisions.ts";

export interface OfferedReplacement {
  readonly legId: LegId;
  readonly replacesLegId: LegId;
  readonly extension: Extension;
}

/** A phone takes the place of a leg, where it may ([C34]); else it is refused and the call goes on as it was. */
export function takeReplacement(calls: CallService, { legId, replacesLegId, extension }: OfferedReplacement): void {
  const cause = { via: "phone" } as const;
  const call = calls.registry.ofLeg(replacesLegId);
  const by = partyOf(extension);
  const callsOf = (extensionId: string) => calls.registry.ofExtension(extensionId);
  const replacement = call === undefined ? undefined : replacementOf(call, replacesLegId, by, callsOf);
  if (call === undefined || replacement === undefined) {
    void calls.perform({ op: "hangup", legId, cause: "rejected" });
    return;
  }
  const around = calls.surroundings(call.callId);
  switch (replacement.kind) {
    case "pick_up":
      calls.apply(call, decideTake(call, { by, legId, isOffered: true }, around, calls.context(cause)));
      return;
    case "move":
      calls.apply(call, decideReplaceLeg(call, { formerLegId: replacesLegId, legId }, around, calls.context(cause)));
      return;
    case "transfer": {
      const { survivor, survivorLegId, formerLegId } = replacement;
      const pair = { survivor, survivorLegId, consultation: call, consultationLegId: replacesLegId };
      const done = calls.transfers.attended(pair, cause);
      if (done === undefined) {
        void calls.perform({ op: "hangup", legId, cause: "rejected" });
        return;
      }
      const decision = decideReplaceLeg(done.survivor, { formerLegId, legId }, around, calls.context(cause));
      calls.apply(done.survivor, decision);
      return;
    }
  }
}
