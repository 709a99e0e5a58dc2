import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { callEvent, seededRandom } from "../client-testbench.ts";
import type { ClientEvents } from "../client-events.ts";
import type { Meta } from "../delivery/delivery.ts";
import type { ConnectOptions } from "../options.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { createTestServer, type TestServer, type TestServerOptions } from "../testing/test-server.ts";
import { TestBrowser, type TestTab } from "../testing/test-tabs.ts";
import { SharedClient } from "./shared-client.ts";

/** One tab with its client and what its listeners heard. */
export interface SharedTab {
  readonly tab: TestTab;
  readonly client: SharedClient;
  readonly seen: { readonly event: AnyEvent; readonly source: Meta["source"] }[];
  readonly gaps: ClientEvents["gap"][];
  seqs(): readonly number[];
}

export interface ShareTestbench {
  readonly clock: ManualClock;
  readonly server: TestServer;
  readonly browser: TestBrowser;
  readonly tokenAsks: string[];
  open(options?: Partial<ConnectOptions> & { readonly name?: string; readonly user?: string }): SharedTab;
  pass(ms: number): Promise<void>;
  call(callId: string, type: "CALL_CREATED" | "CALL_ENDED"): void;
}

export function createShareTestbench(server: Partial<TestServerOptions> = {}): ShareTestbench {
  const clock = createManualClock();
  const testServer = createTestServer({ clock, ...server });
  const browser = new TestBrowser(clock);
  const tokenAsks: string[] = [];
  let count = 0;
  return {
    clock,
    server: testServer,
    browser,
    tokenAsks,
    open: ({ name, user = "user-1", ...options } = {}) => {
      count += 1;
      const tabName = name ?? `tab ${count}`;
      const tab = browser.openTab();
      const client = new SharedClient(
        {
          url: "http://pbx.test",
          token: ({ reason }) => {
            tokenAsks.push(`${tabName}: ${reason}`);
            return Promise.resolve("token");
          },
          channels: ["calls"],
          webSocket: testServer.webSocket,
          fetch: testServer.fetch,
          clock: tab.clock,
          random: seededRandom(count),
          ...options,
        },
        user,
        tab.world,
      );
      const seen: SharedTab["seen"] = [];
      const gaps: SharedTab["gaps"] = [];
      client.onAny((event, { source }) => {
        if (event.seq !== undefined) seen.push({ event, source });
      });
      client.on("gap", (gap) => gaps.push(gap));
      client.connect();
      return { tab, client, seen, gaps, seqs: () => seen.map(({ event }) => event.seq ?? 0) };
    },
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 100) {
        await clock.advance(Math.min(100, left));
        await testServer.flushAll();
      }
    },
    call: (callId, type) => testServer.append(callEvent(callId, type, clock.wall()), ["calls"]),
  };
}
