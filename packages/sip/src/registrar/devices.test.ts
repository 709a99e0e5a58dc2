import { describe, expect, test } from "vitest";
import type { Remote } from "../transport/transport.ts";
import { aor, createRegistrarBench as createBench, home } from "./registrar-testbench.ts";

describe("devices", () => {
  const instance = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000a95a0e128>"';

  test("the same instance with a new address is the same binding (RFC 5626)", () => {
    const { register, registrar, told } = createBench();
    register({ contact: `<sip:100@192.0.2.7:1111>;${instance}` });
    register({ contact: `<sip:100@192.0.2.7:2222>;${instance}`, callId: "after-restart" });
    expect(told()).toEqual([
      ["added", "binding-1"],
      ["refreshed", "binding-1"],
    ]);
    expect(registrar.get("binding-1")).toMatchObject({
      contactUri: "sip:100@192.0.2.7:2222",
      instanceId: "<urn:uuid:00000000-0000-1000-8000-000a95a0e128>",
    });
  });

  test("two instances with the same address are two bindings, as are two flows of one instance", () => {
    const { register, registrar } = createBench();
    register({ contact: `<sip:100@192.0.2.7>;${instance};reg-id=1` });
    register({ contact: `<sip:100@192.0.2.7>;${instance};reg-id=2` });
    register({ contact: '<sip:100@192.0.2.7>;+sip.instance="<urn:other>"' });
    expect(registrar.size).toBe(3);
  });

  test("behind NAT the source is where a device is reached; the Contact stays as it was written", () => {
    const { register, registrar } = createBench();
    const source: Remote = { transport: "udp", address: "203.0.113.4", port: 61_000 };
    expect(register({ contact: "<sip:100@10.0.0.5:5060>" }, source)).toMatchObject({
      contacts: ["<sip:100@10.0.0.5:5060>;expires=300"],
    });
    expect(registrar.bindingsOf(aor)[0]).toMatchObject({ contactUri: "sip:100@10.0.0.5:5060", remote: source });
    expect([registrar.isKnownPlace("203.0.113.4", 61_000), registrar.isKnownPlace("10.0.0.5", 5060)]).toEqual([
      true,
      false,
    ]);
  });

  test("a refresh from another place moves what is known", () => {
    const { register, registrar } = createBench();
    register({ contact: "<sip:100@10.0.0.5>" }, { ...home, port: 1111 });
    register({ contact: "<sip:100@10.0.0.5>" }, { ...home, port: 2222 });
    expect([registrar.isKnownPlace(home.address, 1111), registrar.isKnownPlace(home.address, 2222)]).toEqual([
      false,
      true,
    ]);
    register({ contact: "*", expires: "0" });
    expect(registrar.isKnownPlace(home.address, 2222)).toBe(false);
  });

  test("a place with two bindings is known until both are gone", () => {
    const { register, registrar } = createBench();
    register({ contact: ["<sip:100@10.0.0.5>", "<sip:100@10.0.0.6>"] });
    register({ contact: "<sip:100@10.0.0.5>;expires=0" });
    expect(registrar.isKnownPlace(home.address, home.port)).toBe(true);
    register({ contact: "<sip:100@10.0.0.6>;expires=0" });
    expect(registrar.isKnownPlace(home.address, home.port)).toBe(false);
  });

  test("Path is kept with the binding and given back (RFC 3327)", () => {
    const { register, registrar } = createBench();
    const path = ["<sip:edge1.test;lr>", "<sip:edge2.test;lr>"];
    const answer = register({ contact: "<sip:100@192.0.2.7>", headers: { Path: path.join(", ") } });
    expect(answer).toMatchObject({ status: 200, path });
    expect(registrar.bindingsOf(aor)[0]?.path).toEqual(path);
  });

  test("a connection that ends takes its bindings along, and no others", () => {
    const { register, registrar, told } = createBench();
    register({ contact: "<sip:a@browser.invalid>" }, { ...home, transport: "ws", flowId: "ws-1" });
    register({ contact: "<sip:b@browser.invalid>" }, { ...home, transport: "ws", flowId: "ws-2" });
    registrar.flowClosed("ws-1");
    expect(told().slice(2)).toEqual([["removed", "binding-1", "flow_lost"]]);
    expect(registrar.size).toBe(1);
  });
});

describe("limits", () => {
  test("an eleventh device is answered 403; a refresh of a tenth is not", () => {
    const { register, registrar } = createBench();
    for (let index = 0; index < 10; index += 1) register({ contact: `<sip:100@192.0.2.${index}>` });
    expect(register({ contact: "<sip:100@192.0.2.99>" }).status).toBe(403);
    expect(register({ contact: "<sip:100@192.0.2.5>" }).status).toBe(200);
    expect(registrar.size).toBe(10);
  });

  test("too many contacts at once are answered 403, and none is taken", () => {
    const { register, registrar } = createBench({ maxBindings: 2 });
    const contact = ["<sip:a@192.0.2.7>", "<sip:b@192.0.2.7>", "<sip:c@192.0.2.7>"];
    expect(register({ contact }).status).toBe(403);
    expect(registrar.size).toBe(0);
  });
});

describe("a restart", () => {
  test("gives back what still lasts, with the rest of its time", () => {
    const before = createBench();
    before.register({ contact: "<sip:100@192.0.2.7>" });
    const [binding] = before.registrar.bindingsOf(aor);
    if (binding === undefined) throw new Error("no binding");
    const after = createBench();
    after.scheduler.advance(100_000);
    expect(after.registrar.restore(binding)).toBe(true);
    expect(after.registrar.isKnownPlace(home.address, home.port)).toBe(true);
    after.scheduler.advance(199_999);
    expect(after.registrar.size).toBe(1);
    after.scheduler.advance(1);
    expect(after.told()).toEqual([
      ["added", "binding-1"],
      ["removed", "binding-1", "expired"],
    ]);
  });

  test("gives back neither what has ended nor what hung on a connection", () => {
    const { register, registrar } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    const [binding] = registrar.bindingsOf(aor);
    if (binding === undefined) throw new Error("no binding");
    const after = createBench();
    expect(after.registrar.restore({ ...binding, remote: { ...home, flowId: "tcp-1" } })).toBe(false);
    expect(after.registrar.restore({ ...binding, expiresAtMs: 0 })).toBe(false);
    expect([after.registrar.size, after.scheduler.pending()]).toEqual([0, 0]);
  });

  test("begins with a stop that says nothing and leaves no task", () => {
    const { register, registrar, scheduler, told } = createBench();
    register({ contact: "<sip:100@192.0.2.7>" });
    registrar.close();
    expect([registrar.size, scheduler.pending(), told().length, [...registrar.all()].length]).toEqual([0, 0, 1, 0]);
  });
});
