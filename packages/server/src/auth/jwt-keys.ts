import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The key of our own tokens: the one given, else the one in the data folder, made at the first start (mode 600, [W11]). */
export async function loadJwtSecret(dataDir: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const path = join(dataDir, "jwt-secret");
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const made = randomBytes(48).toString("base64url");
    await writeFile(path, made, { mode: 0o600, flag: "wx" });
    return made;
  }
}
