import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { quantile } from "../benchmark.ts";
import { passwordOf, startPbx } from "../pbx/server.ts";
import { watch } from "../pbx/watcher.ts";
import { calleeNumber, calleePort, targetPort, userNumbers } from "../sip/peers.ts";
import { openPhone } from "../sip/phone.ts";
import {
  caller,
  calleeAnswers,
  callerHoldsAndTransfers,
  register,
  targetHangsUp,
  targetNumber,
} from "../sip/scenarios.ts";
import { startSipp, type SippRun } from "../sip/sipp.ts";
import { startBenchPhone } from "./bench-phone.ts";
import { type Passage, partRows, type ServerTimes } from "./parts.ts";

const offer =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 49172 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";

interface Sample {
  readonly ringing: Passage[];
  readonly answered: Passage[];
}

/** One call after the other, dialled by a phone; times from the called phone's datagram to the event at the client. */
async function measure(pbx: Awaited<ReturnType<typeof startPbx>>, calls: number): Promise<Sample> {
  const sample: Sample = { ringing: [], answered: [] };
  const from = await openPhone({ number: "30001", password: passwordOf("30001"), pbx: pbx.sip });
  const to = await startBenchPhone({ number: "30002", password: passwordOf("30002"), pbx: pbx.sip, answerAfterMs: 40 });
  let wanted = "";
  let done: () => void = () => undefined;
  const watcher = await watch(pbx.url, pbx.token, ({ type, data, seq, at }) => {
    if (type === "CALL_CREATED" && (data["caller"] as { number: string }).number === "30001") {
      wanted = String(data["callId"]);
    }
    if (data["callId"] !== wanted) return;
    if (type === "CALL_RINGING") sample.ringing.push({ seq, sentAt: to.sentAt(180), arrivedAt: at });
    if (type === "CALL_ANSWERED") {
      sample.answered.push({ seq, sentAt: to.sentAt(200), arrivedAt: at });
      watcher.send("hangup", { callId: wanted });
    }
    if (type === "CALL_ENDED") done();
  });
  for (let call = 0; call < calls; call += 1) {
    const isOver = new Promise<void>((resolve) => {
      done = resolve;
    });
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`call ${call} did not come to its end`)), 20_000).unref();
    });
    from.call("30002", { body: offer });
    await Promise.race([isOver, late]);
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
  }
  watcher.close();
  await from.close();
  to.close();
  return sample;
}

const wholeMs = (passages: readonly Passage[]): readonly number[] =>
  passages.map(({ sentAt, arrivedAt }) => arrivedAt - sentAt);

async function readTimes(file: string): Promise<ServerTimes> {
  return new Map(JSON.parse(await readFile(file, "utf8")) as [number, Record<string, number>][]);
}

export const latency: Benchmark = {
  name: "latency",
  about: "from a phone's 180 or 200 to the event at a subscribed client, idle and at 100 calls/s",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const dir = await mkdtemp(join(tmpdir(), "pbx-x-bench-times-"));
    const file = join(dir, "times.json");
    const pbx = await startPbx({
      nodeOptions: `--import=${new URL("./server-probe.ts", import.meta.url).href}`,
      env: { BENCH_TIMES: file },
    });
    const runs: SippRun[] = [];
    try {
      await pbx.addExtensions(["30001", "30002", ...userNumbers(500)]);
      await pbx.addExtensions([calleeNumber, targetNumber], 1000);
      const row = (number: string): string =>
        `${number};[authentication username=${number} password=${passwordOf(number)}];${calleeNumber}`;
      const target = pbx.sip;
      for (const [number, port] of [
        [calleeNumber, calleePort],
        [targetNumber, targetPort],
      ] as const) {
        await (await startSipp({ scenario: register, target, port, rows: [row(number)], total: 1 })).done;
      }
      const calls = isQuick ? 20 : 200;
      log("warming up …");
      await measure(pbx, isQuick ? 5 : 50);
      log("idle …");
      const idle = await measure(pbx, calls);
      const perSecond = isQuick ? 20 : 100;
      log(`at ${perSecond} calls/s …`);
      const rows = userNumbers(500).map(row);
      runs.push(
        await startSipp({ scenario: calleeAnswers, target, port: calleePort, rows }),
        await startSipp({ scenario: targetHangsUp, target, port: targetPort, rows }),
        await startSipp({ scenario: caller, target, port: 6800, rows, perSecond: perSecond * 0.9, pauseMs: 1000 }),
        await startSipp({
          scenario: callerHoldsAndTransfers,
          target,
          port: 6801,
          rows,
          perSecond: perSecond * 0.1,
          pauseMs: 1000,
        }),
      );
      await new Promise((resolve) => {
        setTimeout(resolve, 3000);
      });
      const loaded = await measure(pbx, calls);
      for (const run of runs) run.stop();
      await pbx.stop();
      const times = await readTimes(file);
      const load = `${perSecond} calls/s`;
      const line = (what: string, at: string, passages: readonly Passage[]): readonly Cell[] => {
        const values = wholeMs(passages);
        return [what, at, values.length, quantile(values, 0.5), quantile(values, 0.99)];
      };
      const ratio = (a: readonly Passage[], b: readonly Passage[], share: number): string =>
        (quantile(wholeMs(b), share) / quantile(wholeMs(a), share)).toFixed(2);
      return {
        columns: ["from → to, and its parts", "load", "samples", "p50 ms", "p99 ms"],
        rows: [
          line("180 → CALL_RINGING", "idle", idle.ringing),
          line("200 → CALL_ANSWERED", "idle", idle.answered),
          line("180 → CALL_RINGING", load, loaded.ringing),
          line("200 → CALL_ANSWERED", load, loaded.answered),
          ...partRows([...idle.ringing, ...idle.answered], times, "idle"),
          ...partRows([...loaded.ringing, ...loaded.answered], times, load),
        ],
        notes: [
          "Measured in the process of phone and client: from before the datagram is sent to the parsed event.",
          `Load ÷ idle: ringing p50 ${ratio(idle.ringing, loaded.ringing, 0.5)}, p99 ${ratio(idle.ringing, loaded.ringing, 0.99)}; ` +
            `answered p50 ${ratio(idle.answered, loaded.answered, 0.5)}, p99 ${ratio(idle.answered, loaded.answered, 0.99)}.`,
          "The parts are of both events together, noted in the server by node:diagnostics_channel; a middle of parts is not a part of the middle.",
          "Of the load, a tenth is held, taken back and passed on by the phone (REFER).",
          "SIPp, phones, client and PBX share the machine's cores.",
        ],
      };
    } finally {
      for (const run of runs) run.stop();
      await pbx.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};
