/** One benchmark: what it compares, and how it is run. */
export interface Benchmark {
  readonly name: string;
  readonly about: string;
  run(options: BenchmarkOptions): Promise<BenchmarkResult>;
}

export interface BenchmarkOptions {
  /** Smaller sizes, for a look and for the tests of the benchmarks themselves. */
  readonly isQuick: boolean;
  /** For those that go on for as long as is wanted. */
  readonly minutes?: number;
  readonly log: (line: string) => void;
}

export type Cell = string | number;

export interface BenchmarkResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What the figures mean, what was missed and why. */
  readonly notes: readonly string[];
  /** What is not as it must be; the run fails then. */
  readonly failures?: readonly string[];
  /** For the file of the result only: what the figures come from. */
  readonly samples?: readonly object[];
}

/** A table in Markdown, numbers to the right. */
export function printTable({ columns, rows }: Pick<BenchmarkResult, "columns" | "rows">): string {
  const texts = rows.map((row) => row.map(printCell));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...texts.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[], row?: readonly Cell[]): string =>
    `| ${cells.map((cell, i) => (typeof row?.[i] === "number" ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(columns), rule, ...texts.map((row, index) => line(row, rows[index]))].join("\n");
}

function printCell(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (Math.abs(cell) >= 100) return Math.round(cell).toLocaleString("en-US");
  return String(Number(cell.toPrecision(3)));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
