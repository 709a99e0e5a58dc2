/** A piece of sound that was uploaded: music for who waits, an announcement. */
export interface Prompt {
  readonly id: string;
  readonly name: string;
  readonly durationMs: number;
  /** Of the file that is played. */
  readonly bytes: number;
  readonly createdAtMs: number;
}

/** Most bytes of an upload; ten minutes of stereo at 48 kHz are 115 MB, of what a telephone can play 10 MB. */
export const maximumUploadBytes = 32 * 1024 * 1024;
export const maximumPromptMs = 10 * 60_000;
export const maximumPrompts = 200;

/** The key of its file in the blob store. */
export function blobKeyOf(id: string): string {
  return `prompts/${id}.wav`;
}
