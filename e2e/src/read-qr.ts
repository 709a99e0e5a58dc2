import { spawnSync } from "node:child_process";

/** The text of the QR code in a picture (PNG), as a camera finds it: by a reader of its own. */
export function readQr(png: Buffer): string {
  const { status, stdout, stderr } = spawnSync("zbarimg", ["--quiet", "--raw", "PNG:-"], {
    input: png,
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(`no QR code was read: ${String(stderr)}`);
  return String(stdout).trimEnd();
}
