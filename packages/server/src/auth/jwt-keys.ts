import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

/** As for a key that is given ([R11]). */
const minimumLength = 32;

export interface JwtSecretOptions {
  readonly dataDir: string;
  /** `PBXX_JWT_SECRET`. */
  readonly given: string | undefined;
  readonly warn: (message: string) => void;
}

/**
 * The key of our own tokens: the one given, else the one in the data folder, made at the first start (mode 600, [W11]).
 * A file without a key, as a power cut may leave it, is made anew; one that is too short to be safe is an error.
 */
export async function loadJwtSecret({ dataDir, given, warn }: JwtSecretOptions): Promise<string> {
  if (given !== undefined) return given;
  const path = join(dataDir, "jwt-secret");
  const found = await readIfThere(path);
  // What was never written to the disk may be read as NUL characters.
  const secret = found?.replaceAll("\0", "").trim() ?? "";
  if (secret.length >= minimumLength) return secret;
  if (secret !== "") {
    throw new Error(
      `${path} holds less than ${minimumLength} characters, which is no safe key of tokens: put a longer one there, or remove the file and a new one is made`,
    );
  }
  if (found !== undefined) warn("the file jwt-secret was empty: a new key of the tokens is made");
  const made = randomBytes(48).toString("base64url");
  await writeWhole(path, made);
  return made;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Under its name it is there whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
