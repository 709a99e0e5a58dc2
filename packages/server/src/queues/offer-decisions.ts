import type { OfferOutcome } from "@pbx-x/protocol";
import type { Binding, LegId } from "@pbx-x/telephony";
import type { Call, Party } from "../calls/call.ts";
import { callDataField } from "../calls/call-data.ts";
import { connect } from "../calls/connect.ts";
import { type Decision, DecisionBuilder, type DecisionContext } from "../calls/decision.ts";
import { isTrunksFault } from "../calls/dial-outside.ts";
import { forkOutcome } from "../calls/hangup-cause.ts";
import { endOf, type LegEvent, type LegSurroundings } from "../calls/leg-event.ts";
import { withParty } from "../calls/parties.ts";
import { isExhausted, ring, stopRinging, updateLeg } from "../calls/ring.ts";
import { tellRingingAt } from "../calls/ringing.ts";
import { wireParty } from "../calls/wire-party.ts";
import { tellNoAnswer, withdrawOffers } from "./leave-queue.ts";
import { type AgentOffer, type QueuedStage, queueFields, waitedSeconds } from "./queue-entry.ts";
import { fallSilent } from "./speech.ts";

export interface OfferedAgent {
  readonly agentId: string;
  readonly agent: Party;
  readonly bindings: readonly Binding[];
}

/** Rings the phones of the agents that the distribution has chosen ([Q4]). */
export function decideOffer(
  call: Call,
  { agents, ringMs }: { readonly agents: readonly OfferedAgent[]; readonly ringMs: number },
  context: DecisionContext,
): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  if (stage.at !== "queued") return builder.build();
  const { entry, callerLegId } = stage;
  const expiresAtMs = context.nowMs + ringMs;
  const offers = agents.map(({ agentId, agent, bindings }): AgentOffer => {
    const offerId: string = builder.newId();
    builder.change({ participants: withParty(builder.call, agent) }).tell("QUEUE_AGENT_OFFERED", {
      ...queueFields(entry),
      offerId,
      agent: { ...wireParty(agent), agentId },
      caller: wireParty(call.caller),
      expiresAt: new Date(expiresAtMs).toISOString(),
      ...callDataField(call),
    });
    const fork = ring(builder, {
      bindings,
      extensionId: agent.extensionId ?? "",
      caller: call.caller,
      callee: agent,
      isAutoAnswer: false,
      timeoutMs: ringMs,
      originatorLegId: callerLegId,
    });
    return { offerId, agentId, agent, fork, offeredAtMs: context.nowMs, expiresAtMs, isRinging: false };
  });
  return builder.change({ stage: { ...stage, offers: [...stage.offers, ...offers] } }).build();
}

/** The offer to one agent ends from this side: his phone is gone, he is on a break, he refuses by command ([Q8]). */
export function decideWithdraw(call: Call, agentId: string, outcome: OfferOutcome, context: DecisionContext): Decision {
  const builder = new DecisionBuilder(call, context);
  const { stage } = call;
  const offer = stage.at === "queued" ? stage.offers.find((one) => one.agentId === agentId) : undefined;
  if (offer !== undefined) {
    stopRinging(builder, offer.fork, "cancelled");
    endOffer(builder, offer, outcome);
  }
  return builder.build();
}

/** What an agent's phone says that rings for a waiting call. */
export function whileOffered(
  builder: DecisionBuilder,
  stage: QueuedStage,
  event: LegEvent,
  around: LegSurroundings,
): void {
  const offer = stage.offers.find(({ fork }) => fork.legs.some(({ legId }) => legId === event.legId));
  if (offer === undefined) return;
  switch (event.type) {
    case "legRinging":
    case "legEarlyMedia": {
      const allowsRemoteAnswer = event.type === "legRinging" && event.allowsRemoteAnswer;
      const fork = updateLeg(offer.fork, event.legId, { status: "ringing", allowsRemoteAnswer });
      changeOffer(builder, { ...offer, fork, isRinging: true });
      if (!offer.isRinging) tellRingingAt(builder, offer.agent);
      return;
    }
    case "legAnswered":
      takeCall(builder, stage, offer, event.legId, around);
      return;
    case "legEnded": {
      const fork = updateLeg(offer.fork, event.legId, { status: "ended", end: endOf(event) });
      changeOffer(builder, { ...offer, fork });
      const isRefusedByPerson = event.sipCode !== undefined && event.sipCode >= 600;
      if (!isExhausted(fork) && !isRefusedByPerson) return;
      const end = isRefusedByPerson ? endOf(event) : forkOutcome(fork);
      if (isRefusedByPerson) stopRinging(builder, fork, "cancelled");
      endOffer(builder, { ...offer, fork }, isTrunksFault(end) ? "failed" : (outcomes[end.cause] ?? "failed"));
      return;
    }
    default:
      return;
  }
}

/** The agent has the call: `CALL_ANSWERED`, then `QUEUE_CALL_ANSWERED` ([Q3]). */
function takeCall(
  builder: DecisionBuilder,
  stage: QueuedStage,
  offer: AgentOffer,
  legId: LegId,
  around: LegSurroundings,
): void {
  const { entry, callerLegId, holds } = stage;
  if (!offer.isRinging) tellRingingAt(builder, offer.agent);
  withdrawOffers(builder, stage, "answered_elsewhere", offer);
  fallSilent(builder, around);
  const waitSeconds = waitedSeconds(entry, builder.nowMs);
  builder
    .unschedule("queue_wait")
    .unschedule("queue_announcement")
    .change({
      queue: { id: entry.queueId, name: entry.queueName, waitSeconds, agentExtensionId: offer.agent.extensionId },
      callee: offer.agent,
    });
  const dialling = {
    at: "dialling",
    callerLegId,
    isCallerAnswered: true,
    fork: offer.fork,
    isRinging: true,
    holds,
  } as const;
  connect(builder, dialling, legId, around);
  builder.tell("QUEUE_CALL_ANSWERED", {
    ...queueFields(entry),
    agent: { ...wireParty(offer.agent), agentId: offer.agentId },
    waitTimeSeconds: waitSeconds,
    offerId: offer.offerId,
  });
}

function changeOffer(builder: DecisionBuilder, changed: AgentOffer): void {
  const { stage } = builder.call;
  if (stage.at !== "queued") return;
  const offers = stage.offers.map((offer) => (offer.offerId === changed.offerId ? changed : offer));
  builder.change({ stage: { ...stage, offers } });
}

/** The call waits on, in its old place ([Q5]). */
function endOffer(builder: DecisionBuilder, offer: AgentOffer, outcome: OfferOutcome): void {
  const { stage } = builder.call;
  if (stage.at !== "queued") return;
  const { offerId, agent } = offer;
  const missed = [...stage.entry.missed, { offerId, extensionId: agent.extensionId ?? "", outcome }].slice(
    -maximumMissed,
  );
  const offers = stage.offers.filter((one) => one.offerId !== offerId);
  builder.change({ stage: { ...stage, offers, entry: { ...stage.entry, missed } } });
  tellNoAnswer(builder, stage.entry, offer, outcome);
}

/** Older ones are forgotten, so that a call that waits for hours stays small. */
const maximumMissed = 100;

const outcomes: Readonly<Record<string, OfferOutcome>> = {
  busy: "busy",
  no_answer: "no_answer",
  no_response: "no_answer",
  rejected: "rejected",
  not_allowed: "rejected",
};
