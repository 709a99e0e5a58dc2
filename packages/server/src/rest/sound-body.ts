import type { AudioImportError } from "@pbx-x/telephony";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ProblemError } from "./problem.ts";

const soundTypes = ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "application/octet-stream"];

/** Problems of a route that takes sound. */
const soundProblems = [413, 415, 422] as const;

/** In this part of the API a body may be sound. @param maxBytes larger ones get 413 */
export function acceptSound(instance: FastifyInstance, maxBytes: number): void {
  instance.addContentTypeParser(soundTypes, { parseAs: "buffer", bodyLimit: maxBytes }, (_request, body, done) =>
    done(null, body),
  );
}

/** Options of a route whose body is sound. */
export function soundUpload<Schema extends object>(maxBytes: number, schema: Schema, ...problems: readonly number[]) {
  const config = { problems: [...problems, ...soundProblems] };
  return { bodyLimit: maxBytes, config, schema: { ...schema, consumes: ["audio/wav"] } };
}

/** @throws ProblemError 415 where the body is something else */
export function soundOf({ body }: Pick<FastifyRequest, "body">): Buffer {
  if (!Buffer.isBuffer(body)) throw new ProblemError(415, "The body has to be a WAV file (audio/wav).");
  return body;
}

/** Why sound was not taken, and what to do. */
export function refusedSound(error: AudioImportError, maxMs: number): ProblemError {
  const longest = maxMs < 120_000 ? `${maxMs / 1000} seconds` : `${maxMs / 60_000} minutes`;
  const texts: Readonly<Record<AudioImportError, string>> = {
    not_wav: "This is no WAV file.",
    unsupported: "Only 16-bit PCM is taken, mono or stereo, 8 to 192 kHz: save it in that form.",
    truncated: "The file is cut off.",
    too_long: `It is longer than ${longest}.`,
    empty: "There is no sound in it.",
    unreadable: "The file cannot be read.",
  };
  return new ProblemError(422, texts[error]);
}
