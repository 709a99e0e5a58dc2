import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { measure, type Series, users } from "./measure.ts";
import { asteriskPeer, type SipPeer, startOwnPeer } from "./peers.ts";

/** Raises the rate until set-up takes 50 ms or 1 % fail. */
async function climb(
  peer: SipPeer,
  what: Series["what"],
  rates: readonly number[],
  seconds: number,
): Promise<Series[]> {
  const series: Series[] = [];
  for (const rate of rates) {
    const one = await measure(peer, what, rate, seconds);
    series.push(one);
    if (!isGood(one)) break;
  }
  return series;
}

const isGood = ({ failedPercent, meanMs }: Series): boolean => failedPercent < 1 && meanMs < 50;

export const sip: Benchmark = {
  name: "sip",
  about: "authenticated registrations and calls (180, 200, 1 s, BYE) by SIPp, the socket subscribed to everything",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const seconds = isQuick ? 3 : 10;
    const registrations = isQuick ? [100] : [500, 1000, 1500, 2000, 3000];
    const calls = isQuick ? [20] : [40, 80, 120, 160, 200, 240, 320];
    const results = new Map<string, Series[]>();
    const other = asteriskPeer(process.env);
    for (const start of [() => startOwnPeer(users), ...(other === undefined ? [] : [() => Promise.resolve(other)])]) {
      const peer = await start();
      try {
        const series: Series[] = [];
        for (const [what, rates] of [
          ["registrations", registrations],
          ["calls", calls],
        ] as const) {
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
    const [own, peer] = [...results.keys()];
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
      "SIPp and the PBX share the machine's cores.",
    ];
    for (const what of ["registrations", "calls"] as const) {
      if (own === undefined) continue;
      const ratio =
        peer === undefined
          ? ""
          : `, ${peer}: ${best(peer, what)}/s, ratio ${(best(own, what) / best(peer, what)).toFixed(2)}`;
      notes.push(`Highest good rate of ${what}: PBX-X ${best(own, what)}/s${ratio}.`);
    }
    if (other === undefined) notes.push("No Asterisk was given (PBXX_BENCH_ASTERISK, see bench/README.md).");
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
