import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { readWav } from "../wav/wav.ts";
import { RecordingFile, recordingFileLimits } from "./recording-file.ts";
import { WriteTurns } from "./write-turns.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-file-"));
});
afterEach(() => rm(dir, { recursive: true }));

type Disk = Pick<FileHandle, "write" | "datasync" | "close">;
const block = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(1);

/** A disk of so many bytes beside the header, which then says that it is full; `isStuck` while it does nothing at all. */
function smallDisk(room: number) {
  const state = { isStuck: false, size: 44, header: new Uint8Array() };
  const waiting: (() => void)[] = [];
  const disk = {
    write: async (bytes: Uint8Array, from = 0, length = bytes.length, position = 0) => {
      if (state.isStuck) await new Promise<void>((resolve) => waiting.push(resolve));
      if (position < 44) {
        state.header = bytes.slice(from, from + length);
        return { bytesWritten: length, buffer: bytes };
      }
      const bytesWritten = Math.min(length, room + 44 - position);
      if (bytesWritten <= 0) throw Object.assign(new Error("full"), { code: "ENOSPC" });
      state.size = position + bytesWritten;
      return { bytesWritten, buffer: bytes };
    },
    datasync: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const release = (): void => {
    state.isStuck = false;
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { disk: disk as unknown as Disk, state, release };
}

const dataBytesOf = (header: Uint8Array): number => new DataView(header.buffer).getUint32(40, true);

describe("the file of a recording", () => {
  it("[C52] can be played at any moment: the header fits what is there, at the latest 5 s behind", async () => {
    const path = join(dir, "a.wav");
    const file = await RecordingFile.create(path, new WriteTurns());
    for (let second = 0; second < 12; second += 1) file.append(block(32_000));
    await eventually(async () => (await stat(path)).size).toBe(44 + 12 * 32_000);
    const crashed = readWav(await readFile(path));
    expect(crashed.ok && crashed.channels[0]?.length).toBe(80_000);
    await file.close();
    const whole = readWav(await readFile(path));
    expect(whole.ok && whole.channels[0]?.length).toBe(96_000);
    expect([file.durationMs, file.bytes, file.failure]).toEqual([12_000, 44 + 12 * 32_000, undefined]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("never writes over what is there", async () => {
    const path = join(dir, "a.wav");
    await writeFile(path, "precious");
    await expect(RecordingFile.create(path, new WriteTurns())).rejects.toThrow("EEXIST");
    expect(await readFile(path, "utf8")).toBe("precious");
  });

  it("[C51] fails cleanly on a full disk: whole samples, a header that fits, no more writing", async () => {
    const { disk, state } = smallDisk(1002);
    const file = new RecordingFile(disk, new WriteTurns(), recordingFileLimits);
    file.append(block(640));
    file.append(block(640));
    await eventually(() => file.failure).toBe("disk_full");
    file.append(block(640));
    await file.close();
    expect([file.bytes, state.size, dataBytesOf(state.header)]).toEqual([44 + 1000, 44 + 1002, 1000]);
  });

  it("fails when the disk is too slow for what waits, and keeps what it has", async () => {
    const { disk, state, release } = smallDisk(1_000_000);
    const file = new RecordingFile(disk, new WriteTurns(), { ...recordingFileLimits, maxWaitingBytes: 2000 });
    file.append(block(640));
    await eventually(() => state.size).toBe(684);
    state.isStuck = true;
    for (let count = 0; count < 3; count += 1) file.append(block(640));
    expect(file.failure).toBeUndefined();
    file.append(block(640));
    expect(file.failure).toBe("disk_slow");
    release();
    await file.close();
    expect(dataBytesOf(state.header)).toBe(file.bytes - 44);
    expect(file.failure).toBe("disk_slow");
  });

  it("ends at the longest size", async () => {
    const { disk } = smallDisk(1_000_000);
    const file = new RecordingFile(disk, new WriteTurns(), { ...recordingFileLimits, maxBytes: 1000 });
    file.append(block(640));
    file.append(block(640));
    expect(file.failure).toBe("too_long");
    await file.close();
    expect(file.bytes).toBe(684);
  });
});

describe("turns at the disk", () => {
  it("are two at a time, in order, also after one that failed", async () => {
    const turns = new WriteTurns(2);
    const running: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((task) =>
      turns
        .run(async () => {
          running.push(task);
          await new Promise<void>((resolve) => ends.push(resolve));
          if (task === 0) throw new Error("failed");
        })
        .catch(() => "failed"),
    );
    await Promise.resolve();
    expect(running).toEqual([0, 1]);
    for (let task = 0; task < 4; task += 1) {
      await eventually(() => ends.length).toBeGreaterThan(task);
      ends[task]?.();
    }
    expect(await Promise.all(all)).toEqual(["failed", undefined, undefined, undefined]);
    expect(running).toEqual([0, 1, 2, 3]);
  });
});
