import type { FastifyReply, FastifyRequest } from "fastify";
import { parseByteRange } from "../recordings/byte-range.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { ProblemError } from "./problem.ts";

export interface SentSound {
  readonly blobKey: string;
  /** Bytes. */
  readonly size: number;
  /** Without the ending. */
  readonly fileName: string;
  /** What is about to be heard begins at this byte. */
  readonly onListening?: (start: number) => void;
}

/** Answers with a WAV file, also in parts as players ask for them ([R8]). */
export function sendSound(
  request: FastifyRequest,
  reply: FastifyReply,
  blobs: Pick<BlobStore, "read">,
  { blobKey, size, fileName, onListening }: SentSound,
): FastifyReply {
  const range = parseByteRange(request.headers.range, size);
  void reply.header("accept-ranges", "bytes").header("cache-control", "private, no-store");
  if (range.kind === "unsatisfiable") {
    void reply.header("content-range", `bytes */${size}`);
    throw new ProblemError(416, `The file has ${size} bytes.`);
  }
  const { start, end } = range.kind === "part" ? range : { start: 0, end: size - 1 };
  onListening?.(start);
  if (range.kind === "part") void reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  return reply
    .type("audio/wav")
    .header("content-length", String(end - start + 1))
    .header("content-disposition", `inline; filename="${fileName}.wav"`)
    .send(blobs.read(blobKey, { start, end }));
}

/** Answers with the whole of a short WAV file. @param gone what is said where it is not there any more */
export async function sendWholeSound(
  reply: FastifyReply,
  blobs: Pick<BlobStore, "read" | "size">,
  blobKey: string,
  gone: string,
): Promise<FastifyReply> {
  const size = await soundSize(blobs, blobKey, gone);
  return reply.type("audio/wav").header("content-length", String(size)).send(blobs.read(blobKey));
}

/** The size of a long file. @throws ProblemError 404 where it is gone */
export async function soundSize(blobs: Pick<BlobStore, "size">, blobKey: string, gone: string): Promise<number> {
  const size = await blobs.size(blobKey);
  if (size === undefined) throw new ProblemError(404, gone);
  return size;
}
