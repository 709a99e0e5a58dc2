import { describe, expect, test } from "vitest";
import { openTwoPhones, typesOf } from "./two-phones-testbench.ts";

const nothing = [0, 0, 0, 0, 0];

describe("a call between two phones", () => {
  test("rings, is answered, acknowledged and hung up; nothing is left", async () => {
    const bench = await openTwoPhones();
    const { anna, ben, scheduler } = bench;
    const mine = anna.call("ben");
    scheduler.advance(0);
    const theirs = await ben.calls.next();
    theirs.ring();
    scheduler.advance(3000);
    theirs.answer();
    scheduler.advance(0);
    const bye = theirs.hangUp();
    scheduler.advance(0);
    expect((await bye).status).toBe(200);
    expect(bench.lines()).toEqual(["anna INVITE", "ben 180", "ben 200", "anna ACK", "ben BYE", "anna 200"]);
    expect(typesOf(mine)).toEqual(["progress", "answered", "hung_up"]);
    expect(typesOf(theirs)).toEqual(["confirmed", "hung_up"]);
    scheduler.drain();
    expect(bench.left()).toEqual(nothing);
  });

  test.each([[486], [603], [302]])("is refused with %i once; nothing is left", async (status) => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.refuse(status);
    const mine = bench.anna.call("ben");
    bench.scheduler.drain();
    expect(mine.events.all).toMatchObject([{ type: "refused", status }]);
    expect(bench.lines()).toEqual(["anna INVITE", `ben ${status}`, "anna ACK"]);
    expect(bench.left()).toEqual(nothing);
  });

  test("is refused with 408 when nobody is there, with 503 when nobody can be reached", async () => {
    const gone = await openTwoPhones({ loss: 1 });
    const lost = gone.anna.call("ben");
    gone.scheduler.drain();
    expect(lost.events.all).toEqual([{ type: "refused", status: 408 }]);
    const unreachable = await openTwoPhones({ transport: "tcp" });
    await unreachable.ben.close();
    const failed = unreachable.anna.call("ben");
    unreachable.scheduler.drain();
    expect(failed.events.all).toEqual([{ type: "refused", status: 503 }]);
    expect([...gone.left(), ...unreachable.left()]).toEqual([...nothing, ...nothing]);
  });

  test("without a Contact is answered 400", async () => {
    const bench = await openTwoPhones();
    const invite = bench.anna.invite("ben", "");
    const statuses: number[] = [];
    bench.anna.endpoint.request(
      { ...invite, headers: invite.headers.without("Contact") },
      { transport: "udp", address: "192.0.2.2", port: 5060 },
      { onResponse: ({ status }) => void statuses.push(status), onFailure: () => undefined },
    );
    bench.scheduler.drain();
    expect([statuses, bench.ben.calls.all]).toEqual([[400], []]);
  });

  test("a caller who hangs up by BYE before the answer has the INVITE answered 487", async () => {
    const bench = await openTwoPhones();
    const mine = bench.anna.call("ben");
    bench.scheduler.advance(0);
    const theirs = await bench.ben.calls.next();
    theirs.ring();
    bench.scheduler.advance(0);
    await mine.events.next(({ type }) => type === "progress");
    const bye = mine.send("BYE");
    bench.scheduler.advance(0);
    expect((await bye).status).toBe(200);
    expect(bench.lines()).toContain("ben 487");
    bench.scheduler.drain();
    expect(bench.left()[1]).toBe(0);
  });
});

describe("the 2xx of a call (RFC 3261 §13.3.1.4)", () => {
  test("is sent again at 0.5, 1.5, 3.5, 7.5 … s until the ACK comes, by TCP too", async () => {
    for (const transport of ["udp", "tcp"] as const) {
      const bench = await openTwoPhones({ transport });
      bench.ben.onCall = (call) => call.answer();
      bench.network.drop = ({ from, bytes }) =>
        from.address === "192.0.2.1" &&
        new TextDecoder().decode(bytes).startsWith("ACK") &&
        bench.scheduler.now() < 5000;
      const mine = bench.anna.call("ben");
      bench.scheduler.advance(60_000);
      const times = bench.network.sent.filter(({ from }) => from.address === "192.0.2.2").map(({ atMs }) => atMs);
      expect(times).toEqual([0, 500, 1500, 3500, 7500]);
      expect(typesOf(mine)).toEqual(["answered"]);
      expect(bench.lines().filter((line) => line === "anna ACK")).toHaveLength(5);
      const theirs = await bench.ben.calls.next();
      expect(typesOf(theirs)).toEqual(["confirmed"]);
    }
  });

  test("without any ACK is given up after 32 s", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.answer();
    bench.network.drop = ({ bytes }) => new TextDecoder().decode(bytes).startsWith("ACK");
    bench.anna.call("ben");
    bench.scheduler.advance(31_999);
    const theirs = await bench.ben.calls.next();
    expect(typesOf(theirs)).toEqual([]);
    bench.scheduler.advance(1);
    expect(theirs.events.all).toEqual([{ type: "failed", failure: "no_ack" }]);
  });

  test("from another fork is acknowledged and hung up; the call stays with the first", async () => {
    const bench = await openTwoPhones();
    const { anna, network, scheduler } = bench;
    const mine = anna.call("ben");
    scheduler.advance(0);
    const theirs = await bench.ben.calls.next();
    theirs.answer();
    scheduler.advance(0);
    const answer = network.sent.find(({ bytes }) => new TextDecoder().decode(bytes).includes("SIP/2.0 200"));
    const text = new TextDecoder().decode(answer?.bytes);
    const other = text.replace(/(To: [^\r]*;tag=)[^\r;]*/, "$1otherfork");
    await bench.ben.sendRaw(other);
    scheduler.advance(0);
    expect(typesOf(mine)).toEqual(["answered"]);
    expect(bench.lines().slice(-4)).toEqual(["ben 200", "anna ACK", "anna BYE", "ben 481"]);
    expect([anna.endpoint.dialogs, mine.dialog.remoteTag === "otherfork"]).toEqual([1, false]);
  });
});

describe("cancelling (RFC 3261 §9)", () => {
  test("ends a ringing call on both sides with 487", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.ring();
    const mine = bench.anna.call("ben");
    bench.scheduler.advance(1000);
    mine.cancel([{ name: "Reason", value: "SIP;cause=200" }]);
    bench.scheduler.drain();
    const theirs = await bench.ben.calls.next();
    const [cancelled] = theirs.events.all;
    expect(cancelled?.type === "cancelled" && cancelled.cancel.headers.get("Reason")).toBe("SIP;cause=200");
    expect(mine.events.all.at(-1)).toMatchObject({ type: "refused", status: 487 });
    expect(bench.lines()).toEqual(["anna INVITE", "ben 180", "anna CANCEL", "ben 200", "ben 487", "anna ACK"]);
    expect(bench.left()).toEqual(nothing);
  });

  test("has the branch, number and To of its INVITE", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.ring();
    const mine = bench.anna.call("ben");
    bench.scheduler.advance(0);
    mine.cancel();
    bench.scheduler.advance(0);
    const [invite, cancel] = bench.ben.received.all;
    expect(cancel?.via).toEqual(invite?.via);
    expect(cancel?.cseq).toEqual({ number: invite?.cseq.number, method: "CANCEL" });
    expect([cancel?.headers.get("To"), cancel?.callId]).toEqual([invite?.headers.get("To"), invite?.callId]);
  });

  test("waits for the first provisional answer", async () => {
    const bench = await openTwoPhones();
    const mine = bench.anna.call("ben");
    mine.cancel();
    bench.scheduler.advance(0);
    expect(bench.lines()).toEqual(["anna INVITE"]);
    bench.scheduler.drain();
    expect(bench.lines()).toContain("anna CANCEL");
    expect(mine.events.all).toMatchObject([{ type: "refused", status: 487 }]);
    expect(bench.left()).toEqual(nothing);
  });

  test("after a long silence sends nothing more, and cancels or hangs up what answers late", async () => {
    for (const late of ["ring", "answer"] as const) {
      const bench = await openTwoPhones();
      bench.network.drop = ({ from }) => from.address === "192.0.2.2";
      const mine = bench.anna.call("ben");
      bench.scheduler.advance(5000);
      mine.cancel();
      const sent = bench.network.sent.filter(({ from }) => from.address === "192.0.2.1").length;
      bench.scheduler.advance(15_000);
      expect(bench.network.sent.filter(({ from }) => from.address === "192.0.2.1")).toHaveLength(sent);
      bench.network.drop = undefined;
      (await bench.ben.calls.next())[late]();
      bench.scheduler.drain();
      const lines = bench.lines().slice(bench.lines().lastIndexOf("anna INVITE"));
      const expected = late === "ring" ? ["anna CANCEL", "ben 487", "anna ACK"] : ["anna ACK", "anna BYE"];
      expect(lines.filter((line) => expected.includes(line))).toEqual(expected);
      expect(mine.events.all.at(-1)).toMatchObject({ type: "refused", status: 487 });
      expect(bench.left()).toEqual(nothing);
    }
  });

  test("that crosses the answer hangs up what was answered", async () => {
    const bench = await openTwoPhones({ delayMs: 100 });
    bench.ben.onCall = (call) => call.ring();
    const mine = bench.anna.call("ben");
    bench.scheduler.advance(200);
    (await bench.ben.calls.next()).answer();
    mine.cancel();
    bench.scheduler.drain();
    const [theirs] = bench.ben.calls.all;
    expect(typesOf(mine)).toEqual(["progress", "refused"]);
    expect(theirs && typesOf(theirs)).toEqual(["confirmed", "hung_up"]);
    expect(bench.left()).toEqual(nothing);
  });

  test("is over 32 s later when the far side has gone", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.ring();
    const mine = bench.anna.call("ben");
    bench.scheduler.advance(1000);
    await bench.ben.close();
    mine.cancel();
    bench.scheduler.advance(31_999);
    expect(typesOf(mine)).toEqual(["progress"]);
    bench.scheduler.advance(1);
    expect(mine.events.all.at(-1)).toEqual({ type: "refused", status: 487 });
    bench.scheduler.drain();
    expect(bench.left()).toEqual(nothing);
  });

  test("of nothing is answered 481", async () => {
    const bench = await openTwoPhones();
    const answer = bench.anna.request("CANCEL", { to: "ben" });
    bench.scheduler.advance(0);
    expect((await answer).status).toBe(481);
  });

  test("after the answer changes nothing", async () => {
    const bench = await openTwoPhones();
    const { mine, theirs } = await bench.connected();
    mine.cancel();
    bench.scheduler.advance(10_000);
    expect([typesOf(mine), typesOf(theirs)]).toEqual([["answered"], ["confirmed"]]);
    expect(bench.lines()).not.toContain("anna CANCEL");
  });
});
