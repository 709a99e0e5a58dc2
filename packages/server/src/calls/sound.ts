import type { BridgeId, LegId } from "@pbx-x/telephony";
import { type Call, isHere, type Party } from "./call.ts";
import type { DecisionBuilder } from "./decision.ts";

/** Where a leg's voice goes, and whether it hears music. */
interface LegSound {
  readonly bridgeId?: BridgeId;
  readonly hasMusic: boolean;
  /** Whose music it is: the extension that holds or has parked. */
  readonly heldBy?: string;
}

export type Sound = ReadonlyMap<LegId, LegSound>;

export interface SoundSurroundings {
  /** The engine can play music to who is held. */
  readonly hasHoldMusic: boolean;
  /** A file instead of the engine's own music, by the extension that holds ([C24]). */
  readonly holdMusicFile?: (extensionId: string | undefined) => string | undefined;
}

/**
 * What the legs of a connected call are to hear ([C20]): who holds by command is out of the bridge, who is held hears music,
 * as who is parked does ([C40]), and who waits in a queue while nothing is said;
 * a leg that is away in another call is none of this one's business.
 */
export function soundOf(call: Call): Sound {
  const { stage } = call;
  if (stage.at === "parked") {
    return new Map([[stage.callerLegId, { hasMusic: true, ...by(stage.parkedBy) }]]);
  }
  if (stage.at === "queued") return new Map([[stage.callerLegId, { hasMusic: stage.speech === undefined }]]);
  if (stage.at !== "connected") return new Map();
  const { callerLegId, calleeLegId, bridgeId, holds } = stage;
  const legs = [
    [callerLegId, calleeLegId, call.callee],
    [calleeLegId, callerLegId, call.caller],
  ] as const;
  return new Map(
    legs
      .filter(([legId]) => isHere(call, legId))
      .map(([legId, other, party]) => {
        const isOut = holds.some((hold) => hold.legId === legId && hold.by === "command");
        const hasMusic = holds.some((hold) => hold.legId === other);
        return [legId, { hasMusic, ...(hasMusic && by(party)), ...(!isOut && { bridgeId }) }];
      }),
  );
}

/** The operations that lead from one state to the other; who goes makes room first. */
export function changeSound(
  builder: DecisionBuilder,
  before: Sound,
  after: Sound,
  { hasHoldMusic, holdMusicFile }: SoundSurroundings,
): void {
  for (const [legId, { bridgeId }] of before) {
    if (bridgeId !== undefined && after.get(legId)?.bridgeId === undefined) {
      builder.perform({ op: "leave", bridgeId, legId });
    }
  }
  const music = (sounds: Sound, legId: LegId): boolean => hasHoldMusic && sounds.get(legId)?.hasMusic === true;
  for (const legId of before.keys()) {
    if (music(before, legId) && !music(after, legId)) builder.perform({ op: "holdMusic", legId, isOn: false });
  }
  for (const [legId, { bridgeId }] of after) {
    if (bridgeId !== undefined && before.get(legId)?.bridgeId !== bridgeId) {
      builder.perform({ op: "join", bridgeId, legId, mode: "talk" });
    }
  }
  for (const [legId, { heldBy }] of after) {
    if (!music(after, legId) || music(before, legId)) continue;
    const path = holdMusicFile?.(heldBy);
    builder.perform({ op: "holdMusic", legId, isOn: true, ...(path !== undefined && { path }) });
  }
}

function by({ extensionId }: Party): { readonly heldBy?: string } {
  return extensionId === undefined ? {} : { heldBy: extensionId };
}
