import type { CommandName } from "@pbx-x/protocol";
import type { EngineUsage } from "@pbx-x/telephony";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EventLog } from "../event-log/event-log.ts";
import type { CommandHandler, CommandHandlers } from "../realtime/command-handler.ts";

/** What the figures are read from, at the moment they are asked for. */
export interface MetricSources {
  readonly log: Pick<EventLog, "onCommitted" | "head" | "oldest">;
  readonly activeCalls: () => number;
  readonly extensions: () => number;
  readonly registrations: () => number;
  readonly sockets: () => { readonly connections: number; readonly sessions: number; readonly waitingBytes: number };
  /** What the engine holds; each figure goes back to zero when nothing goes on. */
  readonly engine: () => EngineUsage;
  readonly version: string;
}

export interface Metrics {
  readonly registry: Registry;
  countBlockedSource(): void;
  /** The figures an administrator asks for most ([R9]). */
  stats(): Readonly<Record<string, number>>;
  /** The same handlers, with their times taken. */
  timed<Handlers extends CommandHandlers>(handlers: Handlers): Handlers;
}

/** Figures for Prometheus ([R9]). */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "pbxx_" });
  const gauges: Readonly<Record<string, readonly [string, () => number]>> = {
    pbxx_calls_active: ["Calls going on", sources.activeCalls],
    pbxx_extensions: ["Extensions configured", sources.extensions],
    pbxx_registrations: ["Phones registered", sources.registrations],
    pbxx_sockets: ["WebSocket connections", () => sources.sockets().connections],
    pbxx_sessions: ["Sessions, connected or to be resumed", () => sources.sockets().sessions],
    pbxx_outbox_bytes: ["Bytes that wait to be written to sockets", () => sources.sockets().waitingBytes],
    pbxx_event_log_head: ["Last position of the event log", () => sources.log.head()],
    pbxx_event_log_oldest: ["Oldest position that is kept", () => sources.log.oldest()],
  };
  for (const [name, [help, read]] of Object.entries(gauges)) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
  }
  new Gauge({ name: "pbxx_info", help: "Version", labelNames: ["version"], registers }).set(
    { version: sources.version },
    1,
  );
  const inUse: Gauge<"what"> = new Gauge({
    name: "pbxx_engine_in_use",
    help: "What the telephony engine holds",
    labelNames: ["what"],
    registers,
    collect: () => {
      for (const [what, count] of Object.entries(sources.engine())) inUse.set({ what }, count);
    },
  });
  const blocked = new Counter({
    name: "pbxx_sources_blocked_total",
    help: "Addresses blocked for wrong SIP passwords or unknown users",
    registers,
  });
  const events = new Counter({ name: "pbxx_events_total", help: "Events logged", labelNames: ["type"], registers });
  const ended = new Counter({ name: "pbxx_calls_ended_total", help: "Ended calls", labelNames: ["cause"], registers });
  const times = new Histogram({
    name: "pbxx_command_seconds",
    help: "From a command's arrival to its answer",
    labelNames: ["command", "ok"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  let eventCount = 0;
  let endedCount = 0;
  sources.log.onCommitted((batch) => {
    for (const { type, json } of batch) {
      events.inc({ type });
      eventCount += 1;
      if (type !== "CALL_ENDED") continue;
      endedCount += 1;
      ended.inc({ cause: /"hangupCause":"(\w+)"/.exec(json)?.[1] ?? "unknown" });
    }
  });
  const timedHandler =
    (name: string, handler: CommandHandler<CommandName>): CommandHandler<CommandName> =>
    async (params, context) => {
      const stop = times.startTimer({ command: name });
      let isDone = false;
      try {
        const outcome = await handler(params, context);
        isDone = outcome.ok;
        return outcome;
      } finally {
        stop({ ok: String(isDone) });
      }
    };
  return {
    registry,
    countBlockedSource: () => blocked.inc(),
    stats: () => {
      const { connections, sessions, waitingBytes } = sources.sockets();
      return {
        activeCalls: sources.activeCalls(),
        endedCalls: endedCount,
        extensions: sources.extensions(),
        registrations: sources.registrations(),
        sockets: connections,
        sessions,
        outboxBytes: waitingBytes,
        events: eventCount,
        eventLogHead: sources.log.head(),
        eventLogOldest: sources.log.oldest(),
        uptimeSeconds: Math.round(process.uptime()),
        memoryBytes: process.memoryUsage().rss,
      };
    },
    timed: (handlers) => {
      const entries = Object.entries(handlers).map(([name, handler]) => [
        name,
        // Each handler keeps its own parameters; the timing does not look at them.
        timedHandler(name, handler as CommandHandler<CommandName>),
      ]);
      return Object.fromEntries(entries) as typeof handlers;
    },
  };
}
