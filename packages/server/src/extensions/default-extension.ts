import type { Extension } from "./extension.ts";

/** A new extension with nothing forwarded. */
export function defaultExtension(id: string, number: string, displayName: string, userId?: string): Extension {
  return {
    id,
    number,
    displayName,
    ...(userId !== undefined && { userId }),
    dndEnabled: false,
    forwardUnconditionalEnabled: false,
    forwardOnBusyEnabled: false,
    forwardOnNoAnswerEnabled: false,
    forwardOnNoAnswerTimeout: 20,
    maxConcurrentCalls: 2,
    voicemailEnabled: false,
    voicemailEmailEnabled: false,
    callRecordingPolicy: "off",
    canRecordCalls: false,
    codecPreferences: [],
  };
}
