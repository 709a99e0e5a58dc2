import { setTimeout as pause } from "node:timers/promises";
import type { Benchmark, BenchmarkResult } from "../benchmark.ts";
import { startPbx } from "../pbx/server.ts";
import { judgeRun } from "./judge.ts";
import { nativeConnect, type RoamingClient, socketIoConnect, startRoamingClient } from "./roaming-client.ts";
import { takeSample, type Sample } from "./samples.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { buildWorld, type SoakWorld, type Stage } from "./soak-world.ts";

const defaultMinutes = 30;
const actors = 6;
const sampleMs = 10_000;
/** SIP transactions end after 32 s, lost sessions after two minutes. */
const restMs = 150_000;
/** Of what is done, so much may fail: the machine has other things to do. */
const allowedFailures = 0.01;

interface Tally {
  done: number;
  readonly failures: string[];
}

export const soak: Benchmark = {
  name: "soak",
  about: `mixed traffic for ${defaultMinutes} minutes, or as many as are given: is everything as before when it ends?`,
  run: async ({ minutes = defaultMinutes, isQuick, log }): Promise<BenchmarkResult> => {
    const untilMs = (isQuick ? 1 : minutes) * 60_000;
    const pbx = await startPbx({
      nodeOptions: `--expose-gc --import=${new URL("./garbage-on-signal.ts", import.meta.url).href}`,
      // The shorter greeting; no end by silence.
      env: { PBXX_VOICEMAIL_LANGUAGE: "en", PBXX_VOICEMAIL_SILENCE_SECONDS: "600" },
    });
    const clients: RoamingClient[] = [];
    let world: SoakWorld | undefined;
    try {
      const { stages } = (world = await buildWorld(pbx, actors));
      const tally = new Map<string, Tally>(scenarios.map(({ name }) => [name, { done: 0, failures: [] }]));
      const act = (scenario: Scenario, stage: Stage) => perform(scenario, stage, tally);
      log("everything once, at each place …");
      await Promise.all(
        stages.map(async (stage) => {
          for (const scenario of scenarios) await act(scenario, stage);
        }),
      );
      log("at rest …");
      const before = await untilRest(() => takeSample(pbx.url, pbx.pid, 0));

      const randomStay = (): number => 3000 + Math.random() * 7000;
      const token = (): Promise<string> => pbx.login();
      const [native, overSocketIo] = [nativeConnect(pbx.url, token), socketIoConnect(pbx.url, token)];
      const steady = startRoamingClient("steady", native, token, () => 0);
      clients.push(
        steady,
        startRoamingClient("WebSocket 1", native, token, randomStay),
        startRoamingClient("WebSocket 2", native, token, randomStay),
        startRoamingClient("Socket.IO 1", overSocketIo, token, randomStay),
        startRoamingClient("Socket.IO 2", overSocketIo, token, randomStay),
      );
      await pause(2000);
      const startedAt = performance.now();
      const elapsed = (): number => performance.now() - startedAt;
      const during: Sample[] = [];
      let isTraffic = true;
      const sampling = (async () => {
        while (isTraffic) {
          const sample = await takeSample(pbx.url, pbx.pid, elapsed() / 1000);
          during.push(sample);
          if (during.length % 6 === 1) log(describeSample(sample, tally));
          await pause(sampleMs);
        }
      })();
      await Promise.all(
        stages.map(async (stage) => {
          for (let turn = stage.index; elapsed() < untilMs; turn += 1) {
            const scenario = scenarios[turn % scenarios.length];
            if (scenario !== undefined) await act(scenario, stage);
          }
        }),
      );
      isTraffic = false;
      await sampling;
      await pause(2000);
      for (const client of clients) await client.settle();
      const seen = clients.map((client) => ({ name: client.name, ...client.seen() }));
      for (const client of clients) client.close();
      log("at rest again …");
      const after = await untilRest(() => takeSample(pbx.url, pbx.pid, elapsed() / 1000), before.sessions);

      const verdicts = judgeRun({ before, during, after });
      const wanted = seen[0];
      const blind = seen.filter(
        ({ events, sum, faults }) => faults.length > 0 || events !== wanted?.events || sum !== wanted.sum,
      );
      const done = [...tally.values()].reduce((sum, one) => sum + one.done, 0);
      const failed = [...tally.values()].flatMap(({ failures }) => failures);
      const failures = [
        ...verdicts.filter(({ isFlat }) => !isFlat).map(({ what }) => `not as before: ${what}`),
        ...blind.map(
          ({ name, events, faults }) => `${name} saw ${events} of ${wanted?.events} events; ${faults.join(", ")}`,
        ),
        ...(failed.length > done * allowedFailures
          ? [`${failed.length} of ${done} scenarios: ${counted(failed)}`]
          : []),
        ...(wanted === undefined || wanted.events === 0 ? ["no events were seen"] : []),
      ];
      return {
        columns: ["what", "before", "most", "after", "allowed", "verdict"],
        rows: verdicts.map(({ what, before: was, most, after: is, allowed, isFlat }) => [
          what,
          was,
          most,
          is,
          allowed,
          isFlat ? "flat" : "NOT FLAT",
        ]),
        notes: [
          `${Math.round(untilMs / 6000) / 10} minutes of traffic, ${done} scenarios (${[...tally].map(([name, one]) => `${name} ${one.done}`).join(", ")}), ` +
            `${failed.length} failed${failed.length > 0 ? `: ${counted(failed)}` : ""}.`,
          `Clients: ${seen.map(({ name, events, reconnects }) => `${name} ${events} events, ${reconnects} reconnections`).join("; ")}.`,
          "Before and after: at rest, garbage collected, each scenario used before; most: of the samples every 10 s.",
          `Resident memory: ${mib(before.residentBytes)} before, ${mib(after.residentBytes)} MiB after.`,
        ],
        failures,
        samples: [before, ...during, after],
      };
    } finally {
      for (const client of clients) client.close();
      await world?.close();
      await pbx.stop();
    }
  },
};

async function perform(scenario: Scenario, stage: Stage, tally: ReadonlyMap<string, Tally>): Promise<void> {
  const { name } = scenario;
  const own = tally.get(name);
  try {
    await scenario.run(stage);
  } catch (error) {
    own?.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    await stage.clear();
  }
  if (own !== undefined) own.done += 1;
}

/** The first sample in which nothing goes on any more; the last one where that does not come. */
async function untilRest(take: () => Promise<Sample>, sessions = Number.POSITIVE_INFINITY): Promise<Sample> {
  const until = performance.now() + restMs;
  for (;;) {
    const sample = await take();
    const { legs = 0, mediaPorts = 0, transactions = 0, bridges = 0, playbacks = 0 } = sample.engine;
    const isAtRest = sample.calls + legs + mediaPorts + transactions + bridges + playbacks === 0;
    if ((isAtRest && sample.sessions <= sessions) || performance.now() > until) return take();
    await pause(2000);
  }
}

function describeSample(
  { second, heapBytes, files, calls, engine }: Sample,
  tally: ReadonlyMap<string, Tally>,
): string {
  const done = [...tally.values()].reduce((sum, one) => sum + one.done, 0);
  const failed = [...tally.values()].reduce((sum, { failures }) => sum + failures.length, 0);
  return (
    `${Math.round(second)} s: heap ${mib(heapBytes)} MiB, ${files} files, ${calls} calls, ${engine["legs"] ?? 0} legs, ` +
    `${engine["mediaPorts"] ?? 0} ports; ${done} scenarios, ${failed} failed`
  );
}

/** The most frequent first. */
function counted(complaints: readonly string[]): string {
  const counts = [...Map.groupBy(complaints, (text) => text)].map(([text, all]) => ({ text, times: all.length }));
  const sorted = counts.toSorted((a, b) => b.times - a.times).slice(0, 8);
  return sorted.map(({ text, times }) => `${text} (${times} times)`).join("; ");
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
