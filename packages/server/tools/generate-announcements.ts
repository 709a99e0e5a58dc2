// Speaks the announcements to WAV files (8 kHz, 16 bit, mono) with espeak-ng and sox, both from Debian's packages. Run by
// whoever changes a text; the files are part of the repository, so that nobody else needs the two programs.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { allAnnouncements, announcementLanguages } from "../src/announcements/announcement-texts.ts";

const folder = join(import.meta.dirname, "..", "announcements");
const voices = { de: "de", en: "en-gb" } as const;
const wordsPerMinute = "145";

for (const language of announcementLanguages) {
  const target = join(folder, language);
  mkdirSync(target, { recursive: true });
  const wanted = new Set<string>();
  for (const [id, texts] of allAnnouncements()) {
    const spoken = execFileSync("espeak-ng", [
      "-v",
      voices[language],
      "-s",
      wordsPerMinute,
      "--stdout",
      texts[language],
    ]);
    const file = join(target, `${id}.wav`);
    // Telephone band, even loudness, the silence at both ends cut to what sounds natural.
    const shape = [
      "highpass",
      "150",
      "norm",
      "-4",
      "silence",
      "1",
      "0.02",
      "0.5%",
      "reverse",
      "silence",
      "1",
      "0.02",
      "0.5%",
    ];
    execFileSync(
      "sox",
      ["-t", "wav", "-", "-r", "8000", "-c", "1", "-b", "16", "-D", file, ...shape, "reverse", "pad", "0.05", "0.15"],
      { input: spoken, stdio: ["pipe", "ignore", "ignore"] },
    );
    wanted.add(`${id}.wav`);
  }
  for (const name of readdirSync(target)) if (!wanted.has(name)) rmSync(join(target, name));
  console.log(`${target}: ${wanted.size} announcements`);
}
