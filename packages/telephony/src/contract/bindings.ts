import { expect, it } from "vitest";
import type { BindingId } from "../ids.ts";
import type { ContractWorld } from "./contract-world.ts";

/** Registrations: added, refreshed, removed for three reasons, given back. */
export function testBindings(world: () => ContractWorld): void {
  it("tells of a new registration with everything known of the device", async () => {
    const { binding } = await world().phone("200");
    const extension = world().harness.configuration.extensions.find(({ number }) => number === "200");
    expect(binding).toMatchObject({ extensionId: extension?.extensionId, allowsRemoteTalk: false });
    expect(binding.contactUri).toMatch(/^sips?:/);
    expect(binding.userAgent).not.toBe("");
    expect(binding.ipAddress).not.toBe("");
    expect(binding.expiresAtMs).toBeGreaterThan(world().harness.now());
    expect(world().engine.usage().bindings).toBe(1);
  });

  it("keeps the binding over a refresh", async () => {
    const { phone, binding } = await world().phone("200");
    world().harness.advance(20_000);
    await phone.register();
    const refreshed = await world().event("bindingRefreshed");
    expect(refreshed.binding.bindingId).toBe(binding.bindingId);
    expect(refreshed.binding.expiresAtMs).toBeGreaterThan(binding.expiresAtMs);
    expect(world().eventsOf("bindingAdded")).toHaveLength(1);
  });

  it("removes a binding as unregistered", async () => {
    const { phone, binding } = await world().phone("200");
    await phone.unregister();
    const { bindingId, extensionId } = binding;
    expect(await world().event("bindingRemoved")).toEqual({
      type: "bindingRemoved",
      bindingId,
      extensionId,
      reason: "unregistered",
    });
    expect(world().engine.usage().bindings).toBe(0);
  });

  it("removes a binding as expired when the device does not come back", async () => {
    const { binding } = await world().phone("200");
    world().harness.advance(binding.expiresAtMs - world().harness.now() + 1_000);
    expect(await world().event("bindingRemoved")).toMatchObject({ bindingId: binding.bindingId, reason: "expired" });
  });

  it("removes a binding as forced, and dials it no more", async () => {
    const lisa = await world().phone("201");
    const { bindingId } = lisa.binding;
    await world().perform({ op: "unregister", bindingId });
    expect(await world().event("bindingRemoved")).toMatchObject({ bindingId, reason: "forced" });
    expect(await world().attempt({ op: "unregister", bindingId })).toMatchObject({ error: "unknown_binding" });
    expect(await world().attempt(world().dialOf(lisa))).toMatchObject({ ok: false, error: "unknown_binding" });
  });

  it("keeps several devices of one extension apart", async () => {
    const first = await world().phone("201");
    const second = await world().phone("201");
    expect(second.binding.bindingId).not.toBe(first.binding.bindingId);
    const { call } = await world().dialled(second);
    expect(first.phone.incoming).toEqual([]);
    expect(second.phone.incoming).toEqual([call]);
  });

  it("removes the bindings of an extension that is configured no more", async () => {
    const { binding } = await world().phone("200");
    const { configuration } = world().harness;
    const extensions = configuration.extensions.filter(({ number }) => number !== "200");
    await world().perform({ op: "applyConfiguration", configuration: { ...configuration, extensions } });
    expect(await world().event("bindingRemoved")).toMatchObject({ bindingId: binding.bindingId, reason: "forced" });
  });

  it("takes back what was registered before a restart, and tells of it before the outcome; what expired is dropped", async () => {
    const lisa = await world().phone("201");
    if (!world().engine.capabilities.restoreBindings) {
      const bindings = [lisa.binding];
      expect(await world().attempt({ op: "restoreBindings", bindings })).toMatchObject({ error: "unsupported" });
      return;
    }
    const { bindingId } = lisa.binding;
    await world().perform({ op: "unregister", bindingId });
    const before = world().eventsOf("bindingAdded").length;
    const expired = { ...lisa.binding, bindingId: world().newId<BindingId>(), expiresAtMs: world().harness.now() - 1 };
    await world().perform({ op: "restoreBindings", bindings: [lisa.binding, expired] });
    expect(world().eventsOf("bindingAdded").slice(before)).toMatchObject([{ binding: { bindingId } }]);
    const { legId, call } = await world().dialled(lisa);
    call.answer();
    await world().event("legAnswered", (event) => event.legId === legId);
  });
}
