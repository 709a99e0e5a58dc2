import { describe, expect, test } from "vitest";
import { openTwoPhones, typesOf } from "./two-phones-testbench.ts";

const requires = [{ name: "Require", value: "100rel" }];

/** Anna calls and requires acknowledged provisional answers. */
async function calling(options: Parameters<typeof openTwoPhones>[0] = {}) {
  const bench = await openTwoPhones(options);
  const mine = bench.anna.call("ben", { headers: requires });
  bench.scheduler.advance(options.delayMs ?? 0);
  return { bench, mine, theirs: await bench.ben.calls.next() };
}

describe("reliable provisional answers (RFC 3262)", () => {
  test("are acknowledged by PRACK, told once, and numbered one after the other", async () => {
    const { bench, mine, theirs } = await calling();
    theirs.progress(183, "v=0\r\n");
    theirs.ring();
    bench.scheduler.advance(0);
    expect(bench.lines()).toEqual([
      "anna INVITE",
      "ben 183",
      "anna PRACK",
      "ben 200",
      "ben 180",
      "anna PRACK",
      "ben 200",
    ]);
    const answers = bench.anna.received.all.filter(({ headers }) => headers.has("RSeq"));
    expect(answers.map(({ headers }) => [headers.get("RSeq"), headers.get("Require")])).toEqual([
      ["1", "100rel"],
      ["2", "100rel"],
    ]);
    const pracks = bench.ben.received.all.filter(({ cseq }) => cseq.method === "PRACK");
    expect(pracks.map(({ headers }) => headers.get("RAck"))).toEqual(["1 1 INVITE", "2 1 INVITE"]);
    expect(typesOf(mine)).toEqual(["progress", "progress"]);
  });

  test("come again at 0.5, 1.5, 3.5 s … until PRACK comes", async () => {
    const { bench, mine, theirs } = await calling();
    bench.network.drop = ({ bytes }) =>
      new TextDecoder().decode(bytes).startsWith("PRACK") && bench.scheduler.now() < 3000;
    theirs.ring();
    bench.scheduler.advance(20_000);
    const times = bench.network.sent
      .filter(({ bytes }) => new TextDecoder().decode(bytes).startsWith("SIP/2.0 180"))
      .map(({ atMs }) => atMs);
    expect(times).toEqual([0, 500, 1500, 3500]);
    expect(typesOf(mine)).toEqual(["progress"]);
  });

  test("that are never acknowledged end the call with 504 after 32 s", async () => {
    const { bench, mine, theirs } = await calling();
    bench.network.drop = ({ bytes }) => new TextDecoder().decode(bytes).startsWith("PRACK");
    theirs.ring();
    bench.scheduler.drain();
    expect(theirs.events.all).toEqual([{ type: "failed", failure: "no_ack" }]);
    expect(mine.events.all.at(-1)).toMatchObject({ type: "refused", status: 504 });
    expect(bench.left()).toEqual([0, 0, 0, 0, 0]);
  });

  test("let the answer wait for their PRACK", async () => {
    const { bench, theirs } = await calling({ delayMs: 100 });
    theirs.progress(183, "v=0\r\n");
    theirs.answer();
    expect(bench.lines()).toEqual(["anna INVITE", "ben 183"]);
    bench.scheduler.advance(1000);
    expect(bench.lines()).toEqual(["anna INVITE", "ben 183", "anna PRACK", "ben 200", "ben 200", "anna ACK"]);
  });

  test("come no more once the call is refused or cancelled", async () => {
    for (const end of ["refuse", "cancel"] as const) {
      const { bench, mine, theirs } = await calling();
      bench.network.drop = ({ bytes }) => new TextDecoder().decode(bytes).startsWith("PRACK");
      theirs.ring();
      bench.scheduler.advance(100);
      if (end === "refuse") theirs.refuse(486);
      else mine.cancel();
      bench.scheduler.drain();
      expect(bench.lines().filter((line) => line === "ben 180")).toHaveLength(1);
      expect(bench.left()).toEqual([0, 0, 0, 0, 0]);
    }
  });

  test("a PRACK for another answer gets 481", async () => {
    const { bench, mine, theirs } = await calling();
    theirs.ring();
    bench.scheduler.advance(0);
    const values = ["1 1 INVITE", "7 1 INVITE", "1 2 INVITE", "soon"];
    const answers = values.map((value) => mine.send("PRACK", { headers: [{ name: "RAck", value }] }));
    bench.scheduler.advance(0);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([481, 481, 481, 481]);
  });

  test("at most 8 wait; the others are left out", async () => {
    const { bench, theirs } = await calling();
    for (let count = 0; count < 20; count += 1) theirs.ring();
    bench.scheduler.advance(0);
    expect(bench.lines().filter((line) => line === "ben 180")).toHaveLength(9);
  });

  test("are not used for callers that do not require them", async () => {
    const bench = await openTwoPhones();
    bench.ben.onCall = (call) => call.ring();
    bench.anna.call("ben");
    bench.scheduler.advance(1000);
    expect(bench.lines()).toEqual(["anna INVITE", "ben 180"]);
  });

  test("100 is never one of them", async () => {
    const { bench, theirs } = await calling();
    theirs.progress(100);
    bench.scheduler.advance(5000);
    expect(bench.lines()).toEqual(["anna INVITE", "ben 100"]);
  });
});
