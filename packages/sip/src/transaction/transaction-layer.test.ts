import { describe, expect, test } from "vitest";
import { createResponse } from "../message/build.ts";
import { defaultTimers } from "./timers.ts";
import { createTransactionBench, remoteOf, requestOf } from "./transaction-testbench.ts";

const outcomes = () => {
  const seen: (number | string)[] = [];
  return {
    seen,
    onResponse: ({ status }: { readonly status: number }) => void seen.push(status),
    onFailure: (failure: string) => void seen.push(failure),
  };
};

describe("client transactions in time", () => {
  test("an unanswered INVITE by UDP is sent 7 times, at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, and times out at 32 s", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    bench.layer.request(requestOf({ method: "INVITE" }), remoteOf(), events);
    bench.scheduler.advance(31_999);
    expect(events.seen).toEqual([]);
    bench.scheduler.advance(1);
    expect(events.seen).toEqual(["timeout"]);
    expect(bench.timesOf("INVITE")).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect([bench.layer.size, bench.scheduler.pending()]).toEqual([0, 0]);
  });

  test("another unanswered request by UDP is sent 11 times, after 4 s every 4 s, and times out at 32 s", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    bench.layer.request(requestOf(), remoteOf(), events);
    expect(bench.scheduler.drain()).toBe(32_000);
    expect(events.seen).toEqual(["timeout"]);
    expect(bench.timesOf("OPTIONS")).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
    expect([bench.layer.size, bench.scheduler.pending()]).toEqual([0, 0]);
  });

  test.each(["INVITE", "OPTIONS"])("%s by TCP is sent once and times out at 32 s", (method) => {
    const bench = createTransactionBench();
    const events = outcomes();
    bench.layer.request(requestOf({ method }), remoteOf("tcp"), events);
    expect(bench.scheduler.drain()).toBe(32_000);
    expect([bench.timesOf(method), events.seen, bench.layer.size]).toEqual([[0], ["timeout"], 0]);
  });

  test("a provisional answer slows a request down to one every T2", () => {
    const bench = createTransactionBench();
    const request = requestOf();
    bench.layer.request(request, remoteOf(), outcomes());
    bench.layer.receive(createResponse(request, 100), remoteOf());
    bench.scheduler.drain();
    expect(bench.timesOf("OPTIONS").slice(0, 5)).toEqual([0, 500, 4500, 8500, 12_500]);
  });

  test("a refusal of an INVITE is acknowledged within the transaction each time it comes, for 32 s", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    const request = requestOf({ method: "INVITE" });
    bench.layer.request(request, remoteOf(), events);
    const refusal = createResponse(request, 486, { toTag: "callee" });
    bench.layer.receive(refusal, remoteOf());
    bench.scheduler.advance(31_999);
    bench.layer.receive(refusal, remoteOf());
    expect(bench.timesOf("ACK")).toEqual([0, 31_999]);
    bench.scheduler.advance(1);
    bench.layer.receive(refusal, remoteOf());
    expect(bench.timesOf("ACK")).toHaveLength(2);
    expect(events.seen).toEqual([486]);
    const ack = bench.sent.find(({ line }) => line === "ACK")?.text ?? "";
    expect(ack).toMatch(
      /^ACK sip:200@pbx\.test SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP 192\.0\.2\.7:5060;branch=z9hG4bK-1\r\n/,
    );
    expect(ack).toContain("CSeq: 1 ACK\r\n");
    expect(ack).toContain("tag=callee");
    expect([bench.layer.size, bench.scheduler.pending()]).toEqual([0, 0]);
  });

  test("every 2xx to an INVITE goes up, of any fork, for 32 s; nothing is acknowledged here", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    const request = requestOf({ method: "INVITE" });
    bench.layer.request(request, remoteOf(), events);
    for (const toTag of ["one", "one", "two"]) bench.layer.receive(createResponse(request, 200, { toTag }), remoteOf());
    expect(events.seen).toEqual([200, 200, 200]);
    expect(bench.timesOf("ACK")).toEqual([]);
    expect(bench.scheduler.drain()).toBe(32_000);
    bench.layer.receive(createResponse(request, 200, { toTag: "three" }), remoteOf());
    expect([events.seen.length, bench.layer.size]).toEqual([3, 0]);
  });

  test("an answered request by UDP is forgotten after T4, by TCP at once", () => {
    const bench = createTransactionBench();
    const [slow, quick] = [requestOf(), requestOf({ branch: "z9hG4bK-2" })];
    bench.layer.request(slow, remoteOf(), outcomes());
    bench.layer.request(quick, remoteOf("tcp"), outcomes());
    bench.layer.receive(createResponse(quick, 200), remoteOf("tcp"));
    expect(bench.layer.size).toBe(1);
    bench.layer.receive(createResponse(slow, 200), remoteOf());
    expect(bench.scheduler.drain()).toBe(5000);
    expect(bench.layer.size).toBe(0);
  });

  test("a cancelled INVITE that nobody ends times out 32 s later, provisional answers or not", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    const request = requestOf({ method: "INVITE" });
    const transaction = bench.layer.request(request, remoteOf(), events);
    bench.layer.receive(createResponse(request, 180), remoteOf());
    bench.scheduler.advance(100_000);
    transaction.cancelled();
    bench.scheduler.advance(20_000);
    bench.layer.receive(createResponse(request, 180), remoteOf());
    bench.scheduler.advance(12_000);
    expect(events.seen).toEqual([180, 180, "timeout"]);
    expect([bench.layer.size, bench.scheduler.pending()]).toEqual([0, 0]);
  });

  test.each(["INVITE", "OPTIONS"])("%s that cannot be sent fails once", (method) => {
    const bench = createTransactionBench();
    const events = outcomes();
    bench.layer.request(requestOf({ method }), remoteOf("tcp"), events);
    bench.failLast();
    bench.failLast();
    expect(events.seen).toEqual(["transport_error"]);
    expect([bench.layer.size, bench.scheduler.pending()]).toEqual([0, 0]);
  });

  test("a request with another way is sent on that when the first one fails, with timers of its own", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    const request = requestOf({ method: "INVITE", transport: "udp" });
    const first = requestOf({ method: "INVITE", transport: "tcp" });
    bench.layer.request(first, remoteOf("tcp"), events, { request, remote: remoteOf("udp") });
    bench.failLast();
    bench.scheduler.advance(500);
    expect(bench.sent.map(({ transport }) => transport)).toEqual(["tcp", "udp", "udp"]);
    bench.layer.receive(createResponse(request, 486), remoteOf());
    expect(events.seen).toEqual([486]);
    expect(bench.sent.at(-1)).toMatchObject({ line: "ACK", transport: "udp" });
    bench.scheduler.drain();
    expect(bench.layer.size).toBe(0);
  });

  test("closing stops everything without a word", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    bench.layer.request(requestOf(), remoteOf(), events);
    bench.layer.receive(requestOf({ method: "INVITE", branch: "z9hG4bK-9" }), remoteOf());
    bench.layer.close();
    expect([bench.layer.size, bench.scheduler.pending(), events.seen]).toEqual([0, 0, []]);
  });
});

describe("server transactions in time", () => {
  const invite = requestOf({ method: "INVITE" });

  test("an INVITE without an answer gets 100 after 200 ms, once", () => {
    const bench = createTransactionBench();
    bench.layer.receive(invite, remoteOf());
    bench.scheduler.advance(199);
    expect(bench.sent).toEqual([]);
    bench.scheduler.advance(10_000);
    expect(bench.timesOf("100")).toEqual([200]);
    expect(bench.sent[0]?.text).toContain("To: <sip:200@pbx.test>\r\n");
  });

  test("an INVITE that was answered within 200 ms gets no 100", () => {
    const bench = createTransactionBench();
    bench.layer.receive(invite, remoteOf());
    bench.requests[0]?.respond(180, { toTag: "callee" });
    bench.scheduler.advance(1000);
    expect(bench.sent.map(({ line }) => line)).toEqual(["180"]);
  });

  test("other requests get no 100", () => {
    const bench = createTransactionBench();
    bench.layer.receive(requestOf(), remoteOf());
    expect([bench.scheduler.drain(), bench.sent.length]).toEqual([0, 0]);
  });

  test("a refusal without ACK is sent 11 times by UDP and given up at 32 s", () => {
    const bench = createTransactionBench();
    const failures: string[] = [];
    bench.layer.receive(invite, remoteOf());
    const [transaction] = bench.requests;
    if (transaction === undefined) throw new Error("no request");
    transaction.onFailure = (failure) => void failures.push(failure);
    transaction.respond(486);
    expect(bench.scheduler.drain()).toBe(32_000);
    expect(bench.timesOf("486")).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect([failures, bench.layer.size]).toEqual([["timeout"], 0]);
  });

  test("a refusal by TCP is sent once and waits 32 s for its ACK", () => {
    const bench = createTransactionBench();
    bench.layer.receive(invite, remoteOf("tcp"));
    bench.requests[0]?.respond(486);
    expect([bench.scheduler.drain(), bench.timesOf("486"), bench.layer.size]).toEqual([32_000, [0], 0]);
  });

  test("an acknowledged refusal is forgotten after T4 by UDP, at once by TCP", () => {
    for (const [transport, afterMs] of [["udp", 5000] as const, ["tcp", 0] as const]) {
      const bench = createTransactionBench();
      bench.layer.receive(invite, remoteOf(transport));
      bench.requests[0]?.respond(486, { toTag: "callee" });
      bench.layer.receive(requestOf({ method: "ACK", toTag: "callee" }), remoteOf(transport));
      expect([bench.scheduler.drain(), bench.layer.size, bench.acks.length]).toEqual([afterMs, 0, 0]);
    }
  });

  test("a repeated INVITE gets the last answer again and is no new call", () => {
    const bench = createTransactionBench();
    bench.layer.receive(invite, remoteOf());
    bench.requests[0]?.respond(100);
    bench.requests[0]?.respond(180, { toTag: "callee" });
    bench.layer.receive(invite, remoteOf());
    expect(bench.sent.map(({ line }) => line)).toEqual(["100", "180", "180"]);
    expect(bench.requests).toHaveLength(1);
  });

  test("a repeated INVITE after the 2xx is swallowed for 32 s; the ACK goes up whatever its branch", () => {
    const bench = createTransactionBench();
    bench.layer.receive(invite, remoteOf());
    bench.requests[0]?.respond(200, { toTag: "callee" });
    bench.layer.receive(invite, remoteOf());
    bench.layer.receive(requestOf({ method: "ACK", toTag: "callee", branch: "z9hG4bK-ack" }), remoteOf());
    bench.layer.receive(requestOf({ method: "ACK", toTag: "callee" }), remoteOf());
    expect([bench.timesOf("200"), bench.requests.length, bench.acks.length]).toEqual([[0], 1, 2]);
    expect([bench.scheduler.drain(), bench.layer.size]).toEqual([32_000, 0]);
  });

  test("another answered request by UDP repeats its answer for 32 s, by TCP it is forgotten", () => {
    const bench = createTransactionBench();
    bench.layer.receive(requestOf(), remoteOf());
    bench.requests[0]?.respond(404);
    bench.requests[0]?.respond(200);
    bench.scheduler.advance(31_999);
    bench.layer.receive(requestOf(), remoteOf());
    expect(bench.timesOf("404")).toEqual([0, 31_999]);
    bench.scheduler.advance(1);
    expect(bench.layer.size).toBe(0);
    bench.layer.receive(requestOf({ transport: "tcp" }), remoteOf("tcp"));
    bench.requests[1]?.respond(200);
    expect([bench.layer.size, bench.timesOf("200").length]).toEqual([0, 1]);
  });

  test("an answer that cannot be sent is told to the user, once", () => {
    const bench = createTransactionBench();
    const failures: string[] = [];
    bench.layer.receive(invite, remoteOf("tcp"));
    const [transaction] = bench.requests;
    if (transaction === undefined) throw new Error("no request");
    transaction.onFailure = (failure) => void failures.push(failure);
    transaction.respond(180);
    bench.failLast();
    bench.failLast();
    expect([failures, bench.layer.size, bench.scheduler.pending()]).toEqual([["transport_error"], 0, 0]);
  });
});

describe("matching", () => {
  test("answers are matched by branch and method", () => {
    const bench = createTransactionBench();
    const events = outcomes();
    const request = requestOf({ method: "INVITE" });
    bench.layer.request(request, remoteOf(), events);
    bench.layer.receive(createResponse(requestOf({ method: "INVITE", branch: "z9hG4bK-other" }), 200), remoteOf());
    bench.layer.receive(createResponse(requestOf({ method: "CANCEL" }), 200), remoteOf());
    expect(events.seen).toEqual([]);
    bench.layer.receive(createResponse(request, 180), remoteOf());
    expect(events.seen).toEqual([180]);
  });

  test("requests are matched by branch, sent-by and method", () => {
    const bench = createTransactionBench();
    const traits = [
      {},
      {},
      { branch: "z9hG4bK-2", cseq: 2 },
      { sentBy: "192.0.2.8:5060", cseq: 3 },
      { method: "MESSAGE" },
    ];
    for (const trait of traits) bench.layer.receive(requestOf(trait), remoteOf());
    expect(bench.requests).toHaveLength(4);
  });

  test("a CANCEL finds its INVITE by branch and sent-by", () => {
    const bench = createTransactionBench();
    bench.layer.receive(requestOf({ method: "INVITE" }), remoteOf());
    expect(bench.layer.cancelled(requestOf({ method: "CANCEL" }))).toBe(bench.requests[0]);
    expect(bench.layer.cancelled(requestOf({ method: "CANCEL", branch: "z9hG4bK-2" }))).toBeUndefined();
    expect(bench.layer.cancelled(requestOf({ method: "CANCEL", sentBy: "192.0.2.8" }))).toBeUndefined();
  });

  test("without the magic cookie Call-ID and CSeq stand for the branch (RFC 2543)", () => {
    const bench = createTransactionBench();
    for (const branch of ["1", "1", "2"]) bench.layer.receive(requestOf({ branch }), remoteOf());
    bench.layer.receive(requestOf({ branch: "1", cseq: 2 }), remoteOf());
    expect(bench.requests).toHaveLength(2);
  });

  test("a request that came by two ways is taken once; the other way gets 482", () => {
    const bench = createTransactionBench();
    bench.layer.receive(requestOf({ method: "INVITE" }), remoteOf());
    bench.layer.receive(requestOf({ method: "INVITE", branch: "z9hG4bK-2" }), remoteOf());
    expect([bench.requests.length, bench.sent.map(({ line }) => line)]).toEqual([1, ["482"]]);
  });

  test("a phone that was refused may ask again with the same number", () => {
    const bench = createTransactionBench();
    bench.layer.receive(requestOf({ method: "REGISTER" }), remoteOf());
    bench.requests[0]?.respond(401);
    bench.layer.receive(requestOf({ method: "REGISTER", branch: "z9hG4bK-2" }), remoteOf());
    expect(bench.requests).toHaveLength(2);
  });

  test("forks of other callers, calls and methods are different requests", () => {
    const bench = createTransactionBench();
    const others = [{}, { fromTag: "b" }, { callId: "c" }, { cseq: 2 }, { toTag: "d" }, { method: "MESSAGE" }];
    for (const [index, traits] of others.entries()) {
      bench.layer.receive(requestOf({ ...traits, branch: `z9hG4bK-${index}` }), remoteOf());
    }
    expect(bench.requests).toHaveLength(others.length);
  });

  test("more transactions than allowed are answered 503 without being kept", () => {
    const bench = createTransactionBench({ maxTransactions: 3 });
    for (let index = 0; index < 10; index += 1) {
      bench.layer.receive(requestOf({ branch: `z9hG4bK-${index}`, cseq: index }), remoteOf());
    }
    expect([bench.layer.size, bench.requests.length, bench.timesOf("503").length]).toEqual([3, 3, 7]);
    expect(bench.sent[0]?.text).toContain("Retry-After: 5\r\n");
  });

  test("the timers can be set", () => {
    const bench = createTransactionBench({ timers: { ...defaultTimers, t1: 100 } });
    bench.layer.request(requestOf(), remoteOf(), outcomes());
    expect(bench.scheduler.drain()).toBe(6400);
  });
});
