// Writes the table of settings into the README pages and the reference; with --check it fails where they differ.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { placeSettings, renderSettingsPage } from "../src/config/settings-markdown.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const read = (path: string): string => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "");

const wanted = [
  ["README.md", placeSettings(read("README.md"), "en")],
  ["README.de.md", placeSettings(read("README.de.md"), "de")],
  ["docs/reference/settings.md", renderSettingsPage()],
] as const;

for (const [path, text] of wanted) {
  if (text === undefined) {
    console.error(`${path} has no marks <!-- settings --> and <!-- /settings -->`);
    process.exitCode = 1;
  } else if (text !== read(path)) {
    if (process.argv.includes("--check")) {
      console.error(`${path} is out of date; run: npm run generate`);
      process.exitCode = 1;
    } else {
      writeFileSync(join(root, path), text);
      console.log(`${path}: written`);
    }
  }
}
