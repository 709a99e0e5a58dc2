import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of so many KiB, in memory; rejects where this user may not make one. */
export async function mountSmallDisk(folder: string, kib: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder]);
}

export async function unmountDisk(folder: string): Promise<void> {
  await run("umount", [folder]);
}

/** Whether this user may mount. */
export async function mayMount(): Promise<boolean> {
  const probe = await mkdtemp(join(tmpdir(), "pbx-x-mount-"));
  try {
    await mountSmallDisk(probe, 64);
    await unmountDisk(probe);
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { recursive: true });
  }
}
