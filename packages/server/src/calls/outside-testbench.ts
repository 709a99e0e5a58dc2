import { brandId, type LegId, type TrunkId } from "@pbx-x/telephony";
import type { Extension } from "../extensions/extension.ts";
import type { InboundRule } from "../routing/inbound-rule.ts";
import { createMemoryRoutingStore } from "../routing/memory-routing-store.ts";
import type { OutboundRule } from "../routing/outbound-rule.ts";
import { createOutsideCalls, type OutsideCalls, type PayerRights } from "../routing/outside-calls.ts";
import { defaultGuards, type GuardSettings, type OutsideRefusal } from "../routing/outside-guard.ts";
import type { RoutingTrunk } from "../routing/routing-trunk.ts";
import { createRuleBook } from "../routing/rule-book.ts";
import { createCallTestbench } from "./call-testbench.ts";

export interface OutsideSetting {
  readonly trunks?: readonly Partial<RoutingTrunk>[];
  readonly outbound?: readonly Partial<OutboundRule>[];
  readonly inbound?: readonly Partial<InboundRule>[];
  readonly guards?: Partial<GuardSettings>;
  /** By user; `user-200` has extension 200. */
  readonly rights?: Readonly<Record<string, PayerRights>>;
  readonly extensions?: Readonly<Record<string, Partial<Extension>>>;
}

const names = ["alpha", "beta"] as const;

/** Three extensions and two trunks, alpha and beta; numbers with a 0 in front go out by them, in that order. */
export async function createOutsideTestbench(setting: OutsideSetting = {}) {
  const trunks = names.map((name, at): RoutingTrunk => {
    const mainNumber = `+4930555${at}`;
    return { id: name, name, isEnabled: true, mainNumber, ...setting.trunks?.[at] };
  });
  const outbound = (setting.outbound ?? [{}]).map(
    (rule, at): OutboundRule => ({
      id: `out-${at}`,
      name: `out-${at}`,
      isEnabled: true,
      priority: 1,
      pattern: "0.",
      strip: 0,
      prepend: "",
      trunkIds: names,
      callerId: { mode: "trunk" },
      ...rule,
    }),
  );
  const inbound = (setting.inbound ?? []).map(
    (rule, at): InboundRule => ({
      id: `in-${at}`,
      name: `in-${at}`,
      isEnabled: true,
      priority: 1,
      didPattern: "+49305550",
      destination: { kind: "internal", number: "200" },
      ...rule,
    }),
  );
  const guards = { ...defaultGuards, ...setting.guards };
  const rules = await createRuleBook(createMemoryRoutingStore({ outbound, inbound }, guards));
  const refusals: OutsideRefusal[] = [];
  const down = new Set<string>();
  let world: OutsideCalls | undefined;
  const bench = await createCallTestbench({}, setting.extensions, {
    // Known to the engine as they are, whatever the setting makes of them in the PBX.
    trunks: names.map((name) => ({
      trunkId: brandId<TrunkId>(name),
      name,
      isEnabled: true,
      trunkType: "static",
      host: "127.0.0.1",
      transport: "udp",
      allowedIps: [],
    })),
    outside: ({ extensions, now }) => {
      world = createOutsideCalls({
        rules,
        trunks: {
          byId: (id) => trunks.find((trunk) => trunk.id === id),
          all: () => trunks,
          isDown: (id) => down.has(id),
        },
        extensions,
        rightsOf: (userId) => setting.rights?.[userId] ?? { role: "user", grantedPermissions: [] },
        plan: { countryCode: "49", areaCode: "30", internationalPrefix: "00", nationalPrefix: "0", outsidePrefix: "" },
        now,
        onRefused: (refusal) => refusals.push(refusal),
      });
      return world;
    },
  });
  const own = bench.register("200", { expiresMs: 24 * 3600_000 });
  if (world === undefined) throw new Error("the calls have no world beyond the trunks");
  return {
    ...bench,
    outside: world,
    own,
    refusals,
    down,
    /** 200 dials. */
    dial: async (number: string): Promise<LegId> => {
      const legId = bench.engine.call(own, number);
      await bench.settle();
      return legId;
    },
    deliver: async (
      dialled: string,
      caller: { number: string; name?: string; isPrivate?: boolean } = { number: "+491701234567" },
      trunk: (typeof names)[number] = "alpha",
    ): Promise<LegId> => {
      const legId = bench.engine.callFromTrunk(brandId<TrunkId>(trunk), dialled, caller);
      await bench.settle();
      return legId;
    },
    /** The leg that was dialled last and is alive. */
    ringing: (): LegId => {
      const legId = bench.ringingLegs().at(-1);
      if (legId === undefined) throw new Error("nothing rings");
      return legId;
    },
    types: () => bench.events.map(({ type }) => type),
  };
}
