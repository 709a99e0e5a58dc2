import { describe, expect, it } from "vitest";
import { deadlines, type Effect, idleMachine, type Input, type Machine, nextTickAt } from "./machine.ts";
import { next } from "./next.ts";
import type { SocketEnd } from "./judge-end.ts";

type Loose = Input extends infer Each ? (Each extends unknown ? Omit<Each, "generation"> : never) : never;

/** A machine driven by a list of inputs; each is given the present generation. */
class Drive {
  machine: Machine = idleMachine;
  now = 0;
  effects: Effect[] = [];
  random = 1;

  feed(...inputs: readonly (Loose & { readonly generation?: number })[]): this {
    for (const input of inputs) {
      const whole = { generation: this.machine.generation, ...input } as Input;
      const { machine, effects } = next(this.machine, whole, this.now, { random: () => this.random });
      this.machine = machine;
      this.effects.push(...effects);
    }
    return this;
  }

  /** Time passes; the machine is told at each moment that it asked for. */
  wait(ms: number): this {
    const until = this.now + ms;
    for (let at = nextTickAt(this.machine); at !== undefined && at <= until; at = nextTickAt(this.machine)) {
      this.now = Math.max(this.now, at);
      this.feed({ on: "tick" });
    }
    this.now = until;
    return this;
  }

  goLive(): this {
    return this.feed({ on: "token" }, { on: "opened" }, { on: "greeted" }, { on: "caughtUp" });
  }

  done(what: Effect): number {
    return this.effects.filter((effect) => effect === what).length;
  }
}

const started = (): Drive => new Drive().feed({ on: "connect" });
const live = (): Drive => started().goLive();
const end = (code: number, more: Partial<SocketEnd> = {}) => ({ on: "ended", end: { code, ...more } }) as const;

describe("the connection's states", () => {
  it("[S1] connect() asks for a token at once and is connecting", () => {
    const drive = started();
    expect(drive.machine.at).toBe("connecting");
    expect(drive.effects).toEqual(["askToken"]);
    expect(drive.machine).toMatchObject({ generation: 1, isTokenRejected: false });
  });

  it("[S2] is live only after CONNECTED and the catch-up", () => {
    const drive = started().feed({ on: "token" }, { on: "opened" }, { on: "greeted" });
    expect(drive.machine.at).toBe("connecting");
    expect(drive.feed({ on: "caughtUp" }).machine.at).toBe("live");
    expect(drive.done("open")).toBe(1);
  });

  it("[S3] [S4] a loss makes it resuming, after 10 s offline; attempts behind it do not change that", () => {
    const drive = live().wait(60_000).feed(end(1006));
    expect(drive.machine.at).toBe("resuming");
    drive.wait(9999);
    expect(drive.machine.at).toBe("resuming");
    drive.wait(1);
    expect(drive.machine.at).toBe("offline");
    const seen = new Set<string>();
    for (let second = 0; second < 120; second += 1) {
      drive.wait(1000);
      seen.add(drive.machine.at);
    }
    expect([...seen]).toEqual(["offline"]);
    expect(drive.machine.attempt).toBeGreaterThan(3);
    // Comes back out of the present attempt.
    while (drive.machine.phase !== "token") drive.wait(1000);
    expect(drive.goLive().machine.at).toBe("live");
  });

  it.each([
    ["token", 0, deadlines.token],
    ["opening", 1, deadlines.opening],
    ["greeting", 2, deadlines.greeting],
    ["catchingUp", 3, deadlines.catchingUp],
  ] as const)("[S5] gives up an attempt that stays in %s", (phase, steps, limit) => {
    const inputs = [{ on: "token" }, { on: "opened" }, { on: "greeted" }] as const;
    const drive = started().feed(...inputs.slice(0, steps));
    expect(drive.machine.phase).toBe(phase);
    expect(drive.wait(limit - 1).machine.phase).toBe(phase);
    expect(drive.wait(1).machine.phase).toBe("waiting");
    expect(drive.done("abandon")).toBe(1);
  });

  it("[S5] progress gives the catch-up more time", () => {
    const drive = started().feed({ on: "token" }, { on: "opened" }, { on: "greeted" });
    for (let round = 0; round < 10; round += 1) drive.wait(14_000).feed({ on: "progress" });
    expect(drive.machine.phase).toBe("catchingUp");
  });

  it("[S6] hears nothing of an older attempt", () => {
    const drive = started().feed({ on: "token" }, { on: "opened" }).wait(deadlines.greeting);
    const before = drive.machine;
    drive.feed({ on: "greeted", generation: 1 }, { ...end(1000), generation: 1 });
    expect(drive.machine).toBe(before);
  });

  it("[S7] close() ends everything; nothing of it is heard afterwards", () => {
    const drive = live().feed({ on: "close" });
    expect(drive.machine).toMatchObject({ at: "closed", closed: { reason: "user" }, deadline: undefined });
    const { machine } = drive;
    expect(drive.feed({ on: "tick" }, end(1006), { on: "wake" }, { on: "greeted" }).machine).toBe(machine);
  });

  it("[S10] starts the back-off anew only after 30 s of live", () => {
    const drive = live().wait(1000).feed(end(1006));
    while (drive.machine.phase !== "token") drive.wait(100);
    expect(drive.machine.attempt).toBe(2);
    drive.goLive().wait(31_000).feed(end(1006)).wait(1000);
    expect(drive.machine.attempt).toBe(1);
  });

  it.each([
    [1012, {}, 0, 5000],
    [1012, { retryAfterSeconds: 10 }, 10_000, 15_000],
    [4000, {}, 0, 1000],
    [4008, {}, 5000, 7500],
  ] as const)("[S11] after %i %o the next attempt is between %i and %i ms away", (code, more, least, most) => {
    for (const random of [0, 1]) {
      const drive = live();
      drive.random = random;
      drive.feed(end(code, more));
      expect((drive.machine.deadline ?? 0) - drive.now).toBe(random === 0 ? least : most);
    }
  });

  it("[S21] wakes up a waiting attempt, at most once in 5 s", () => {
    const drive = live().feed(end(1006)).wait(20_000);
    while (drive.machine.phase !== "waiting") drive.wait(500);
    drive.feed({ on: "wake" });
    expect((drive.machine.deadline ?? 0) - drive.now).toBeLessThanOrEqual(500);
    const { deadline } = drive.machine;
    expect(drive.feed({ on: "wake" }).machine.deadline).toBe(deadline);
  });

  it("[S31] a fenced client is closed, and only connect() leaves that", () => {
    const drive = live().feed(end(4002, { reconnect: false }));
    expect(drive.machine).toMatchObject({ at: "closed", closed: { reason: "fenced" } });
    expect(drive.wait(600_000).done("askToken")).toBe(1);
    expect(drive.feed({ on: "connect" }).machine.at).toBe("connecting");
  });

  it("[S40] a refused token is asked anew without back-off; three within a minute close", () => {
    const drive = live()
      .wait(60_000)
      .feed(end(4001, { reconnect: true }))
      .wait(0);
    expect(drive.effects.at(-1)).toBe("askToken");
    expect(drive.machine.isTokenRejected).toBe(true);
    drive.feed({ on: "token" }, end(4001), { on: "tick" }, { on: "token" }, end(4001));
    expect(drive.machine).toMatchObject({ at: "closed", closed: { reason: "auth" } });
  });

  it("[S40] a token that only a new log-in can give closes at once; another failure is passing", () => {
    expect(started().feed({ on: "tokenFailed", isFinal: true, message: "x" }).machine.closed?.reason).toBe("auth");
    expect(started().feed({ on: "tokenFailed", isFinal: false, message: "x" }).machine.phase).toBe("waiting");
  });

  it("[S41] asks REST at the first attempt that was not answered and at every fourth", () => {
    const drive = started();
    const probes: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      drive.feed({ on: "token" }, end(1006));
      probes.push(drive.done("probe"));
      while (drive.machine.phase === "waiting") drive.wait(1000);
    }
    expect(probes).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3]);
  });

  it.each([
    [[401, 401, 401], "auth"],
    [[403], "forbidden"],
    [[404, 404, 404], "config"],
    [[503, 200, 404], undefined],
  ] as const)("[S41] what REST answers, %j, closes as %s", (statuses, reason) => {
    const drive = started();
    for (const status of statuses) {
      drive.feed({ on: "token" }, end(1006), { on: "probed", status });
      while (drive.machine.phase === "waiting") drive.wait(1000);
    }
    expect(drive.machine.closed?.reason).toBe(reason);
  });

  it("three protocol faults within a minute close; a server that does not want us back closes at once", () => {
    const drive = live();
    for (let fault = 0; fault < 3; fault += 1) {
      drive.feed(end(1002));
      while (drive.machine.phase === "waiting") drive.wait(100);
      drive.goLive();
    }
    expect(drive.machine.closed?.reason).toBe("protocol");
    expect(live().feed(end(1008, { reconnect: false })).machine.closed?.reason).toBe("refused");
    expect(live().feed(end(4001, { reconnect: false })).machine.closed?.reason).toBe("auth");
  });
});
