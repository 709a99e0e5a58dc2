import { expect, it } from "vitest";
import type { EngineCapabilities } from "../engine.ts";
import type { BindingId, BridgeId, LegId, PlaybackId, RecordingId, TransferRequestId, TrunkId } from "../ids.ts";
import type { Operation } from "../operations.ts";
import type { ContractWorld } from "./contract-world.ts";

/** Values instead of crashes: unknown ids, wrong states, what the engine lacks. */
export function testRefusedOperations(world: () => ContractWorld): void {
  it("answers unknown ids with the error of their kind", async () => {
    const legId = world().newId<LegId>();
    const bridgeId = world().newId<BridgeId>();
    const playbackId = world().newId<PlaybackId>();
    const operations: readonly (readonly [Operation, string])[] = [
      [{ op: "progress", legId, stage: "ringing" }, "unknown_leg"],
      [{ op: "answer", legId }, "unknown_leg"],
      [{ op: "hangup", legId, cause: "normal" }, "unknown_leg"],
      [{ op: "mute", legId, isMuted: true }, "unknown_leg"],
      [{ op: "play", legId, playbackId, source: { kind: "tone", tone: "busy" } }, "unknown_leg"],
      [{ op: "stopPlayback", playbackId }, "unknown_playback"],
      [{ op: "join", bridgeId, legId, mode: "talk" }, "unknown_bridge"],
      [{ op: "destroyBridge", bridgeId }, "unknown_bridge"],
      [{ op: "unregister", bindingId: world().newId<BindingId>() }, "unknown_binding"],
    ];
    for (const [operation, error] of operations) {
      expect(await world().attempt(operation), operation.op).toMatchObject({ ok: false, error });
    }
    const caller = await world().offered(await world().phone("200"));
    expect(await world().attempt({ op: "join", bridgeId, legId: caller.legId, mode: "talk" })).toMatchObject({
      error: "unknown_bridge",
    });
    await world().perform({ op: "createBridge", bridgeId });
    expect(await world().attempt({ op: "join", bridgeId, legId, mode: "talk" })).toMatchObject({
      error: "unknown_leg",
    });
    await world().perform({ op: "createBridge", bridgeId });
  });

  it("answers operations that do not fit the state of the leg with invalid_state", async () => {
    const callee = await world().ringing(await world().phone("201"));
    const invalid = { ok: false, error: "invalid_state" };
    expect(await world().attempt({ op: "answer", legId: callee.legId })).toMatchObject(invalid);
    expect(await world().attempt({ op: "progress", legId: callee.legId, stage: "ringing" })).toMatchObject(invalid);
    const { legId } = await world().answeredFrom(await world().phone("200"));
    expect(await world().attempt({ op: "progress", legId, stage: "ringing" })).toMatchObject(invalid);
    await world().perform({ op: "answer", legId });
    expect(world().typesOfLeg(legId)).toEqual(["legOffered", "legAnswered"]);
  });

  it("answers what it lacks with unsupported", async () => {
    const { legId } = await world().answeredFrom(await world().phone("200"));
    const bridgeId = world().newId<BridgeId>();
    await world().perform({ op: "createBridge", bridgeId });
    const target = { kind: "trunk", trunkId: world().newId<TrunkId>(), number: "0301234567" } as const;
    const callee = { number: "0301234567" };
    const dial = { legId: world().newId<LegId>(), caller: callee, callee, isAutoAnswer: false, timeoutMs: 10_000 };
    const needed: readonly (readonly [keyof EngineCapabilities, Operation])[] = [
      [
        "recording",
        {
          op: "record",
          recordingId: world().newId<RecordingId>(),
          bridgeId,
          leftLegId: legId,
          path: world().harness.newFile(),
        },
      ],
      ["remoteHold", { op: "remoteHold", legId }],
      ["remoteAnswer", { op: "remoteAnswer", legId }],
      ["holdMusic", { op: "holdMusic", legId, isOn: false }],
      ["supervision", { op: "join", bridgeId, legId, mode: "listen" }],
      ["sendDtmf", { op: "sendDtmf", legId, digits: "1" }],
      ["trunks", { op: "dial", target, ...dial }],
      [
        "phoneTransfer",
        { op: "acceptTransfer", transferRequestId: world().newId<TransferRequestId>(), outcome: "done" },
      ],
    ];
    for (const [capability, operation] of needed) {
      const outcome = await world().attempt(operation);
      const isUnsupported = !outcome.ok && outcome.error === "unsupported";
      expect(isUnsupported, `${capability}: ${JSON.stringify(outcome)}`).toBe(!world().engine.capabilities[capability]);
    }
  });

  it("keeps the order of operations on one leg", async () => {
    const { legId, call } = await world().offered(await world().phone("200"));
    const outcomes = await Promise.all([
      world().attempt({ op: "progress", legId, stage: "ringing" }),
      world().attempt({ op: "answer", legId }),
      world().attempt({ op: "hangup", legId, cause: "normal" }),
    ]);
    expect(outcomes).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    await world().ended(legId);
    await world().sees(call, "ended");
    expect(await world().attempt({ op: "hangup", legId, cause: "normal" })).toMatchObject({ error: "unknown_leg" });
  });
}
