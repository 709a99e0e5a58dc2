// Writes planned-rules.json anew: the rules that no test names.
import { writeFileSync } from "node:fs";
import { plannedFile, untestedRules } from "./rule-coverage.ts";

const rules = untestedRules();
writeFileSync(plannedFile, `${JSON.stringify(rules, undefined, 2)}\n`);
console.log(`${rules.length} rules have no test yet`);
