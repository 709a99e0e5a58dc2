import { commands } from "@pbx-x/protocol";
import { z } from "zod";
import { pageOf } from "./answers.ts";
import { callAnswer, callRecordAnswer, eventAnswer, eventsAnswer, snapshotAnswer } from "./call-answers.ts";

/** What the OpenAPI document says of an answer that its route does not describe by itself. */
export interface DescribedAnswer {
  /** As JSON; undefined where it is something else. */
  readonly answer?: z.ZodType;
  readonly status?: 200 | 201;
  /** The same as text, or bytes, of these types. */
  readonly texts?: readonly string[];
  readonly problems?: readonly number[];
}

/**
 * Answers that are passed on as they are, because they were made by the protocol's own definitions or are too large to
 * be checked again on their way out; a test holds them against these descriptions.
 */
const described: Readonly<Record<string, DescribedAnswer>> = {
  "GET /calls": { answer: pageOf(callAnswer) },
  "GET /calls/:id": { answer: z.union([callAnswer, callRecordAnswer]) },
  "GET /calls/:id/timeline": { answer: z.object({ callId: z.uuid(), events: z.array(eventAnswer).readonly() }) },
  "GET /cdr": { answer: pageOf(callRecordAnswer), texts: ["text/csv"] },
  "GET /recordings/:id/stream": { texts: ["audio/wav"], problems: [409, 416] },
  "GET /voicemail/messages/:id/stream": { texts: ["audio/wav"], problems: [416] },
  "GET /prompts/:id/stream": { texts: ["audio/wav"] },
  "GET /voicemail/boxes/:id/greeting": { texts: ["audio/wav"] },
  "GET /announcements/:language/:name/stream": { texts: ["audio/wav"] },
  "GET /events": { answer: eventsAnswer, problems: [410] },
  "POST /calls/:id/transfer": { answer: commands.transferBlind.result, status: 200, problems: [422, 503] },
  "GET /snapshot": { answer: snapshotAnswer },
};

/** Of a route below `/api/v1`; a command's answer is that of the protocol ([R6]). */
export function describedAnswer(method: string, path: string): DescribedAnswer | undefined {
  const found = described[`${method} ${path}`];
  if (found !== undefined || method !== "POST") return found;
  const [, part = ""] = /^\/calls\/(?::id\/)?(\w+(?:\/\w+)?)$/.exec(path) ?? [];
  const name = part.replace(/^recording\/(\w)/, (_, first: string) => `record${first.toUpperCase()}`);
  const command = Object.values(commands).find((definition) => definition.name === name);
  if (command === undefined) return undefined;
  return { answer: command.result, status: name === "originate" ? 201 : 200, problems: [422, 503] };
}
