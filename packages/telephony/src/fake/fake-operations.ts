import {
  maxBridgeMembers,
  type Operation,
  type OperationError,
  type OperationOutcome,
  type PartyIdentity,
} from "../operations.ts";
import { refusalSipCodes } from "./sip-codes.ts";
import type { FakeLeg } from "./fake-leg.ts";
import type { FakePhones } from "./fake-phones.ts";
import type { FakeWorld } from "./fake-world.ts";

const done: OperationOutcome = { ok: true };
type OperationOf<Name extends Operation["op"]> = Extract<Operation, { op: Name }>;

function refused(error: OperationError, detail: string): OperationOutcome {
  return { ok: false, error, detail };
}

/** What may be told before the start. */
const earlyOperations = ["applyConfiguration", "restoreBindings", "publishState", "withdrawState"] as const;

/** Carries out one operation at once; what follows from it is pushed as events. */
export function performOnWorld(world: FakeWorld, phones: FakePhones, operation: Operation): OperationOutcome {
  if (world.life === "lost" || world.life === "stopped")
    return refused("engine_unavailable", `the engine is ${world.life}`);
  if (world.life === "new" && !earlyOperations.some((name) => name === operation.op)) {
    return refused("engine_unavailable", "the engine is not started");
  }
  world.recordings.note();
  switch (operation.op) {
    case "dial":
      return dial(world, phones, operation);
    case "progress":
      return withLeg(world, operation, (leg) => {
        if (leg.direction !== "offered" || leg.state === "answered") return invalid(leg);
        if (leg.state === operation.stage || leg.state === "early_media") return done;
        world.updateLeg(leg.legId, { state: operation.stage }, { kind: operation.stage });
        return done;
      });
    case "answer":
      return withLeg(world, operation, (leg) => {
        if (leg.direction !== "offered") return invalid(leg);
        if (leg.state === "answered") return done;
        world.updateLeg(leg.legId, { state: "answered" }, { kind: "answered" });
        if (leg.party !== undefined) showParty(world, leg.legId, leg.party);
        world.outbox.push({ type: "legAnswered", legId: leg.legId });
        return done;
      });
    case "updateParty":
      return withLeg(world, operation, (leg) => {
        const { legId, party } = operation;
        const isNews = leg.party?.number !== party.number || leg.party.name !== party.name;
        world.updateLeg(legId, { party });
        const binding = leg.bindingId === undefined ? undefined : world.bindings.get(leg.bindingId);
        if (isNews && leg.state === "answered" && binding?.allowsUpdate === true) showParty(world, legId, party);
        return done;
      });
    case "hangup":
      return withLeg(world, operation, (leg) => {
        const code = leg.direction === "dialled" ? 487 : refusalSipCodes[operation.cause];
        world.endLeg(leg.legId, operation.cause, "local", leg.state === "answered" ? {} : { seen: code });
        return done;
      });
    case "remoteAnswer":
      return ifAble(world, "remoteAnswer", () => withLeg(world, operation, (leg) => remoteAnswer(world, phones, leg)));
    case "remoteHold":
    case "remoteTalk":
      return ifAble(world, "remoteHold", () =>
        withLeg(world, operation, (leg) => remoteHold(world, leg, operation.op)),
      );
    case "createBridge":
      if (world.bridges.has(operation.bridgeId)) return done;
      world.bridges.set(operation.bridgeId, new Map());
      if (operation.isMixed === true) world.mixedBridges.add(operation.bridgeId);
      return done;
    case "join":
      return join(world, operation);
    case "leave":
      return withLeg(world, operation, (leg) => {
        const members = world.bridges.get(operation.bridgeId);
        if (members === undefined) return refused("unknown_bridge", operation.bridgeId);
        if (!members.has(leg.legId)) return invalid(leg);
        world.leaveBridge(leg.legId);
        return done;
      });
    case "destroyBridge": {
      const members = world.bridges.get(operation.bridgeId);
      if (members === undefined) return refused("unknown_bridge", operation.bridgeId);
      for (const legId of members.keys()) world.leaveBridge(legId);
      world.bridges.delete(operation.bridgeId);
      world.mixedBridges.delete(operation.bridgeId);
      return done;
    }
    case "mute":
      return withLeg(world, operation, (leg) => {
        world.updateLeg(leg.legId, { isMuted: operation.isMuted });
        return done;
      });
    case "play":
      return withLeg(world, operation, (leg) => play(world, leg, operation));
    case "stopPlayback":
      return world.finishPlayback(operation.playbackId, false)
        ? done
        : refused("unknown_playback", operation.playbackId);
    case "holdMusic":
      return ifAble(world, "holdMusic", () =>
        withLeg(world, operation, (leg) => {
          world.updateLeg(leg.legId, { hasHoldMusic: operation.isOn });
          return done;
        }),
      );
    case "record":
      return ifAble(world, "recording", () => {
        const { recordingId, bridgeId, leftLegId, path } = operation;
        if (!world.bridges.has(bridgeId)) return refused("unknown_bridge", bridgeId);
        if (!world.recordings.has(recordingId)) world.recordings.start(recordingId, bridgeId, leftLegId, path);
        return done;
      });
    case "moveRecording": {
      const { recordingId, bridgeId, leftLegId } = operation;
      if (!world.bridges.has(bridgeId)) return refused("unknown_bridge", bridgeId);
      return world.recordings.change(recordingId, { bridgeId, leftLegId })
        ? done
        : refused("unknown_recording", recordingId);
    }
    case "pauseRecording":
      return world.recordings.change(operation.recordingId, { isPaused: operation.isPaused })
        ? done
        : refused("unknown_recording", operation.recordingId);
    case "stopRecording":
      return world.recordings.finish(operation.recordingId)
        ? done
        : refused("unknown_recording", operation.recordingId);
    case "sendDtmf":
      return ifAble(world, "sendDtmf", () =>
        withLeg(world, operation, (leg) => {
          if (leg.state !== "answered") return invalid(leg);
          world.updateLeg(leg.legId, { sentDtmf: leg.sentDtmf + operation.digits });
          return done;
        }),
      );
    case "acceptTransfer":
    case "rejectTransfer": {
      const request = world.transfers.get(operation.transferRequestId);
      if (request === undefined) return refused("unknown_transfer", operation.transferRequestId);
      const outcome = operation.op === "acceptTransfer" ? operation.outcome : operation.cause;
      world.transfers.set(request.transferRequestId, { ...request, outcome });
      return done;
    }
    case "unregister":
      return world.removeBinding(operation.bindingId, "forced")
        ? done
        : refused("unknown_binding", operation.bindingId);
    case "applyConfiguration": {
      world.configuration = operation.configuration;
      const known = new Set(operation.configuration.extensions.map(({ extensionId }) => extensionId));
      for (const { bindingId, extensionId } of world.bindings.values()) {
        if (!known.has(extensionId)) world.removeBinding(bindingId, "forced");
      }
      world.trunks.configure(operation.configuration.trunks);
      return done;
    }
    case "publishState":
      return ifAble(world, "watching", () => {
        world.publishState(operation.number, operation.state);
        return done;
      });
    case "withdrawState":
      return ifAble(world, "watching", () => {
        world.publishState(operation.number, undefined);
        return done;
      });
    case "testTrunk":
      return ifAble(world, "trunks", () =>
        world.trunks.test(operation.trunkId, operation.testId) ? done : refused("unknown_trunk", operation.trunkId),
      );
    case "restoreBindings":
      for (const binding of operation.bindings) {
        if (binding.expiresAtMs > world.options.scheduler.now())
          world.keepBinding({ ...binding, answersAutomatically: false, allowsUpdate: false });
      }
      return done;
  }
}

/** What the port promises of a trunk that says nothing. */
const trunkFirstAnswerMs = 5000;

function showParty(world: FakeWorld, legId: FakeLeg["legId"], { number }: PartyIdentity): void {
  world.updateLeg(legId, {}, { kind: "party", number });
}

function dial(world: FakeWorld, phones: FakePhones, operation: OperationOf<"dial">): OperationOutcome {
  const { legId, target } = operation;
  if (world.legs.has(legId) || world.endedLegs.has(legId)) return done;
  const binding = target.kind === "binding" ? world.bindings.get(target.bindingId) : undefined;
  if (target.kind === "binding" && binding === undefined) return refused("unknown_binding", target.bindingId);
  if (target.kind === "trunk") {
    if (!world.capabilities.trunks) return refused("unsupported", "no trunks");
    const trunk = world.trunks.get(target.trunkId);
    if (trunk === undefined) return refused("unknown_trunk", target.trunkId);
    if (!trunk.isEnabled) return refused("invalid_state", "the trunk is disabled");
  }
  world.legs.set(legId, {
    legId,
    direction: "dialled",
    ...(binding !== undefined && { bindingId: binding.bindingId }),
    target,
    caller: operation.caller,
    callee: operation.callee,
    party: operation.caller,
    ...(operation.originatorLegId !== undefined && { originatorLegId: operation.originatorLegId }),
    isAutoAnswer: operation.isAutoAnswer,
    state: "dialled",
    isHeld: false,
    isMuted: false,
    hasHoldMusic: false,
    sentDtmf: "",
    sees: [],
  });
  world.startTimer(`dial/${legId}`, operation.timeoutMs, () => {
    const hadRung = world.legs.get(legId)?.state !== "dialled";
    world.endLeg(legId, hadRung ? "no_answer" : "no_response", "local", { seen: 487 });
  });
  if (target.kind === "trunk" && !world.trunks.isReachable(target.trunkId)) {
    world.startTimer(`dial/${legId}`, Math.min(trunkFirstAnswerMs, operation.timeoutMs), () =>
      world.endLeg(legId, "no_response", "local", { seen: 487 }),
    );
    return done;
  }
  const answers =
    world.options.autoAnswer === true || (operation.isAutoAnswer && binding?.answersAutomatically === true);
  if (world.options.autoRing === true || answers) {
    queueMicrotask(() => {
      if (world.legs.get(legId)?.state === "dialled") phones.ring(legId);
      if (answers && world.legs.get(legId)?.state === "ringing") phones.answer(legId);
    });
  }
  return done;
}

function remoteAnswer(world: FakeWorld, phones: FakePhones, leg: FakeLeg): OperationOutcome {
  if (leg.direction !== "dialled" || (leg.state !== "ringing" && leg.state !== "early_media")) return invalid(leg);
  if (!phones.canAnswerRemotely(leg)) return refused("device_cannot", leg.legId);
  world.stopTimer(`dial/${leg.legId}`);
  world.updateLeg(leg.legId, { state: "answered" });
  world.outbox.push({ type: "legAnswered", legId: leg.legId });
  return done;
}

function remoteHold(world: FakeWorld, leg: FakeLeg, wish: "remoteHold" | "remoteTalk"): OperationOutcome {
  if (leg.state !== "answered") return invalid(leg);
  const binding = leg.bindingId === undefined ? undefined : world.bindings.get(leg.bindingId);
  const isAble = wish === "remoteHold" ? binding?.allowsRemoteHold : binding?.allowsRemoteTalk;
  if (isAble !== true) return refused("device_cannot", leg.legId);
  const isHeld = wish === "remoteHold";
  if (leg.isHeld === isHeld) return done;
  world.updateLeg(leg.legId, { isHeld });
  world.outbox.push(
    isHeld ? { type: "legHeld", legId: leg.legId, isMusicPossible: true } : { type: "legUnheld", legId: leg.legId },
  );
  return done;
}

function join(world: FakeWorld, { bridgeId, legId, mode, whisperTo }: OperationOf<"join">): OperationOutcome {
  const members = world.bridges.get(bridgeId);
  if (members === undefined) return refused("unknown_bridge", bridgeId);
  if (!world.legs.has(legId)) return refused("unknown_leg", legId);
  if (mode !== "talk" && !world.capabilities.supervision) return refused("unsupported", "no supervision");
  if (mode === "whisper" && (whisperTo === undefined || whisperTo === legId || !members.has(whisperTo))) {
    return refused("unknown_leg", "whom to whisper to is not in the bridge");
  }
  if (!members.has(legId) && members.size >= maxBridgeMembers) return refused("invalid_state", "the bridge is full");
  const talking = [...members.values()].filter((member) => member.mode === "talk" && member.legId !== legId);
  if (mode === "talk" && talking.length >= 2 && !world.capabilities.conferencing) {
    return refused("unsupported", "no bridges of more than two");
  }
  world.leaveBridge(legId);
  members.set(legId, { legId, mode, ...(whisperTo !== undefined && { whisperTo }) });
  world.updateLeg(legId, { bridgeId });
  return done;
}

function play(world: FakeWorld, leg: FakeLeg, { playbackId, source }: OperationOf<"play">): OperationOutcome {
  if (leg.state !== "answered" && leg.state !== "early_media") return invalid(leg);
  if (world.playbacks.has(playbackId)) return done;
  for (const other of world.playbacks.values()) {
    if (other.legId === leg.legId) world.finishPlayback(other.playbackId, false);
  }
  world.playbacks.set(playbackId, { playbackId, legId: leg.legId, source });
  if (source.kind === "tone" && source.tone === "beep") {
    world.startTimer(`beep/${playbackId}`, world.options.beepDurationMs ?? 200, () =>
      world.finishPlayback(playbackId, true),
    );
  }
  return done;
}

function withLeg(
  world: FakeWorld,
  operation: { readonly legId: FakeLeg["legId"] },
  run: (leg: FakeLeg) => OperationOutcome,
): OperationOutcome {
  const leg = world.legs.get(operation.legId);
  return leg === undefined ? refused("unknown_leg", operation.legId) : run(leg);
}

function ifAble(
  world: FakeWorld,
  capability: keyof FakeWorld["capabilities"],
  run: () => OperationOutcome,
): OperationOutcome {
  return world.capabilities[capability] ? run() : refused("unsupported", capability);
}

function invalid(leg: FakeLeg): OperationOutcome {
  return refused("invalid_state", `${leg.direction} leg ${leg.legId} is ${leg.state}`);
}
