import { describe, expect, test } from "vitest";
import { createRequest } from "../message/build.ts";
import { openTwoPhones, typesOf } from "./two-phones-testbench.ts";

describe("requests inside a dialog", () => {
  test.each(["INFO", "UPDATE", "NOTIFY", "REFER", "MESSAGE", "OPTIONS", "SUBSCRIBE"])(
    "%s reaches the other phone and is answered",
    async (method) => {
      const bench = await openTwoPhones();
      const { mine, theirs } = await bench.connected();
      const answer = mine.send(method, { headers: [{ name: "X-Mark", value: "1" }] });
      bench.scheduler.advance(0);
      expect((await answer).status).toBe(200);
      const seen = await theirs.events.next(({ type }) => type === "request");
      expect(seen.type === "request" && [seen.request.method, seen.request.headers.get("X-Mark")]).toEqual([
        method,
        "1",
      ]);
    },
  );

  test("both sides count for themselves", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    const answers = [mine.send("INFO"), theirs.send("INFO"), mine.send("INFO")];
    bench.scheduler.advance(0);
    expect((await Promise.all(answers)).map(({ status, cseq }) => [status, cseq.number])).toEqual([
      [200, 2],
      [200, 1],
      [200, 3],
    ]);
  });

  test("out of order gets 500", async () => {
    const bench = await openTwoPhones();
    const { mine } = await bench.connected();
    const late = mine.dialog.request("INFO");
    const info = mine.send("INFO");
    bench.scheduler.advance(0);
    await info;
    const statuses: number[] = [];
    bench.anna.endpoint.request(late, mine.dialog.peer, {
      onResponse: ({ status }) => void statuses.push(status),
      onFailure: () => undefined,
    });
    bench.scheduler.advance(0);
    expect(statuses).toEqual([500]);
  });

  test("of an unknown or ended dialog gets 481", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.forget();
    const info = mine.send("INFO");
    bench.scheduler.advance(0);
    expect((await info).status).toBe(481);
  });

  test("with the wrong tag of either side gets 481", async () => {
    const bench = await openTwoPhones();
    const { mine } = await bench.connected();
    const { local, remote, callId, peer } = mine.dialog;
    const tagged = (address: typeof local, tag: string) => ({ ...address, params: new Map([["tag", tag]]) });
    const statuses: number[] = [];
    for (const [from, to] of [
      [tagged(local, "forged"), remote],
      [local, tagged(remote, "forged")],
    ] as const) {
      bench.anna.endpoint.request(createRequest({ method: "BYE", uri: remote.uri, from, to, callId, cseq: 50 }), peer, {
        onResponse: ({ status }) => void statuses.push(status),
        onFailure: () => undefined,
      });
    }
    bench.scheduler.advance(0);
    expect([statuses, bench.ben.endpoint.dialogs]).toEqual([[481, 481], 1]);
  });

  test("a method that nobody knows gets 405 outside of a dialog, with those that are known", async () => {
    const bench = await openTwoPhones();
    const answer = bench.anna.request("BREW", { to: "ben" });
    bench.scheduler.advance(0);
    const { status, headers } = await answer;
    expect([status, headers.get("Allow")?.includes("INVITE, ACK, CANCEL, BYE")]).toEqual([405, true]);
  });
});

describe("re-INVITE (RFC 3261 §14)", () => {
  test("is answered, acknowledged and moves the target", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    const outcome = mine.reinvite();
    bench.scheduler.advance(0);
    expect((await outcome).status).toBe(200);
    expect(typesOf(theirs)).toEqual(["confirmed", "request", "ack"]);
    expect(bench.lines().slice(-3)).toEqual(["anna INVITE", "ben 200", "anna ACK"]);
  });

  test("whose 2xx comes again is acknowledged again", async () => {
    const bench = await openTwoPhones();
    const { mine } = await bench.connected();
    const outcome = mine.reinvite();
    bench.scheduler.advance(0);
    await outcome;
    const answer = bench.network.sent.findLast(({ from }) => from.address === "192.0.2.2");
    await bench.ben.sendRaw(answer?.bytes ?? "");
    bench.scheduler.advance(0);
    expect(bench.lines().slice(-2)).toEqual(["ben 200", "anna ACK"]);
  });

  test.each([488, 481, 500])("refused with %i changes nothing and is tried once", async (status) => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.onRequest = (transaction) => void transaction.respond(status);
    const outcome = mine.reinvite();
    bench.scheduler.drain();
    expect((await outcome).status).toBe(status);
    expect(bench.lines().filter((line) => line === "anna INVITE")).toHaveLength(2);
    expect([bench.anna.endpoint.dialogs, bench.ben.endpoint.dialogs]).toEqual([1, 1]);
  });

  test("[C20] whose 2xx was lost is answered again when it comes again", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.onRequest = (transaction) => {
      bench.network.conditions = { loss: 1 };
      transaction.respond(200);
      bench.network.conditions = {};
    };
    const outcome = mine.reinvite();
    bench.scheduler.advance(0);
    bench.scheduler.advance(500);
    expect((await outcome).status).toBe(200);
    expect(bench.lines().slice(-4)).toEqual(["ben 200", "anna INVITE", "ben 200", "anna ACK"]);
  });

  test("without an answer is refused with 408", async () => {
    const bench = await openTwoPhones();
    const { mine } = await bench.connected();
    bench.network.conditions = { loss: 1 };
    const outcome = mine.reinvite();
    bench.scheduler.drain();
    expect(await outcome).toEqual({ status: 408 });
  });

  test("of both sides at once gets 491 twice; who called waits 2.1 to 4 s, the other 0 to 2 s, then both succeed", async () => {
    const bench = await openTwoPhones({ delayMs: 50 });
    const mine = bench.anna.call("ben");
    bench.ben.onCall = (call) => call.answer();
    bench.scheduler.advance(1000);
    const theirs = await bench.ben.calls.next();
    const startedMs = bench.scheduler.now();
    const before = bench.network.sent.length;
    const outcomes = [mine.reinvite("v=0\r\n", 0), theirs.reinvite("v=0\r\n", 0.5)];
    bench.scheduler.advance(10_000);
    expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual([200, 200]);
    const after = bench.network.sent.slice(before);
    const invites = after.filter(({ bytes }) => new TextDecoder().decode(bytes).startsWith("INVITE"));
    expect(invites.map(({ from, atMs }) => [from.address, atMs - startedMs])).toEqual([
      ["192.0.2.1", 0],
      ["192.0.2.2", 0],
      ["192.0.2.2", 100 + 1000],
      ["192.0.2.1", 100 + 2100],
    ]);
    expect(bench.lines().slice(before)).toContain("anna 491");
    expect(bench.lines().slice(before)).toContain("ben 491");
  });

  test("is given up after three glares", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.onRequest = (transaction) => void transaction.respond(491);
    const outcome = mine.reinvite();
    bench.scheduler.drain();
    expect((await outcome).status).toBe(491);
    expect(bench.lines().filter((line) => line === "anna INVITE")).toHaveLength(5);
  });

  test("before the answer to an earlier one gets 500 with Retry-After of 0 to 10 s (§14.2)", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.onRequest = (transaction) => void transaction.respond(100);
    const early = mine.reinvite();
    const second = mine.reinvite();
    bench.scheduler.advance(0);
    const { status, response } = await second;
    const seconds = Number(response?.headers.get("Retry-After"));
    expect([status, seconds >= 0 && seconds <= 10]).toEqual([500, true]);
    expect(await Promise.race([early, Promise.resolve("open")])).toBe("open");
  });

  test("an UPDATE with an offer meets ours with 491 too, one without does not (RFC 3311 §5.2)", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.onRequest = (transaction) => {
      if (transaction.request.method === "INVITE") transaction.respond(100);
      else transaction.respond(200);
    };
    void mine.reinvite();
    bench.scheduler.advance(0);
    const offer = theirs.send("UPDATE", { body: "v=0\r\n", contentType: "application/sdp" });
    const refresh = theirs.send("UPDATE");
    bench.scheduler.advance(0);
    expect([(await offer).status, (await refresh).status]).toEqual([491, 200]);
  });

  test("after a refused one is taken", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    theirs.onRequest = (transaction) => void transaction.respond(488);
    const first = mine.reinvite();
    bench.scheduler.advance(0);
    await first;
    const second = theirs.reinvite();
    bench.scheduler.advance(0);
    expect((await second).status).toBe(200);
  });
});
