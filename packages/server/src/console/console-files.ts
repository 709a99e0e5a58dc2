import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";

/** A file of the built web console, with its compressed forms. */
export interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly gzip?: Buffer;
  readonly brotli?: Buffer;
}

/** By path, e.g. `/assets/index-4f2a.js`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};
const maximumFiles = 500;

/** Where `npm start` and `npm run build` put the console. */
export const consoleFolder = join(import.meta.dirname, "..", "..", "..", "console", "dist");

/** Reads the built console into memory; undefined where there is none. What is not of a known type is not served. */
export async function readConsole(folder = consoleFolder): Promise<ConsoleFiles | undefined> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const known = names.filter((name) => types[extname(name)] !== undefined).slice(0, maximumFiles);
  if (!known.includes("index.html")) return undefined;
  const present = new Set(names);
  const read = async (name: string): Promise<Buffer | undefined> =>
    present.has(name) ? readFile(join(folder, name)) : undefined;
  const files = await Promise.all(
    known.map(async (name): Promise<readonly [string, ConsoleFile]> => {
      const bytes = await readFile(join(folder, name));
      const [gzip, brotli] = await Promise.all([read(`${name}.gz`), read(`${name}.br`)]);
      const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
      const type = types[extname(name)] ?? "application/octet-stream";
      const file = { type, etag, bytes, ...(gzip !== undefined && { gzip }), ...(brotli !== undefined && { brotli }) };
      return [`/${name.split(sep).join("/")}`, file];
    }),
  );
  return new Map(files);
}
