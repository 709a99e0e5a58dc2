import { describe, expect, test } from "vitest";
import { aor, createRegistrarBench as createBench, home, registerOf } from "./registrar-testbench.ts";

describe("bindings (RFC 3261 §10.3)", () => {
  test("several devices of one address are kept side by side, and all of them answered", () => {
    const { register, registrar, told } = createBench();
    register({ contact: "<sip:100@192.0.2.7>;q=0.5" });
    const answer = register({ contact: "<sip:100@192.0.2.8:5070;transport=tcp>;expires=600" });
    expect(answer).toEqual({
      status: 200,
      contacts: ["<sip:100@192.0.2.7>;expires=300", "<sip:100@192.0.2.8:5070;transport=tcp>;expires=600"],
      path: [],
    });
    expect([registrar.size, told()]).toEqual([
      2,
      [
        ["added", "binding-1"],
        ["added", "binding-2"],
      ],
    ]);
  });

  test("several contacts of one REGISTER are several bindings", () => {
    const { register, registrar } = createBench();
    register({ contact: ["<sip:100@192.0.2.7>, <sip:100@192.0.2.8>", "sip:100@192.0.2.9"] });
    expect(registrar.bindingsOf(aor).map(({ contactUri }) => contactUri)).toEqual([
      "sip:100@192.0.2.7",
      "sip:100@192.0.2.8",
      "sip:100@192.0.2.9",
    ]);
  });

  test("a REGISTER without Contact asks and changes nothing", () => {
    const { register, told, scheduler } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    scheduler.advance(100_000);
    expect(register({})).toMatchObject({ status: 200, contacts: ["<sip:100@192.0.2.7>;expires=200"] });
    expect(told()).toHaveLength(1);
  });

  test("the same URI again refreshes, with the same id and a new end", () => {
    const { register, registrar, told, scheduler } = createBench();
    register({ contact: "<sip:100@192.0.2.7;transport=UDP>" });
    scheduler.advance(200_000);
    register({ contact: "<sip:100@192.0.2.7;transport=udp>", headers: { "User-Agent": "New/2" } });
    expect(told()).toEqual([
      ["added", "binding-1"],
      ["refreshed", "binding-1"],
    ]);
    expect(registrar.get("binding-1")).toMatchObject({ expiresAtMs: 500_000, userAgent: "New/2" });
    scheduler.advance(299_999);
    expect(registrar.size).toBe(1);
    scheduler.advance(1);
    expect([registrar.size, told().at(-1)]).toEqual([0, ["removed", "binding-1", "expired"]]);
  });

  test("other addresses of record are not touched", () => {
    const { register, registrar } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    registrar.register("ext-200", registerOf({ contact: "<sip:100@192.0.2.7>" }), home);
    register({ contact: "*", expires: "0" });
    expect([registrar.bindingsOf(aor).length, registrar.bindingsOf("ext-200").length]).toEqual([0, 1]);
  });

  test.each([
    ["0.3", 0.3],
    ["1", 1],
    ["0", 0],
    ["2", 1],
    ["-1", 1],
    ["high", 1],
  ])("q=%s is kept as %d", (text, q) => {
    const { register, registrar } = createBench();
    register({ contact: `<sip:100@192.0.2.7>;q=${text}` });
    expect(registrar.bindingsOf(aor)[0]?.q).toBe(q);
  });

  test.each([["<sip:"], ["*, <sip:100@192.0.2.7>"], ['"open <sip:100@192.0.2.7>']])(
    "Contact '%s' is answered 400",
    (contact) => {
      const { register, registrar } = createBench();
      expect(register({ contact })).toMatchObject({ status: 400 });
      expect(registrar.size).toBe(0);
    },
  );

  test("what the phone tells of itself is kept: User-Agent cut at 256 characters, Allow-Events", () => {
    const { register, registrar } = createBench();
    register({
      contact: "<sip:100@192.0.2.7>",
      headers: { "User-Agent": "x".repeat(300), "Allow-Events": "talk, hold" },
    });
    const [binding] = registrar.bindingsOf(aor);
    expect([binding?.userAgent.length, binding?.allowEvents]).toEqual([256, ["talk", "hold"]]);
  });
});

describe("how long (RFC 3261 §10.2.1.1)", () => {
  test.each([
    ["nothing", {}, 300],
    ["Expires", { expires: "120" }, 120],
    ["the Contact, before Expires", { contact: "<sip:100@192.0.2.7>;expires=90", expires: "120" }, 90],
    ["too long", { expires: "7200" }, 3600],
    ["far too long", { expires: "4294967295" }, 3600],
    ["the least", { expires: "60" }, 60],
  ] as const)("%s gives the right time", (_, traits, seconds) => {
    const { register } = createBench();
    expect(register({ contact: "<sip:100@192.0.2.7>", ...traits })).toMatchObject({
      contacts: [`<sip:100@192.0.2.7>;expires=${seconds}`],
    });
  });

  test("below the least is answered 423 and changes nothing, also for one of several contacts", () => {
    const { register, registrar } = createBench({ minExpires: 60 });
    expect(register({ contact: "<sip:100@192.0.2.7>", expires: "59" })).toEqual({ status: 423, minExpires: 60 });
    const contact = ["<sip:100@192.0.2.7>;expires=600", "<sip:100@192.0.2.8>;expires=1"];
    expect(register({ contact })).toEqual({ status: 423, minExpires: 60 });
    expect(registrar.size).toBe(0);
  });

  test.each(["soon", "-1", "1.5", ""])("'%s' is answered 400", (expires) => {
    const { register } = createBench();
    expect(register({ contact: "<sip:100@192.0.2.7>", expires })).toMatchObject({ status: 400 });
  });

  test("each binding ends by itself", () => {
    const { register, scheduler, told } = createBench();
    register({ contact: "<sip:100@192.0.2.7>;expires=100" });
    register({ contact: "<sip:100@192.0.2.8>;expires=200" });
    scheduler.advance(100_000);
    expect(told().at(-1)).toEqual(["removed", "binding-1", "expired"]);
    scheduler.drain();
    expect([told().at(-1), scheduler.pending()]).toEqual([["removed", "binding-2", "expired"], 0]);
  });
});

describe("taking back", () => {
  test("0 seconds take one binding back", () => {
    const { register, registrar, told, scheduler } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    register({ contact: "<sip:100@192.0.2.8>" });
    const answer = register({ contact: "<sip:100@192.0.2.7>;expires=0" });
    expect(answer).toMatchObject({ status: 200, contacts: ["<sip:100@192.0.2.8>;expires=300"] });
    expect([registrar.size, told().at(-1), scheduler.pending()]).toEqual([
      1,
      ["removed", "binding-1", "unregistered"],
      1,
    ]);
  });

  test("of what is not there changes nothing", () => {
    const { register, told } = createBench();
    expect(register({ contact: "<sip:100@192.0.2.7>", expires: "0" })).toMatchObject({ status: 200, contacts: [] });
    expect(told()).toEqual([]);
  });

  test("* with Expires 0 takes all of them back", () => {
    const { register, registrar, told } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    register({ contact: "<sip:100@192.0.2.8>", callId: "reg-2" });
    expect(register({ contact: "*", expires: "0" })).toEqual({ status: 200, contacts: [], path: [] });
    expect(registrar.size).toBe(0);
    expect(told().slice(2)).toEqual([
      ["removed", "binding-1", "unregistered"],
      ["removed", "binding-2", "unregistered"],
    ]);
  });

  test.each([undefined, "300"])("* with Expires %s is answered 400", (expires) => {
    const { register, registrar } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    expect(register({ contact: "*", ...(expires !== undefined && { expires }) })).toMatchObject({ status: 400 });
    expect(registrar.size).toBe(1);
  });

  test("by an administrator, and of an unknown id", () => {
    const { register, registrar, told } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    expect([registrar.remove("binding-1"), registrar.remove("binding-1")]).toEqual([true, false]);
    expect(told().at(-1)).toEqual(["removed", "binding-1", "forced"]);
  });
});

describe("order (§10.3 steps 6 and 7)", () => {
  test.each([
    ["an older number", { cseq: 9 }, 500],
    ["the same number", { cseq: 10 }, 500],
    ["a newer number", { cseq: 11 }, 200],
    ["an older number of another Call-ID, as after a restart", { cseq: 1, callId: "reg-2" }, 200],
  ] as const)("%s for the same contact", (_, traits, status) => {
    const { register, told } = createBench();
    register({ contact: "<sip:100@192.0.2.7>", cseq: 10 });
    expect(register({ contact: "<sip:100@192.0.2.7>", ...traits }).status).toBe(status);
    expect(told()).toHaveLength(status === 200 ? 2 : 1);
  });

  test("an older number takes nothing back, neither one nor all", () => {
    const { register, registrar } = createBench();
    register({ contact: "<sip:100@192.0.2.7>", cseq: 10 });
    expect(register({ contact: "<sip:100@192.0.2.7>", expires: "0", cseq: 9 }).status).toBe(500);
    expect(register({ contact: "*", expires: "0", cseq: 9 }).status).toBe(500);
    expect(registrar.size).toBe(1);
  });

  test("one contact out of order leaves the others of its REGISTER out too", () => {
    const { register, registrar } = createBench();
    register({ contact: "<sip:100@192.0.2.7>", cseq: 10 });
    expect(register({ contact: ["<sip:100@192.0.2.8>", "<sip:100@192.0.2.7>"], cseq: 9 }).status).toBe(500);
    expect(registrar.size).toBe(1);
  });
});
