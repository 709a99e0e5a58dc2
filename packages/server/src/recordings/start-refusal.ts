import { type Refusal, refuse } from "../calls/command-tools.ts";
import type { StartRefusal } from "./recording-service.ts";

/** Why nothing is recorded, for people. @param state of the call, where it is one */
export function startRefusal(reason: StartRefusal, state?: string): Refusal {
  const details = { ...(state !== undefined && { state }), reason };
  switch (reason) {
    case "not_answered":
      return refuse("INVALID_STATE", "Only an answered call can be recorded.", details);
    case "already_recording":
      return refuse("INVALID_STATE", "This is being recorded already.", details);
    case "codec":
      return refuse("INVALID_STATE", "A party speaks in a codec that cannot be recorded (Opus).", details);
    case "call_ended":
      return refuse("INVALID_STATE", "This is over.", { ...details, state: "ended" });
    case "disk_full": {
      const message = "The disk has too little room for a recording: make room, or lower PBXX_RECORDINGS_MIN_FREE_MB.";
      return refuse("ENGINE_UNAVAILABLE", message, details);
    }
    case "write_failed":
      return refuse("ENGINE_UNAVAILABLE", "The file of the recording cannot be written.", details);
    case "not_offered":
      return refuse("ENGINE_UNAVAILABLE", "This server does not record.", details);
    case "engine_unavailable":
      return refuse("ENGINE_UNAVAILABLE", "The engine did not do it.", details);
  }
}
