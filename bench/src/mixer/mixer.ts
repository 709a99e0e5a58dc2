import type { CodecName } from "@pbx-x/media";
import type { Benchmark, BenchmarkResult, Cell } from "../benchmark.ts";
import { startChild } from "../child.ts";
import { VoiceLine } from "../media/voice-line.ts";
import { cpuMsOf } from "../process-figures.ts";

interface Load {
  readonly codec: CodecName;
  readonly payloadType: number;
  /** Members of each room; two are sent each other's packets, more a mix. */
  readonly room: number;
  readonly members: number;
}

const slots = 10;

/** Everybody talks for so long; each has its own moment within the 20 ms. */
async function talk(lines: readonly VoiceLine[], seconds: number): Promise<void> {
  const startedAt = performance.now();
  for (let tick = 0; tick < seconds * 50 * slots; tick += 1) {
    const waitMs = startedAt + (tick * 20) / slots - performance.now();
    if (waitMs > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, waitMs);
      });
    }
    for (let index = tick % slots; index < lines.length; index += slots) lines[index]?.send();
  }
}

async function measure({ codec, payloadType, room, members }: Load, seconds: number): Promise<readonly Cell[]> {
  const child = startChild(new URL("./rooms.ts", import.meta.url));
  const lines: VoiceLine[] = [];
  try {
    for (let index = 0; index < members; index += 1) lines.push(await VoiceLine.open(index + 1, payloadType));
    const ports = await child.ask<readonly number[]>({
      do: "open",
      codec,
      payloadType,
      room,
      ports: lines.map(({ port }) => port),
    });
    for (const [index, port] of ports.entries()) lines[index]?.speakTo("127.0.0.1", port);
    await talk(lines, 1);
    for (const line of lines) line.take();
    const before = cpuMsOf(child.pid);
    const startedAt = performance.now();
    await talk(lines, seconds);
    const elapsedMs = performance.now() - startedAt;
    const cpuMs = cpuMsOf(child.pid) - before;
    const received = lines.reduce((sum, line) => sum + line.take().received, 0);
    const perFrame = (cpuMs * 1000) / received;
    return [codec, room, members, perFrame, (cpuMs / elapsedMs) * 100, received / members / (elapsedMs / 1000)];
  } finally {
    for (const line of lines) line.close();
    await child.stop();
  }
}

export const mixer: Benchmark = {
  name: "mixer",
  about:
    "rooms in which everybody talks, in the media service alone: CPU per member and 20 ms, beside pairs that are relayed",
  run: async ({ isQuick, log }): Promise<BenchmarkResult> => {
    const seconds = isQuick ? 3 : 5;
    const rooms = isQuick ? [2, 3, 50] : [2, 3, 10, 50];
    const rows: (readonly Cell[])[] = [];
    for (const [codec, payloadType] of [
      ["PCMA", 8],
      ["G722", 9],
    ] as const) {
      for (const room of rooms) {
        log(`${codec}, ${room} in a room …`);
        const members = Math.max(room, Math.floor(20 / room) * room);
        rows.push(await measure({ codec, payloadType, room, members }, seconds));
      }
    }
    return {
      columns: ["codec", "in a room", "members", "CPU µs per member and 20 ms", "CPU % of a core", "packets/s each"],
      rows,
      notes: [
        "All of it is in the figures: sockets, decoding, jitter buffer, mix, encoding.",
        "A member is sent 50 packets/s; where there are fewer, the machine had no time for more, and the CPU figure is too high.",
      ],
    };
  },
};
