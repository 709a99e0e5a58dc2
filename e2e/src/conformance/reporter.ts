import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { type Proof, proofsOf, provenIn, renderConformance } from "./document.ts";
import { additiveItems, specifiedItems } from "./items.ts";

const folder = join(import.meta.dirname, "../..");
const target = join(folder, "../docs/conformance.md");

/**
 * Writes docs/conformance.md after a whole and passed end-to-end run. With CI=true it writes nothing and fails the run where
 * the table promises what no test has seen.
 */
export default class ConformanceReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const e2e = modules.filter(({ project }) => project.name === "e2e");
    const isWhole = readdirSync(folder).filter((name) => name.endsWith(".test.ts")).length === e2e.length;
    if (!isWhole || !e2e.every((module) => module.ok())) return;
    const [items, additions] = [specifiedItems(), additiveItems()];
    const proofs = e2e.flatMap(proofsIn);
    const written = existsSync(target) ? readFileSync(target, "utf8") : "";
    if (process.env["CI"] === "true") {
      const all = [...items, ...additions];
      const promised = provenIn(written, all);
      const lost = all.filter(({ id }) => promised.has(id)).filter((i) => proofsOf(i, proofs).length === 0);
      if (lost.length === 0) return;
      console.error(
        `docs/conformance.md says these are proven, and no test has seen them: ${lost.map(({ id }) => id).join(", ")}`,
      );
      process.exitCode = 1;
      return;
    }
    writeFileSync(target, renderConformance(items, additions, proofs));
  }
}

function proofsIn(module: TestModule): readonly Proof[] {
  return [...module.children.allTests("passed")].map((test) => ({
    file: basename(module.moduleId),
    title: test.name,
    evidence: test.meta().evidence ?? [],
  }));
}
