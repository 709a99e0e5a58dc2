import type { EventType } from "@pbx-x/protocol";
import type { EventLog, LoggedEvent, NewEvent } from "../event-log/event-log.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Recording, RecordingEnd } from "./recording.ts";
import { endEvent, roomEndEvent } from "./recording-decisions.ts";
import { endsOfRecordings } from "./recording-ends.ts";
import type { RecordingStore } from "./recording-store.ts";
import { repairFile } from "./repair-file.ts";
import { wavHeaderBytes } from "./wav-layout.ts";

export interface RecoveryOptions {
  readonly log: EventLog;
  readonly store: RecordingStore;
  readonly blobs: BlobStore;
}

/** Ends what the last run left open ([C4], [C52]): repairs each file and writes the end that is missing. Returns how many. */
export async function recoverRecordings({ log, store, blobs }: RecoveryOptions): Promise<number> {
  const open = await store.unfinished();
  for (const recording of open) {
    const file = await repairFile(blobs, recording.blobKey);
    const events = await eventsOf(log, recording.callId);
    const told = findEnd(events, recording.id);
    if (told !== undefined) {
      await store.finish(recording.id, { ...told, ...file }, recording);
      continue;
    }
    const hasVoice = file.bytes > wavHeaderBytes;
    const begun = events.find(({ type, json }) => beginnings.has(type) && isOf({ json }, recording.id));
    const hasBegun = begun !== undefined;
    if (!hasBegun && !hasVoice) {
      await blobs.remove(recording.blobKey);
      await store.remove(recording.id);
      continue;
    }
    const end: RecordingEnd = { status: hasVoice ? "complete" : "failed", ...file, reason: "server_restart" };
    // A call so old that the log knows nothing of it any more is told of to nobody.
    if (begun !== undefined) {
      const isRoom = begun.type === "CONFERENCE_RECORDING_STARTED";
      const ended = isRoom ? roomEndAfterRestart(recording, end, begun) : endAfterRestart(recording, end, events);
      await log.append([ended]).committed;
    }
    await store.finish(recording.id, end, recording);
  }
  return open.length;
}

const beginnings: ReadonlySet<EventType> = new Set(["CALL_RECORDING_STARTED", "CONFERENCE_RECORDING_STARTED"]);

function roomEndAfterRestart({ callId, id }: Recording, end: RecordingEnd, { audience }: LoggedEvent): NewEvent {
  const { type, data } = roomEndEvent(id, end);
  return { type, callId, audience, data: { conferenceId: callId, ...data, causedBy: { via: "system" } } };
}

function endAfterRestart(recording: Recording, end: RecordingEnd, events: readonly LoggedEvent[]): NewEvent {
  const { callId, id } = recording;
  const versions = events.map((event) => Number(dataOf(event)["version"] ?? 0));
  const last = events.at(-1);
  const { type, data } = endEvent(id, end);
  return {
    type,
    callId,
    audience: last?.audience ?? { extensions: recording.extensions },
    data: {
      callId,
      ...data,
      state: "ended",
      version: Math.max(0, ...versions) + 1,
      threadId: last === undefined ? callId : dataOf(last)["threadId"],
      causedBy: { via: "system" },
    },
  };
}

/** The end that was told before the crash, where the table did not learn of it. */
function findEnd(events: readonly LoggedEvent[], recordingId: string): RecordingEnd | undefined {
  const found = events.find((event) => endsOfRecordings.has(event.type) && isOf(event, recordingId));
  if (found === undefined) return undefined;
  const { reason } = dataOf(found);
  return {
    status: found.type.endsWith("_STOPPED") ? "complete" : "failed",
    durationMs: 0,
    bytes: 0,
    ...(typeof reason === "string" && { reason }),
  };
}

async function eventsOf(log: EventLog, callId: string): Promise<readonly LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (let after = 0; ; ) {
    const page = await log.read({ after, limit: 1000, callId });
    events.push(...page);
    const last = page.at(-1);
    if (last === undefined) return events;
    after = last.seq;
  }
}

function isOf(event: Pick<LoggedEvent, "json">, recordingId: string): boolean {
  return dataOf(event)["recordingId"] === recordingId;
}

/** Written by this server. */
function dataOf({ json }: Pick<LoggedEvent, "json">): Readonly<Record<string, unknown>> {
  return (JSON.parse(json) as { readonly data: Readonly<Record<string, unknown>> }).data;
}
