import { type CodecName, codecNames, type MediaService } from "@pbx-x/media";
import type { Notifier, WatchedState as SipWatchedState } from "@pbx-x/sip";
import type { Operation, OperationOutcome, WatchedState } from "@pbx-x/telephony";
import type { Bridges } from "./bridges.ts";
import type { Digits } from "./digits/digits.ts";
import type { Directory } from "./directory.ts";
import type { HoldMusic } from "./hold-music.ts";
import { done, type Leg, refused } from "./legs/leg.ts";
import type { LegTable } from "./legs/leg-table.ts";
import type { MessageLamps } from "./message-lamps.ts";
import type { Playbacks } from "./playbacks.ts";
import type { Recordings } from "./recordings.ts";
import type { Registrations } from "./registrations.ts";
import type { Transfers } from "./transfers.ts";
import type { Trunks } from "./trunks/trunks.ts";

type Outcome = OperationOutcome | Promise<OperationOutcome>;

/** The parts of the engine that operations reach. */
export interface OperationParts {
  readonly legs: LegTable;
  readonly bridges: Bridges;
  readonly playbacks: Playbacks;
  readonly holdMusic: HoldMusic;
  readonly digits: Digits;
  readonly transfers: Transfers;
  readonly recordings: Recordings;
  readonly registrations: Registrations;
  readonly notifier: Notifier;
  readonly messageLamps: MessageLamps;
  readonly trunks: Trunks;
  readonly directory: Directory;
  readonly media: () => MediaService | undefined;
  readonly dial: (operation: Extract<Operation, { op: "dial" }>) => Outcome;
}

/** Carries out one operation of the port. */
export function carryOut(parts: OperationParts, operation: Operation): Outcome {
  const { legs, bridges, playbacks, holdMusic, transfers, recordings, registrations } = parts;
  switch (operation.op) {
    case "dial":
      return parts.dial(operation);
    case "progress":
      return legs.onOffered(operation.legId, (leg) => leg.progress(operation.stage, codecsBeside(bridges, leg)));
    case "answer":
      return legs.onOffered(operation.legId, (leg) => leg.answer(codecsBeside(bridges, leg)));
    case "updateParty":
      return legs.onLeg(operation.legId, (leg) => {
        leg.showParty(operation.party);
        return done;
      });
    case "hangup":
      return legs.onEnding(operation.legId, (leg) => {
        leg.hangup(operation.cause, operation.explanation);
        return done;
      });
    case "remoteAnswer":
      return legs.onDialled(operation.legId, (leg) => leg.remoteAnswer());
    case "remoteHold":
      return legs.onDevice(operation.legId, (leg) => leg.remoteControl("hold"));
    case "remoteTalk":
      return legs.onDevice(operation.legId, (leg) => leg.remoteControl("talk"));
    case "createBridge":
      return bridges.create(operation);
    case "join":
      return bridges.join(operation);
    case "leave":
      return bridges.leave(operation.bridgeId, operation.legId);
    case "destroyBridge":
      return bridges.destroy(operation.bridgeId);
    case "mute":
      return legs.onLeg(operation.legId, (leg) => {
        leg.isMuted = operation.isMuted;
        parts.media()?.mute(leg.legId, operation.isMuted);
        return done;
      });
    case "play":
      return legs.onLeg(operation.legId, (leg) => playbacks.start(leg, operation.playbackId, operation.source));
    case "stopPlayback":
      return playbacks.stop(operation.playbackId);
    case "sendDtmf":
      return legs.onDevice(operation.legId, (leg) => parts.digits.send(leg, operation.digits));
    case "unregister":
      return registrations.registrar.remove(operation.bindingId)
        ? done
        : refused("unknown_binding", operation.bindingId);
    case "applyConfiguration":
      for (const gone of parts.directory.replace(operation.configuration)) {
        registrations.forgetExtension(gone.extensionId);
        parts.notifier.endOf(gone.extensionId);
      }
      parts.trunks.apply(operation.configuration.trunks);
      return done;
    case "testTrunk":
      return parts.trunks.test(operation.trunkId, operation.testId)
        ? done
        : refused("unknown_trunk", operation.trunkId);
    case "restoreBindings":
      for (const binding of operation.bindings) {
        registrations.restore(binding, parts.directory.byId(binding.extensionId));
      }
      parts.messageLamps.restored(operation.bindings.map(({ bindingId }) => bindingId));
      return done;
    case "publishState":
      parts.notifier.publish(operation.number, withDialogs(operation.state, legs));
      parts.messageLamps.publish(operation.number, operation.state.messages);
      return done;
    case "withdrawState":
      parts.notifier.withdraw(operation.number);
      parts.messageLamps.publish(operation.number, undefined);
      return done;
    case "acceptTransfer":
      return transfers.accept(operation.transferRequestId, operation.outcome);
    case "rejectTransfer":
      return transfers.reject(operation.transferRequestId, operation.cause);
    case "holdMusic":
      return legs.onLeg(operation.legId, (leg) =>
        operation.isOn ? holdMusic.start(leg, operation.path) : holdMusic.stop(leg.legId),
      );
    case "record":
      return recordings.start(operation);
    case "moveRecording":
      return recordings.move(operation);
    case "pauseRecording":
      return recordings.pause(operation);
    case "stopRecording":
      return recordings.stop(operation);
  }
}

/** What the others of the leg's bridge speak, so that both sides agree; else everything. */
function codecsBeside(bridges: Bridges, leg: Leg): readonly CodecName[] {
  const beside = bridges.othersOf(leg).flatMap((other) => other.negotiated?.codec ?? []);
  return beside.length > 0 ? beside : codecNames;
}

/** What watchers are told of the SIP dialogs, as the watched phones know them. */
function withDialogs(state: WatchedState, legs: LegTable): SipWatchedState {
  const dialogs = state.dialogs.map(({ legId, ...dialog }) => {
    const id = legId === undefined ? undefined : legs.get(legId)?.dialogId;
    if (id === undefined) return dialog;
    return { ...dialog, dialog: { callId: id.callId, localTag: id.remoteTag, remoteTag: id.localTag } };
  });
  return { ...state, dialogs };
}
