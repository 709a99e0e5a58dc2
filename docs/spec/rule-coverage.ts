import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** The list of rules that have no test yet. */
export const plannedFile = join(import.meta.dirname, "planned-rules.json");

/** Ids that docs/spec defines: bold, as in **W25**. */
export function definedRules(): ReadonlySet<string> {
  const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".md"));
  const texts = pages.map((name) => readFileSync(join(import.meta.dirname, name), "utf8"));
  return new Set(texts.flatMap((text) => [...text.matchAll(/\*\*([A-Z]\d+)\*\*/g)].map(([, id = ""]) => id)));
}

/** Ids that the titles of tests name, as in "[W25] …", with the files that do. */
export function testedRules(): ReadonlyMap<string, readonly string[]> {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  const rules = new Map<string, readonly string[]>();
  for (const file of listed.split("\n").filter((name) => name !== "" && existsSync(join(root, name)))) {
    for (const id of rulesInTitles(readFileSync(join(root, file), "utf8")))
      rules.set(id, [...(rules.get(id) ?? []), file]);
  }
  return rules;
}

/** Ids in brackets within the titles of `it`, `test` and `describe`, table tests included. */
export function rulesInTitles(source: string): ReadonlySet<string> {
  const titles = source.matchAll(/(?:\b(?:it|test|describe)(?:\.\w+)*\(|\)\()\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g);
  const groups = [...titles].flatMap(([, , title = ""]) => [...title.matchAll(/\[([^\]]*)\]/g)]);
  return new Set(groups.flatMap(([, inside = ""]) => inside.split(/[\s,]+/).filter((id) => /^[A-Z]\d+$/.test(id))));
}

/** Rules without a test, in the order of their names. */
export function untestedRules(): readonly string[] {
  const tested = testedRules();
  return [...definedRules()].filter((id) => !tested.has(id)).toSorted(byName);
}

function byName(a: string, b: string): number {
  return a.charCodeAt(0) - b.charCodeAt(0) || Number(a.slice(1)) - Number(b.slice(1));
}
