import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "./failure.ts";

/** What a log-in leaves behind; only the user may read the file. */
export interface Credentials {
  readonly url: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

function fileOf(env: NodeJS.ProcessEnv): string {
  return join(env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "pbx-x", "login.json");
}

export async function readCredentials(env: NodeJS.ProcessEnv): Promise<Credentials> {
  const text = await readFile(fileOf(env), "utf8").catch(() => undefined);
  if (text === undefined) throw new Failure("You are not logged in. Run: npm run pbxx -- login --email <address>");
  return JSON.parse(text) as Credentials;
}

export async function writeCredentials(env: NodeJS.ProcessEnv, credentials: Credentials): Promise<string> {
  const file = fileOf(env);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
  return file;
}

export async function deleteCredentials(env: NodeJS.ProcessEnv): Promise<void> {
  await rm(fileOf(env), { force: true });
}
