import type { Binding } from "@pbx-x/telephony";
import { describe, expect, it } from "vitest";
import { createCallTestbench } from "../calls/call-testbench.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import { RegistrationService } from "./registration-service.ts";

const typesAndContacts = (events: readonly NewEvent[]) => events.map(({ type, data }) => [type, data["contactUri"]]);

/** A service on its own with a store in memory, and a first start behind it. */
async function createService(kept: readonly Binding[] = []) {
  const bench = await createCallTestbench();
  const stored = new Map(kept.map((binding) => [binding.bindingId, binding]));
  const events: NewEvent[] = [];
  const service = new RegistrationService({
    engine: bench.engine,
    log: {
      append: (added) => {
        events.push(...added);
        return { firstSeq: 1, lastSeq: 1, committed: Promise.resolve() };
      },
    },
    extensions: bench.extensions,
    store: {
      load: () => Promise.resolve([...stored.values()]),
      save: (binding) => void stored.set(binding.bindingId, binding),
      remove: (bindingId) => void stored.delete(bindingId),
      flush: () => Promise.resolve(),
    },
    onStoreError: (error) => {
      throw error;
    },
  });
  bench.engine.subscribe((event) => service.onTelephony(event));
  return { bench, service, events, stored };
}

describe("registrations", () => {
  it("[E1] a mere refresh is no event; the expiry is kept all the same", async () => {
    const { bench, service, events } = await createService();
    const contact = { contactUri: "sip:200@127.0.0.1:6000", userAgent: "Desk phone" };
    bench.register("200", { ...contact, expiresMs: 60_000 });
    const before = service.all()[0]?.expiresAtMs ?? 0;
    bench.scheduler.advance(30_000);
    bench.register("200", { ...contact, expiresMs: 60_000 });
    expect(events.map(({ type }) => type)).toEqual(["EXTENSION_REGISTERED"]);
    expect((service.all()[0]?.expiresAtMs ?? 0) - before).toBe(30_000);
  });

  it("[E2] a device that comes back from another address is one event", async () => {
    const { bench, events } = await createService();
    const id = bench.register("200", { contactUri: "sip:200@127.0.0.1:6000" });
    const [first] = bench.registrations.all();
    if (first === undefined) throw new Error("nothing is registered");
    bench.engine.emit({ type: "bindingRefreshed", binding: { ...first, bindingId: id, ipAddress: "127.0.0.9" } });
    bench.engine.emit({ type: "bindingRefreshed", binding: { ...first, bindingId: id, ipAddress: "127.0.0.9" } });
    expect(events.map(({ type, data }) => [type, data["ipAddress"]])).toEqual([
      ["EXTENSION_REGISTERED", first.ipAddress],
      ["EXTENSION_REGISTERED", "127.0.0.9"],
    ]);
  });

  it("[E1] after a restart what the engine takes back is silent, what it does not is told as timed out", async () => {
    const former = await createService();
    former.bench.register("200", { contactUri: "sip:200@127.0.0.1:6000", expiresMs: 3600_000 });
    former.bench.register("201", { contactUri: "sip:201@127.0.0.1:6001", expiresMs: 1000 });
    const kept = [...former.stored.values()];
    expect(kept).toHaveLength(2);

    const { bench, service, events, stored } = await createService(kept);
    bench.scheduler.advance(2000);
    await service.restore();
    expect(typesAndContacts(events)).toEqual([["EXTENSION_UNREGISTERED", "sip:201@127.0.0.1:6001"]]);
    expect(events[0]?.data).toMatchObject({ reason: "timeout", remainingRegistrations: 0 });
    expect(service.all().map(({ contactUri }) => contactUri)).toEqual(["sip:200@127.0.0.1:6000"]);
    expect([...stored.values()]).toHaveLength(1);
  });

  it("[R7] an administrator's end of a registration is told with its reason; an unknown one is none", async () => {
    const { bench, service, events } = await createService();
    const id = bench.register("200", { contactUri: "sip:200@127.0.0.1:6000" });
    expect(await service.forceUnregister(id)).toBe(true);
    expect(events.at(-1)).toMatchObject({
      type: "EXTENSION_UNREGISTERED",
      data: { reason: "admin_force", causedBy: { via: "admin" } },
    });
    expect(await service.forceUnregister(id)).toBe(false);
  });
});
