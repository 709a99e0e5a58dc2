import type { Party } from "../calls/call.ts";

/** A recording as it is kept ([C56]). */
export interface Recording {
  readonly id: string;
  readonly callId: string;
  readonly status: "recording" | "complete" | "failed";
  readonly caller: Party;
  readonly callee: Party;
  /** Extensions that were in the call while it was recorded. */
  readonly extensions: readonly { readonly id: string; readonly number: string }[];
  readonly startedAtMs: number;
  /** Absent where an extension's policy started it. */
  readonly startedBy?: { readonly userId: string; readonly name: string };
  readonly blobKey: string;
  readonly durationMs: number;
  readonly bytes: number;
  /** Why it failed, or ended otherwise than asked for. */
  readonly reason?: string;
}

/** How a recording ended. */
export interface RecordingEnd {
  readonly status: "complete" | "failed";
  readonly durationMs: number;
  readonly bytes: number;
  readonly reason?: string;
}

/** Folders by day, so that none gets too large. */
export function blobKeyOf(id: string, startedAtMs: number): string {
  const day = new Date(startedAtMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return `recordings/${day}/${id}.wav`;
}
