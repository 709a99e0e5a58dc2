import type { MediaEvent } from "@pbx-x/media";
import { brandId, type LegId, type TelephonyEvent } from "@pbx-x/telephony";

/** What the media reports of a leg, as the port tells it; undefined for what stays inside the engine. */
export function toTelephonyEvent(
  event: Exclude<MediaEvent, { type: "workerLost" | "playbackFinished" | "recordingFinished" }>,
): TelephonyEvent | undefined {
  const legId = brandId<LegId>(event.endpointId);
  switch (event.type) {
    case "dtmf":
      return { type: "dtmfReceived", legId, digit: event.digit, durationMs: event.durationMs };
    case "quality": {
      const { lossPercent, jitterMs, roundTripMs } = event;
      return {
        type: "mediaQuality",
        legId,
        lossPercent,
        jitterMs,
        ...(roundTripMs !== undefined && { roundTripMs }),
      };
    }
    case "firstPacket":
    case "silence":
      return undefined;
  }
}
