import type { ParamsOf } from "@pbx-x/protocol";
import type { Identity } from "../auth/identity.ts";
import type { Call } from "../calls/call.ts";
import type { CallRecording } from "../calls/call-recording.ts";
import type { CallService } from "../calls/call-service.ts";
import { permit } from "../calls/permit.ts";
import { causeOf, findCall, type Refusal, refuse, stateOf, succeed } from "../calls/command-tools.ts";
import { invalidState } from "../calls/find-party.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { RecordingService } from "./recording-service.ts";
import { startRefusal } from "./start-refusal.ts";

export interface RecordingCommandOptions {
  readonly calls: CallService;
  readonly recordings: RecordingService;
  readonly audit: Pick<AuditLog, "write">;
}

export type RecordingCommands = Required<
  Pick<CommandHandlers, "recordStart" | "recordStop" | "recordPause" | "recordResume">
>;

/** Recording by command ([W44], [C53]); each use is in the audit log. */
export function createRecordingCommands({ calls, recordings, audit }: RecordingCommandOptions): RecordingCommands {
  const note = ({ identity }: CommandContext, action: string, recordingId: string, { callId }: Call): void =>
    audit.write(identity.userId, `recording.${action}`, recordingId, { callId });

  const setPaused = async (params: ParamsOf<"recordPause">, context: CommandContext, isPaused: boolean) => {
    const found = findRecording(calls, params, context, isPaused ? "recordPause" : "recordResume");
    if (!found.ok) return found;
    const { call, recording } = found;
    const { recordingId } = recording;
    const seq = recordings.pause(call, isPaused, userOf(context.identity), causeOf(context));
    note(context, isPaused ? "pause" : "resume", recordingId, call);
    return succeed({ recordingId }, seq);
  };

  return {
    recordStart: async (params, context) => {
      const found = findCall(calls, params.callId);
      if (!found.ok) return found;
      const denied = permit("recordStart", found.call, context.identity);
      if (denied !== undefined) return denied;
      const started = await recordings.start(params.callId, userOf(context.identity), causeOf(context));
      if (!started.ok) return startRefusal(started.reason, stateOf(found.call));
      note(context, "start", started.recordingId, found.call);
      return succeed({ recordingId: started.recordingId }, started.seq);
    },

    recordStop: async (params, context) => {
      const found = findRecording(calls, params, context, "recordStop");
      if (!found.ok) return found;
      const { call } = found;
      const ended = await recordings.finish(call, causeOf(context));
      if (ended === undefined) return invalidState(call, "The recording is being ended already.", "not_recording");
      note(context, "stop", ended.recordingId, call);
      return succeed({ recordingId: ended.recordingId }, ended.seq);
    },

    recordPause: (params, context) => setPaused(params, context, true),
    recordResume: (params, context) => setPaused(params, context, false),
  };
}

type FoundRecording = { readonly ok: true; readonly call: Call; readonly recording: CallRecording };

function findRecording(
  calls: CallService,
  { callId, recordingId }: ParamsOf<"recordStop">,
  { identity }: CommandContext,
  action: "recordStop" | "recordPause" | "recordResume",
): FoundRecording | Refusal {
  const found = findCall(calls, callId);
  if (!found.ok) return found;
  const { call } = found;
  const denied = permit(action, call, identity);
  if (denied !== undefined) return denied;
  const { recording } = call;
  if (recordingId !== undefined && recording?.recordingId !== recordingId) {
    return refuse("RECORDING_NOT_FOUND", "This call has no such recording now.");
  }
  if (recording === undefined) return invalidState(call, "Nothing of this call is being recorded.", "not_recording");
  return { ok: true, call, recording };
}

function userOf({ userId, displayName }: Identity): { readonly userId: string; readonly name: string } {
  return { userId, name: displayName };
}
