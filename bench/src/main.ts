import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Benchmark, printTable } from "./benchmark.ts";
import { acd } from "./acd/acd.ts";
import { clientInBrowser } from "./client/client.ts";
import { consoleInBrowser } from "./console/console.ts";
import { fanout } from "./fanout/fanout.ts";
import { latency } from "./latency/latency.ts";
import { log } from "./log/log.ts";
import { media } from "./media/media.ts";
import { mixer } from "./mixer/mixer.ts";
import { sip } from "./sip/sip.ts";
import { slow } from "./slow/slow.ts";
import { soak } from "./soak/soak.ts";

const compared: readonly Benchmark[] = [
  fanout,
  slow,
  latency,
  sip,
  media,
  mixer,
  log,
  acd,
  clientInBrowser,
  consoleInBrowser,
];
/** Takes half an hour, so it is not among `all`. */
const benchmarks: readonly Benchmark[] = [...compared, soak];

const { values, positionals: given } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
});
const [minutes] = given.filter((text) => /^\d+$/.test(text)).map(Number);
const positionals = given.filter((text) => !/^\d+$/.test(text));
const chosen = benchmarks.filter(
  (benchmark) => positionals.includes(benchmark.name) || (positionals.includes("all") && compared.includes(benchmark)),
);
if (values.help || chosen.length === 0 || (positionals.length > chosen.length && !positionals.includes("all"))) {
  console.log("usage: npm run bench -- <name …|all> [minutes] [--quick]\n");
  for (const { name, about } of benchmarks) console.log(`  ${name.padEnd(10)} ${about}`);
  process.exit(values.help ? 0 : 2);
}

process.once("SIGTERM", () => process.exit(143));
process.once("SIGINT", () => process.exit(130));
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`,
);
for (const benchmark of chosen) {
  console.log(`${benchmark.name}: ${benchmark.about}`);
  const result = await benchmark.run({
    isQuick: values.quick,
    ...(minutes !== undefined && { minutes }),
    log: (line) => console.error(`  ${line}`),
  });
  console.log(`\n${printTable(result)}\n`);
  for (const note of result.notes) console.log(`- ${note}`);
  for (const failure of result.failures ?? []) console.error(`FAILED: ${failure}`);
  if ((result.failures ?? []).length > 0) process.exitCode = 1;
  const dir = join(import.meta.dirname, "..", "results");
  await mkdir(dir, { recursive: true });
  const file = join(dir, `${benchmark.name}.json`);
  await writeFile(
    file,
    `${JSON.stringify({ benchmark: benchmark.name, at: new Date().toISOString(), ...result }, null, 2)}\n`,
  );
  console.log(`\nwritten to bench/results/${benchmark.name}.json\n`);
}
