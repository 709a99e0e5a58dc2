import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { announcementFile, spokenNumber } from "./announcement-library.ts";
import { allAnnouncements, announcementLanguages } from "./announcement-texts.ts";

describe.each(announcementLanguages)("announcements in %s", (language) => {
  it("[V5] are all there as 8 kHz, 16 bit, mono, between a quarter of a second and 15 s, and to be heard", () => {
    for (const [id] of allAnnouncements()) {
      const wav = readFileSync(announcementFile(id, language));
      const [channels, rate, bits] = [wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)];
      expect({ id, channels, rate, bits }).toEqual({ id, channels: 1, rate: 8000, bits: 16 });
      const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
      expect(samples.length / rate, id).toBeGreaterThan(0.25);
      expect(samples.length / rate, id).toBeLessThan(15);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(loudest, id).toBeGreaterThan(8000);
    }
  });

  it("[V5] are no more than are known", () => {
    const files = readdirSync(dirname(announcementFile("goodbye", language)));
    expect(files).toHaveLength(allAnnouncements().length);
  });
});

it("[V5] numbers are spoken from 0 to 60", () => {
  expect([-1, 0, 60, 61, 1.5].map(spokenNumber)).toEqual([undefined, "number-0", "number-60", undefined, undefined]);
});
