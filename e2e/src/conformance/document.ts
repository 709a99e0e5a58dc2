import type { Item } from "./items.ts";

/** A passed end-to-end test and what it has seen. */
export interface Proof {
  readonly file: string;
  readonly title: string;
  readonly evidence: readonly string[];
}

/** Tests named per item; more would make the table no better. */
const shown = 2;

export function proofsOf(item: Item, proofs: readonly Proof[]): readonly Proof[] {
  return proofs.filter(({ evidence, title }) =>
    item.rules === undefined ? evidence.includes(item.id) : item.rules.some((rule) => title.includes(`[${rule}]`)),
  );
}

/** The table of everything that the specification asks for, with the tests that have seen it on real phones. */
export function renderConformance(
  items: readonly Item[],
  additions: readonly Item[],
  proofs: readonly Proof[],
): string {
  const [specified, added] = [rowsOf(items, proofs), rowsOf(additions, proofs)];
  return [
    "# Conformance",
    "",
    "Written by the end-to-end tests themselves: a test proves an item when it waited for that event, value or answer on a",
    "real socket, with real phones behind it, got it, and passed.",
    "",
    `**${specified.proven} of ${items.length}** items of the [specification](spec/event-schema.de.md) are proven.`,
    "",
    "| section | item | proven by |",
    "| ------- | ---- | --------- |",
    ...specified.lines,
    "",
    "## Beyond the specification",
    "",
    `**${added.proven} of ${additions.length}** events and commands that the specification does not have are proven.`,
    "",
    "| kind | item | proven by |",
    "| ---- | ---- | --------- |",
    ...added.lines,
    "",
  ].join("\n");
}

function rowsOf(items: readonly Item[], proofs: readonly Proof[]): { lines: readonly string[]; proven: number } {
  const rows = items.map((item) => ({ item, by: proofsOf(item, proofs).toSorted(byPlace).slice(0, shown) }));
  return {
    proven: rows.filter(({ by }) => by.length > 0).length,
    lines: rows.map(({ item, by }) => `| ${item.section} | ${item.text} | ${by.map(cell).join("; ") || "–"} |`),
  };
}

/** Items that a written table says are proven. */
export function provenIn(document: string, items: readonly Item[]): ReadonlySet<string> {
  const proven = new Set<string>();
  for (const item of items) {
    const row = document.split("\n").find((line) => line.startsWith(`| ${item.section} | ${item.text} |`));
    if (row !== undefined && !row.endsWith("| – |")) proven.add(item.id);
  }
  return proven;
}

function cell({ file, title }: Proof): string {
  return `${title.replaceAll("|", "\\|")} ([${file}](../e2e/${file}))`;
}

function byPlace(a: Proof, b: Proof): number {
  return a.file.localeCompare(b.file) || a.title.localeCompare(b.title);
}
