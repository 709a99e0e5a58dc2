import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ContractWorld } from "./contract-world.ts";

const rate = 8000;

/** Sound that somebody uploaded. */
export function testAudio(world: () => ContractWorld): void {
  it("[C24] plays an uploaded file to who is held", async () => {
    const folder = await mkdtemp(join(tmpdir(), "contract-audio-"));
    try {
      const [from, to] = [join(folder, "uploaded.wav"), join(folder, "played.wav")];
      await writeFile(from, toneFile(400, 1));
      expect(await world().engine.importAudio({ from, to, maxMs: 10_000 })).toEqual({ ok: true, durationMs: 1000 });
      const caller = await world().answeredFrom(await world().phone("200"));
      const { legId } = caller;
      if (!world().engine.capabilities.holdMusic) return;
      await world().perform({ op: "holdMusic", legId, isOn: true, path: to });
      await world().harness.until(() => caller.call.hearsPlayback(), "the caller hears the file");
      await world().perform({ op: "holdMusic", legId, isOn: false });
      await world().harness.until(() => !caller.call.hearsPlayback(), "the file is over");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("[C24] refuses what is no sound, too long, or not there, with the reason", async () => {
    const folder = await mkdtemp(join(tmpdir(), "contract-audio-"));
    try {
      const [from, to] = [join(folder, "uploaded.wav"), join(folder, "played.wav")];
      const attempt = () => world().engine.importAudio({ from, to, maxMs: 1000 });
      expect(await attempt()).toEqual({ ok: false, error: "unreadable" });
      await writeFile(from, "no sound at all");
      expect(await attempt()).toEqual({ ok: false, error: "not_wav" });
      await writeFile(from, toneFile(400, 2));
      expect(await attempt()).toEqual({ ok: false, error: "too_long" });
      await writeFile(from, toneFile(400, 0));
      expect(await attempt()).toEqual({ ok: false, error: "empty" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

/** A WAV of one channel, 16 bits, 8 kHz. */
function toneFile(frequencyHz: number, seconds: number): Buffer {
  const samples = rate * seconds;
  const file = Buffer.alloc(44 + samples * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index += 1) {
    file.writeInt16LE(Math.round(Math.sin((2 * Math.PI * frequencyHz * index) / rate) * 10_000), 44 + index * 2);
  }
  return file;
}
