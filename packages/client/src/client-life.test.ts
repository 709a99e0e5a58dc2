import { afterEach, describe, expect, it } from "vitest";
import { createTestbench } from "./client-testbench.ts";

type Listener = (event: unknown) => void;

/** As much of a page as the client listens to. */
class FakeTarget {
  readonly #listeners = new Map<string, Set<Listener>>();

  addEventListener(type: string, listener: Listener, { signal }: { readonly signal: AbortSignal }): void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    signal.addEventListener("abort", () => listeners.delete(listener));
  }

  fire(type: string, event: object = {}): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  get count(): number {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

const page = globalThis as { window?: unknown; document?: unknown };
function openPage(): { readonly window: FakeTarget; readonly document: FakeTarget & { visibilityState: string } } {
  const made = {
    window: new FakeTarget(),
    document: Object.assign(new FakeTarget(), { visibilityState: "visible" }),
  };
  page.window = made.window;
  page.document = made.document;
  return made;
}
afterEach(() => {
  delete page.window;
  delete page.document;
});

describe("sleep and pages", () => {
  it("[S20] after a sleep it asks once; a server that answers keeps the connection", async () => {
    const bench = await createTestbench();
    await bench.pass(1000);
    bench.clock.jumpWall(3600_000);
    await bench.pass(10_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[S20] a connection that did not survive the sleep is given up within seconds, and nothing is missed", async () => {
    const bench = await createTestbench();
    await bench.pass(1000);
    bench.server.goSilent();
    bench.call("a", "CALL_CREATED");
    bench.clock.jumpWall(60_000);
    await bench.pass(15_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.server.attempts).toHaveLength(2);
    expect(bench.client.state.call("a")?.state).toBe("initiated");
  });

  it("[S20] a wall clock that is set back changes nothing", async () => {
    const bench = await createTestbench();
    await bench.pass(1000);
    bench.clock.jumpWall(-7200_000);
    await bench.pass(120_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[S21] a network that is back ends the waiting at once", async () => {
    const { window } = openPage();
    const bench = await createTestbench();
    bench.server.refusals = [503, 503, 503, 503];
    bench.server.cut();
    await bench.pass(20_000);
    expect(bench.client.connection.get().at).not.toBe("live");
    bench.server.refusals = [];
    window.fire("online");
    await bench.pass(500);
    expect(bench.client.connection.get().at).toBe("live");
  });

  it("[S22] a hidden page keeps its connection", async () => {
    const { document } = openPage();
    const bench = await createTestbench();
    document.visibilityState = "hidden";
    document.fire("visibilitychange");
    await bench.pass(300_000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.server.attempts).toHaveLength(1);
  });

  it("[S23] a page that is put away gives up its socket and comes back where it was", async () => {
    const { window } = openPage();
    const bench = await createTestbench();
    window.fire("pagehide", { persisted: true });
    // The browser lets no time pass for a page that is put away.
    expect(bench.server.connections).toBe(0);
    bench.call("a", "CALL_CREATED");
    bench.clock.jumpWall(3600_000);
    window.fire("pageshow", { persisted: true });
    await bench.pass(1000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(bench.told.resumed).toMatchObject([{ via: "resume", missed: 1 }]);
  });

  it("[S23] nothing listens to the page any more after close()", async () => {
    const { window, document } = openPage();
    const bench = await createTestbench();
    expect(window.count + document.count).toBeGreaterThan(0);
    await bench.client.close();
    expect(window.count + document.count).toBe(0);
  });
});

describe("after a log-in", () => {
  it("[S42] the same user goes on where the client was", async () => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    await bench.pass(500);
    bench.server.validTokens = new Set();
    bench.server.cut();
    await bench.pass(60_000);
    expect(bench.client.connection.get()).toMatchObject({ at: "closed", reason: "auth" });
    bench.call("b", "CALL_CREATED");
    bench.server.validTokens = undefined;
    bench.client.connect();
    await bench.pass(1000);
    expect(bench.seqs()).toEqual([1, 2]);
    expect(bench.client.state.calls().map(({ callId }) => callId)).toEqual(["a", "b"]);
  });

  it("[S42] another user finds nothing of the one before", async () => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    bench.call("b", "CALL_CREATED");
    bench.call("b", "CALL_ENDED");
    await bench.pass(500);
    bench.server.validTokens = new Set();
    bench.server.forgetSessions();
    await bench.pass(60_000);
    bench.server.validTokens = undefined;
    bench.server.userId = "user-2";
    bench.call("a", "CALL_ENDED");
    bench.client.connect();
    await bench.pass(1000);
    expect(bench.client.connection.get().at).toBe("live");
    expect(["a", "b"].map((callId) => bench.client.state.call(callId))).toEqual([undefined, undefined]);
  });
});

describe("events", () => {
  it("[D7] say where they come from, how old they are and how many they stand for", async () => {
    const bench = await createTestbench();
    const metas: unknown[] = [];
    bench.client.on("CALL_CREATED", (_, meta) => metas.push(meta));
    bench.call("a", "CALL_CREATED");
    await bench.pass(500);
    bench.server.cut();
    bench.call("b", "CALL_CREATED");
    await bench.pass(5000);
    expect(metas).toMatchObject([
      { source: "live", ageMs: 500, conflated: 0 },
      { source: "replay", conflated: 0 },
    ]);
    expect((metas[1] as { ageMs: number }).ageMs).toBeGreaterThan(1000);
  });

  it("[M5] an entity and a list are the same object until they change", async () => {
    const bench = await createTestbench();
    bench.call("a", "CALL_CREATED");
    bench.call("b", "CALL_CREATED");
    await bench.pass(500);
    const [a, all] = [bench.client.state.call("a"), bench.client.state.calls()];
    bench.call("b", "CALL_ENDED");
    await bench.pass(500);
    expect(bench.client.state.call("a")).toBe(a);
    expect(bench.client.state.calls()).not.toBe(all);
    expect(Object.isFrozen(a)).toBe(true);
  });
});
