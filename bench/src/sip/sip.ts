import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { measure, type Series, users } from "./measure.ts";
import { asteriskPeer, type SipPeer, startAriPeer, startOwnPeer } from "./peers.ts";

const comparedUpTo: Readonly<Record<Series["what"], number>> = {
  registrations: 1000,
  calls: 120,
  "hold and transfer": 40,
};

/** Raises the rate until set-up takes 50 ms or 1 % fail, twice: what else the machine does comes and goes. */
async function climb(
  peer: SipPeer,
  what: Series["what"],
  rates: readonly number[],
  seconds: number,
): Promise<Series[]> {
  const series: Series[] = [];
  for (const rate of rates) {
    const first = await measure(peer, what, rate, seconds);
    const one = isGood(first) ? first : await measure(peer, what, rate, seconds);
    series.push(one);
    // Up to here all are measured, so that their CPU time can be compared whatever else the machine does.
    if (!isGood(one) && rate >= comparedUpTo[what]) break;
  }
  return series;
}

/** Code that runs for the first time is compiled first, and a start is no steady state: the same for all. */
async function warmUp(peer: SipPeer, seconds: number): Promise<void> {
  await measure(peer, "calls", 80, seconds);
}

const isGood = ({ failedPercent, meanMs }: Series): boolean => failedPercent < 1 && meanMs < 50;

export const sip: Benchmark = {
  name: "sip",
  about: "authenticated registrations and calls (180, 200, 1 s, BYE) by SIPp, the socket subscribed to everything",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const seconds = isQuick ? 3 : 10;
    const registrations = isQuick ? [100] : [500, 1000, 2000, 3000, 4000];
    const calls = isQuick ? [20] : [40, 80, 120, 160, 240, 320, 400, 480];
    const services = isQuick ? [10] : [20, 40, 80, 120];
    const results = new Map<string, Series[]>();
    const starts: readonly (() => Promise<SipPeer | undefined>)[] = [
      () => startOwnPeer(users),
      () => Promise.resolve(asteriskPeer(process.env)),
      () => startAriPeer(process.env),
    ];
    for (const start of starts) {
      const peer = await start();
      if (peer === undefined) continue;
      try {
        const series: Series[] = [];
        log(`${peer.name}: warming up …`);
        await warmUp(peer, isQuick ? 2 : 15);
        const parts = [
          ...(peer.isForCallsOnly ? [] : [["registrations", registrations] as const]),
          ["calls", calls] as const,
          ...(peer.hasTarget ? [["hold and transfer", services] as const] : []),
        ];
        for (const [what, rates] of parts) {
          log(`${peer.name}: ${what} …`);
          series.push(...(await climb(peer, what, rates, seconds)));
        }
        results.set(peer.name, series);
      } finally {
        await peer.stop();
      }
    }
    const best = (name: string, what: Series["what"]): number =>
      Math.max(
        0,
        ...(results.get(name) ?? [])
          .filter((one) => one.what === what && isGood(one))
          .map(({ perSecond }) => perSecond),
      );
    const [own, ...others] = [...results.keys()];
    const rows = [...results].flatMap(([name, series]) =>
      series.map((one): readonly Cell[] => [
        name,
        one.what,
        one.perSecond,
        one.failedPercent,
        one.meanMs,
        one.cpuMs,
        one.cpuPercent,
        one.retransmissions,
        one.bytesPerCall / 1000,
      ]),
    );
    const notes = [
      "Set-up is from the INVITE with credentials to its 200; the callee answers at once.",
      "Hold and transfer: 300 ms of talk, 300 ms held (re-INVITE), then passed on by REFER to a third one, who hangs up.",
      "SIPp and the PBX share the machine's cores.",
    ];
    for (const what of ["registrations", "calls", "hold and transfer"] as const) {
      if (own === undefined) continue;
      const ratios = others
        .filter((name) => results.get(name)?.some((one) => one.what === what) === true)
        .map((name) => {
          const held = best(name, what);
          return `, ${name}: ${held === 0 ? "none" : `${held}/s, ratio ${(best(own, what) / held).toFixed(2)}`}`;
        });
      notes.push(`Highest good rate of ${what}: PBX-X ${best(own, what)}/s${ratios.join("")}.`);
    }
    if (others.length === 0) notes.push("No Asterisk was given (PBXX_BENCH_ASTERISK, see bench/README.md).");
    return {
      columns: [
        "PBX",
        "what",
        "per second",
        "failed %",
        "set-up ms",
        "CPU ms each",
        "CPU %",
        "retransmissions",
        "kB per call",
      ],
      rows,
      notes,
    };
  },
};
