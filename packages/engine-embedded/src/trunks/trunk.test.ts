import { parseNameAddr, type SipRequest } from "@pbx-x/sip";
import { brandId, type LegId } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createTrunkBench, type TrunkBench } from "./trunk-testbench.ts";

const registers = ({ requests }: TrunkBench): readonly SipRequest[] =>
  requests.filter(({ method, headers }) => method === "REGISTER" && headers.has("Authorization"));
const expiryOf = ({ headers }: SipRequest): unknown =>
  parseNameAddr(headers.get("Contact") ?? "")?.params.get("expires");

describe("[V4] [O4] registration of a trunk", () => {
  it("proves itself, one Call-ID with rising numbers, a Contact by which calls are known", async () => {
    const bench = createTrunkBench();
    bench.trunk.start();
    await bench.pass(1000);
    expect(bench.verdicts).toEqual(["active recovered: registered"]);
    const [first, second] = bench.requests.filter(({ method }) => method === "REGISTER");
    expect(first?.callId).toBe(second?.callId);
    expect((second?.cseq.number ?? 0) - (first?.cseq.number ?? 0)).toBe(1);
    expect(second?.uri).toMatchObject({ host: "carrier.test" });
    expect(second?.to.uri).toMatchObject({ user: "pbx", host: "carrier.test" });
    expect(second?.headers.get("Contact")).toMatch(
      new RegExp(`^<sip:pbx@192.0.2.1:5060;line=${bench.trunk.line}>;expires=300$`),
    );
  });

  it("takes SHA-256 where it is offered beside MD5", async () => {
    const bench = createTrunkBench();
    bench.algorithms = ["MD5", "SHA-256"];
    bench.trunk.start();
    await bench.pass(1000);
    expect(registers(bench)[0]?.headers.get("Authorization")).toContain("algorithm=SHA-256");
    expect(bench.verdicts).toEqual(["active recovered: registered"]);
  });

  it("tries again at once where only its nonce was stale", async () => {
    const bench = createTrunkBench();
    bench.isStale = true;
    bench.trunk.start();
    await bench.pass(1000);
    expect(registers(bench)).toHaveLength(2);
    expect(bench.verdicts).toEqual(["active recovered: registered"]);
  });

  it("renews it before it ends, as long as the far side gave", async () => {
    const bench = createTrunkBench();
    bench.onRegister = (transaction) => bench.accept(transaction, 60);
    bench.trunk.start();
    await bench.pass(1000);
    await bench.pass(46_000);
    expect(registers(bench)).toHaveLength(1);
    await bench.pass(2000);
    expect(registers(bench)).toHaveLength(2);
    await bench.pass(10 * 48_000);
    expect(registers(bench)).toHaveLength(12);
    expect(bench.verdicts).toHaveLength(1);
  });

  it("asks for as long as a 423 wants, once for all", async () => {
    const bench = createTrunkBench({ registrationExpirySeconds: 60 });
    bench.onRegister = (transaction) => {
      if (Number(expiryOf(transaction.request)) >= 600) bench.accept(transaction, 600);
      else transaction.respond(423, { headers: [{ name: "Min-Expires", value: "600" }] });
    };
    bench.trunk.start();
    await bench.pass(1000);
    expect(registers(bench).map(expiryOf)).toEqual(["60", "600"]);
    await bench.pass(481_000);
    expect(registers(bench).map(expiryOf)).toEqual(["60", "600", "600"]);
    expect(bench.verdicts).toEqual(["active recovered: registered"]);
  });

  it("comes back after 5, 10, 20 … s when it is refused, and is up when it is not any more", async () => {
    const bench = createTrunkBench();
    const at: number[] = [];
    const startMs = bench.scheduler.now();
    bench.onRegister = (transaction) => {
      at.push(Math.round((bench.scheduler.now() - startMs) / 1000));
      transaction.respond(503);
    };
    bench.trunk.start();
    await bench.pass(40_000);
    expect(at).toEqual([0, 5, 15, 35]);
    expect(bench.verdicts).toEqual(["inactive registration_failed: REGISTER answered 503 Service Unavailable"]);
    bench.onRegister = (transaction) => bench.accept(transaction, 300);
    await bench.pass(40_000);
    expect(bench.verdicts.at(-1)).toBe("active recovered: registered");
  });

  it("tells a refused password, of which no word gets into the verdict", async () => {
    const bench = createTrunkBench({ password: "wrong" });
    bench.trunk.start();
    await bench.pass(30_000);
    expect(bench.verdicts).toEqual(["inactive auth_failed: user name or password refused (401 Unauthorized)"]);
    expect(bench.methods().filter((method) => method === "REGISTER")).toHaveLength(2);
    const open = createTrunkBench({ username: "", password: "" });
    open.trunk.start();
    await open.pass(1000);
    expect(open.verdicts).toEqual(["inactive auth_failed: the far side asks for a user name and password (401)"]);
  });

  it("finds out that nobody answers, tries the next address of the name, and is up there", async () => {
    const bench = createTrunkBench();
    bench.places = [
      { address: "192.0.2.9", port: 5060 },
      { address: "192.0.2.3", port: 5060 },
    ];
    bench.trunk.start();
    await bench.pass(45_000);
    expect(bench.verdicts.at(-1)).toBe("active recovered: registered");
    expect(bench.trunk.remote).toMatchObject({ address: "192.0.2.3" });
  });

  it("says that a name has no address", async () => {
    const bench = createTrunkBench();
    bench.places = [];
    bench.trunk.start();
    await bench.pass(1000);
    expect(bench.verdicts).toEqual(["inactive registration_failed: the name carrier.test has no address"]);
    bench.places = [{ address: "192.0.2.2", port: 5060 }];
    await bench.pass(6000);
    expect(bench.verdicts.at(-1)).toBe("active recovered: registered");
  });

  it("goes through a proxy by a loose route, its own addresses stay the carrier's", async () => {
    const bench = createTrunkBench({ outboundProxy: { host: "192.0.2.2", port: 5060 }, fromDomain: "account.test" });
    bench.trunk.start();
    await bench.pass(1000);
    const [request] = registers(bench);
    expect(request?.headers.get("Route")).toBe("<sip:192.0.2.2:5060;lr>");
    expect(request?.uri).toMatchObject({ host: "carrier.test" });
    expect(request?.to.uri).toMatchObject({ host: "account.test" });
  });

  it("is taken back at the end, and nothing is left waiting", async () => {
    const bench = createTrunkBench();
    bench.trunk.start();
    await bench.pass(1000);
    const stopped = bench.trunk.stop(1000);
    await bench.pass(1000);
    await stopped;
    expect(registers(bench).map(expiryOf)).toEqual(["300", "0"]);
    const before = bench.requests.length;
    await bench.pass(600_000);
    expect(bench.requests).toHaveLength(before);
    expect(bench.scheduler.pending()).toBe(0);
  });

  it("is taken back too when it comes up after the end", async () => {
    const bench = createTrunkBench();
    let waiting = (): void => undefined;
    bench.onRegister = (transaction) => {
      waiting = () => bench.accept(transaction, 300);
    };
    bench.trunk.start();
    await bench.pass(1000);
    void bench.trunk.stop(0);
    bench.onRegister = (transaction) => bench.accept(transaction, 0);
    waiting();
    await bench.pass(1000);
    expect(registers(bench).map(expiryOf)).toEqual(["300", "0"]);
  });
});

describe("[V4] [O5] OPTIONS to a trunk", () => {
  it("come every 30 s; any answer counts", async () => {
    const bench = createTrunkBench({ trunkType: "static" });
    bench.onOptions = (transaction) => void transaction.respond(405);
    bench.trunk.start();
    await bench.pass(91_000);
    expect(bench.methods()).toEqual(["OPTIONS", "OPTIONS", "OPTIONS", "OPTIONS"]);
    expect(bench.verdicts).toEqual(["active recovered: reachable"]);
  });

  it("unanswered three times mean unreachable; an answer brings the registration back at once", async () => {
    const bench = createTrunkBench();
    bench.trunk.start();
    await bench.pass(1000);
    const { drop } = bench.network;
    bench.network.drop = () => true;
    await bench.pass(96_000);
    expect(bench.verdicts.at(-1)).toBe("inactive unreachable: no answer to OPTIONS, 3 times in a row");
    bench.network.drop = drop;
    const before = registers(bench).length;
    await bench.pass(31_000);
    expect(registers(bench).length).toBeGreaterThan(before);
    expect(bench.verdicts.at(-1)).toBe("active recovered: registered");
  });

  it("answered late mean degraded", async () => {
    const bench = createTrunkBench({ trunkType: "ip_auth" });
    bench.onOptions = (transaction) => void bench.scheduler.after(1500, () => void transaction.respond(200));
    bench.trunk.start();
    await bench.pass(40_000);
    expect(bench.verdicts).toEqual(["active recovered: reachable", "degraded unreachable: answers after 1500 ms"]);
    bench.onOptions = (transaction) => void transaction.respond(200);
    await bench.pass(40_000);
    expect(bench.verdicts.at(-1)).toBe("active recovered: reachable");
  });

  it("[O5] a name server that says nothing holds up no call whose way is known", async () => {
    const bench = createTrunkBench();
    bench.trunk.start();
    await bench.pass(1000);
    bench.lookUp = () => new Promise(() => undefined);
    await bench.pass(61_000);
    const found: unknown[] = [];
    const operation = {
      op: "dial",
      legId: brandId<LegId>("leg"),
      target: { kind: "trunk", trunkId: bench.trunk.configuration.trunkId, number: "4711" },
      caller: { number: "200" },
      callee: { number: "4711" },
      isAutoAnswer: false,
      timeoutMs: 20_000,
    } as const;
    void bench.trunk.way(operation, "4711").then((way) => found.push(way?.remote));
    await bench.pass(0);
    expect(found).toMatchObject([{ address: "192.0.2.2" }]);
    await bench.pass(600_000);
    void bench.trunk.way(operation, "4711").then((way) => found.push(way?.remote));
    await bench.pass(0);
    expect(found).toHaveLength(1);
  });

  it("are left out where they are switched off", async () => {
    const bench = createTrunkBench({ trunkType: "static", isQualified: false });
    bench.trunk.start();
    await bench.pass(61_000);
    expect(bench.requests).toEqual([]);
    expect(bench.verdicts).toEqual(["active recovered: reachable"]);
  });
});
