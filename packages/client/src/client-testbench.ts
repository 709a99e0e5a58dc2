import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { connect, type PbxClient } from "./client.ts";
import type { ClientEvents } from "./client-events.ts";
import type { Meta } from "./delivery/delivery.ts";
import type { ConnectOptions } from "./options.ts";
import { createFaults, type Faults } from "./testing/faults.ts";
import { createManualClock, type ManualClock } from "./testing/manual-clock.ts";
import { createTestServer, type TestServer, type TestServerOptions } from "./testing/test-server.ts";

/** A client, its server and its time, all in the test's hand. */
export interface Testbench {
  readonly clock: ManualClock;
  readonly server: TestServer;
  readonly client: PbxClient;
  /** What the client was made with, for another one. */
  readonly options: ConnectOptions;
  readonly seen: { readonly event: AnyEvent; readonly source: Meta["source"] }[];
  readonly told: { readonly [T in keyof ClientEvents]: ClientEvents[T][] };
  readonly tokenReasons: string[];
  /** When the application was asked for a token. */
  readonly tokenTimes: number[];
  readonly faults: Faults;
  /** Sequence numbers of the logged events that a listener got. */
  seqs(): readonly number[];
  /** Lets time pass in steps, with frames moving in between. */
  pass(ms: number): Promise<void>;
  /** One event of a call in the log. */
  call(callId: string, type: "CALL_CREATED" | "CALL_ENDED"): void;
}

export async function createTestbench(
  options: Partial<ConnectOptions> & Pick<TestServerOptions, "onCommand" | "refuse"> = {},
): Promise<Testbench> {
  const clock = createManualClock();
  const { onCommand, refuse, ...rest } = options;
  const server = createTestServer({ clock, ...(onCommand && { onCommand }), ...(refuse && { refuse }) });
  const tokenReasons: string[] = [];
  const tokenTimes: number[] = [];
  const faults = createFaults({ server, clock });
  const given: ConnectOptions = {
    url: "http://pbx.test",
    token: faults.token(({ reason }) => {
      tokenReasons.push(reason);
      tokenTimes.push(clock.now());
      return Promise.resolve(`token-${tokenReasons.length}`);
    }),
    channels: ["calls"],
    clientId: "test",
    webSocket: server.webSocket,
    fetch: server.fetch,
    clock,
    random: seededRandom(1),
    ...rest,
  };
  const client = connect(given);
  const seen: Testbench["seen"] = [];
  const told: Testbench["told"] = { resumed: [], gap: [], channelError: [], error: [] };
  client.onAny((event, { source }) => {
    if (event.seq !== undefined) seen.push({ event, source });
  });
  client.on("resumed", (event) => told.resumed.push(event));
  client.on("gap", (event) => told.gap.push(event));
  client.on("channelError", (event) => told.channelError.push(event));
  client.on("error", (event) => told.error.push(event));
  await server.flushAll();
  return {
    clock,
    server,
    client,
    options: given,
    seen,
    told,
    tokenReasons,
    tokenTimes,
    faults,
    seqs: () => seen.map(({ event }) => event.seq ?? 0),
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 500) {
        await clock.advance(Math.min(500, left));
        await server.flushAll();
      }
    },
    call: (callId, type) => server.append(callEvent(callId, type, clock.elsewhere()), ["calls"]),
  };
}

/** Numbers that look random and are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The smallest legal events of a call. */
export function callEvent(callId: string, type: "CALL_CREATED" | "CALL_ENDED", wallMs: number): AnyEvent {
  const timestamp = new Date(wallMs).toISOString();
  const caller = { number: "200" };
  const callee = { number: "201" };
  const causedBy = { via: "phone" } as const;
  const common = { callId, threadId: callId, causedBy, caller, callee };
  if (type === "CALL_CREATED") {
    return { type, timestamp, data: { ...common, direction: "internal", state: "initiated", version: 1 } };
  }
  const end = {
    state: "ended",
    version: 2,
    hangupCause: "normal_clearing",
    hangupBy: "caller",
    durationSeconds: 0,
  } as const;
  return { type, timestamp, data: { ...common, ...end } };
}
