import { events } from "@pbx-x/protocol";
import { describe, expect, it } from "vitest";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import { createMetrics } from "./metrics.ts";

const context: CommandContext = {
  via: "command",
  commandId: "c1",
  identity: {
    userId: "anna",
    displayName: "Anna",
    role: "user",
    permissions: new Set(),
    queueIds: [],
    tokenExpiresAtMs: 1,
  },
};

function open() {
  let counter = 0;
  const log = createMemoryEventLog({ newId: () => `id-${(counter += 1)}`, now: () => 0 });
  const metrics = createMetrics({
    log,
    activeCalls: () => 2,
    extensions: () => 5,
    registrations: () => 4,
    sockets: () => ({ connections: 7, sessions: 8, waitingBytes: 9 }),
    engine: () => ({
      legs: 4,
      bridges: 2,
      playbacks: 0,
      recordings: 0,
      mediaPorts: 8,
      transactions: 1,
      bindings: 3,
      subscriptions: 2,
    }),
    version: "1.2.3",
  });
  return { log, metrics, read: () => metrics.registry.metrics() };
}

describe("figures", () => {
  it("[R9] shows what goes on: calls, phones, sockets, outboxes, log, event loop", async () => {
    const { metrics, read } = open();
    metrics.countBlockedSource();
    const text = await read();
    for (const line of [
      "pbxx_calls_active 2",
      "pbxx_extensions 5",
      "pbxx_registrations 4",
      "pbxx_sockets 7",
      "pbxx_sessions 8",
      "pbxx_outbox_bytes 9",
      "pbxx_event_log_head 0",
      'pbxx_engine_in_use{what="legs"} 4',
      'pbxx_engine_in_use{what="mediaPorts"} 8',
      "pbxx_sources_blocked_total 1",
      'pbxx_info{version="1.2.3"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(/pbxx_nodejs_eventloop_lag_p99_seconds \d/);
    expect(text).toMatch(/pbxx_process_resident_memory_bytes \d/);
  });

  it("[R9] counts events by type and ended calls by cause", async () => {
    const { log, metrics, read } = open();
    const { callId } = events.CALL_ENDED.example;
    const append = (type: "CALL_CREATED" | "CALL_ENDED", data: Readonly<Record<string, unknown>>) =>
      log.append([{ type, data, audience: {}, callId }]).committed;
    await append("CALL_CREATED", events.CALL_CREATED.example);
    await append("CALL_ENDED", { ...events.CALL_ENDED.example, hangupCause: "busy" });
    await append("CALL_ENDED", { ...events.CALL_ENDED.example, hangupCause: "busy" });
    const text = await read();
    expect(text).toContain('pbxx_events_total{type="CALL_CREATED"} 1\n');
    expect(text).toContain('pbxx_events_total{type="CALL_ENDED"} 2\n');
    expect(text).toContain('pbxx_calls_ended_total{cause="busy"} 2\n');
    expect(metrics.stats()).toMatchObject({ events: 3, endedCalls: 2, eventLogHead: 3 });
  });

  it("[R9] takes the time of commands, also of those that were refused or failed", async () => {
    const { metrics, read } = open();
    const handlers = {
      hangup: async () => ({ ok: true, data: { callId: "c" } }),
      answer: async () => ({ ok: false, error: { code: "CALL_NOT_FOUND", message: "no" } }),
      reject: async () => {
        throw new Error("broken");
      },
    } satisfies CommandHandlers;
    const timed = metrics.timed<CommandHandlers>(handlers);
    expect(await timed.hangup?.({ callId: "c" }, context)).toMatchObject({ ok: true });
    expect(await timed.answer?.({ callId: "c" }, context)).toMatchObject({ ok: false });
    await expect(timed.reject?.({ callId: "c" }, context)).rejects.toThrow("broken");
    const text = await read();
    expect(text).toContain('pbxx_command_seconds_count{command="hangup",ok="true"} 1\n');
    expect(text).toContain('pbxx_command_seconds_count{command="answer",ok="false"} 1\n');
    expect(text).toContain('pbxx_command_seconds_count{command="reject",ok="false"} 1\n');
  });
});
