import { parseMessage } from "@pbx-x/sip";
import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { quantile } from "../benchmark.ts";
import { passwordOf, startPbx } from "../pbx/server.ts";
import { watch } from "../pbx/watcher.ts";
import { calleeNumber, calleePort, userNumbers } from "../sip/peers.ts";
import { openPhone } from "../sip/phone.ts";
import { caller, calleeAnswers, register } from "../sip/scenarios.ts";
import { startSipp, type SippRun } from "../sip/sipp.ts";
import { startBenchPhone } from "./bench-phone.ts";

const offer =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 49172 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";

interface Sample {
  readonly ringing: number[];
  readonly answered: number[];
}

/** One call after the other, dialled by a phone; times from the called phone's datagram to the event at the client. */
async function measure(pbx: Awaited<ReturnType<typeof startPbx>>, calls: number): Promise<Sample> {
  const sample: Sample = { ringing: [], answered: [] };
  const from = await openPhone({ number: "30001", password: passwordOf("30001"), pbx: pbx.sip });
  const to = await startBenchPhone({ number: "30002", password: passwordOf("30002"), pbx: pbx.sip, answerAfterMs: 40 });
  let wanted = "";
  let done: () => void = () => undefined;
  const watcher = await watch(pbx.url, pbx.token, ({ type, data, at }) => {
    if (type === "CALL_CREATED" && (data["caller"] as { number: string }).number === "30001") {
      wanted = String(data["callId"]);
    }
    if (data["callId"] !== wanted) return;
    if (type === "CALL_RINGING") sample.ringing.push(at - to.sentAt(180));
    if (type === "CALL_ANSWERED") {
      sample.answered.push(at - to.sentAt(200));
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

/** The parser's part: the answer of a phone, as it arrives. */
function parseMs(): number {
  const text =
    "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKabc\r\nFrom: <sip:30001@127.0.0.1>;tag=a\r\n" +
    "To: <sip:30002@127.0.0.1>;tag=b\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:30002@127.0.0.1:5070>\r\nContent-Length: 0\r\n\r\n";
  const bytes = new TextEncoder().encode(text);
  for (let round = 0; round < 5000; round += 1) parseMessage(bytes);
  const startedAt = performance.now();
  for (let round = 0; round < 20_000; round += 1) parseMessage(bytes);
  return (performance.now() - startedAt) / 20_000;
}

export const latency: Benchmark = {
  name: "latency",
  about: "from a phone's 180 or 200 to the event at a subscribed client, idle and at 100 calls/s",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const pbx = await startPbx();
    const runs: SippRun[] = [];
    try {
      await pbx.addExtensions(["30001", "30002", ...userNumbers(500)]);
      await pbx.addExtensions([calleeNumber], 1000);
      const row = (number: string): string =>
        `${number};[authentication username=${number} password=${passwordOf(number)}];${calleeNumber}`;
      const target = pbx.sip;
      await (await startSipp({ scenario: register, target, port: calleePort, rows: [row(calleeNumber)], total: 1 }))
        .done;
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
        await startSipp({ scenario: caller, target, port: 6800, rows, perSecond, pauseMs: 1000 }),
      );
      await new Promise((resolve) => {
        setTimeout(resolve, 3000);
      });
      const loaded = await measure(pbx, calls);
      const line = (what: string, load: string, values: readonly number[]): readonly Cell[] => [
        what,
        load,
        values.length,
        quantile(values, 0.5),
        quantile(values, 0.99),
      ];
      const ratio = (a: readonly number[], b: readonly number[], share: number): string =>
        (quantile(b, share) / quantile(a, share)).toFixed(2);
      return {
        columns: ["from → to", "load", "samples", "p50 ms", "p99 ms"],
        rows: [
          line("180 → CALL_RINGING", "idle", idle.ringing),
          line("200 → CALL_ANSWERED", "idle", idle.answered),
          line("180 → CALL_RINGING", `${perSecond} calls/s`, loaded.ringing),
          line("200 → CALL_ANSWERED", `${perSecond} calls/s`, loaded.answered),
        ],
        notes: [
          "Measured in the process of phone and client: from before the datagram is sent to the parsed event.",
          `Load ÷ idle: ringing p50 ${ratio(idle.ringing, loaded.ringing, 0.5)}, p99 ${ratio(idle.ringing, loaded.ringing, 0.99)}; ` +
            `answered p50 ${ratio(idle.answered, loaded.answered, 0.5)}, p99 ${ratio(idle.answered, loaded.answered, 0.99)}.`,
          `Of that, parsing the phone's answer takes ${parseMs().toFixed(3)} ms; the commit of the event is in the benchmark "log".`,
          "SIPp, phones, client and PBX share the machine's cores.",
        ],
      };
    } finally {
      for (const run of runs) run.stop();
      await pbx.stop();
    }
  },
};
