import type { MediaEvent } from "@pbx-x/media";
import { brandId, type LegId, type TelephonyEvent, type TrunkId } from "@pbx-x/telephony";

/** What the media reports of a leg, as the port tells it; undefined for what stays inside the engine. */
export function toTelephonyEvent(
  event: Exclude<MediaEvent, { type: "workerLost" | "playbackFinished" | "recordingFinished" | "dtmf" }>,
  trunkId?: TrunkId,
): TelephonyEvent | undefined {
  const legId = brandId<LegId>(event.endpointId);
  switch (event.type) {
    case "quality": {
      const { endpointId: _, type: __, ...figures } = event;
      return { type: "mediaQuality", legId, ...(trunkId !== undefined && { trunkId }), ...figures };
    }
    case "talking":
      return { type: "talkingChanged", legId, isTalking: event.isTalking };
    case "firstPacket":
    case "silence":
      return undefined;
  }
}
