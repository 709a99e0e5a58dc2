import type { LegId } from "@pbx-x/telephony";
import type { FakeEngine } from "@pbx-x/telephony/fake";
import { defaultRoom } from "../conferences/conference-room.ts";
import { queueDefaults } from "../queues/queue.ts";
import { startBenchQueues } from "../queues/queue-testbench.ts";
import type { Queues } from "../queues/start-queues.ts";
import { MailboxStates } from "../voicemail/mailbox-states.ts";
import { createMemoryVoicemailStore } from "../voicemail/memory-voicemail-store.ts";
import { MessageDesk } from "../voicemail/message-desk.ts";
import { VoicemailService } from "../voicemail/voicemail-service.ts";
import { voicemailDefaults } from "../voicemail/voicemail-testbench.ts";
import type { CallTestbench } from "./call-testbench.ts";
import { type Action, type AcdWish, partyNumbers } from "./random-run-actions.ts";

/** Queues, agents and mailboxes of a random run; its conference is the bench's. */
export interface RandomServices {
  readonly acd: Queues;
  logoutAll(): Promise<void>;
  stop(): Promise<void>;
  /** What of them is left; zeros in the end. */
  left(): Readonly<Record<string, number>>;
}

/** How long who is called back keeps his place in a random run. */
export const callbackExpiryMs = 900_000;

const usual: AcdWish = {
  strategy: "longest_idle",
  overflow: undefined,
  waitsWithoutAgents: true,
  maxQueueSize: 50,
  maxWaitTimeSeconds: 0,
  wrapUpTimeSeconds: 0,
  hasPin: false,
};

/** Support (300), whose calls overflow, and Sales (310), which is heavier; a conference (400); a mailbox for 205. */
export async function startRandomServices(bench: CallTestbench, wish: AcdWish = usual): Promise<RandomServices> {
  const { calls, engine, extensions, scheduler, queues, rooms } = bench;
  const { overflow, hasPin, ...settings } = wish;
  const members = partyNumbers.map((number, index) => ({
    extensionId: extensions.byNumber(number)?.id ?? "",
    penalty: index % 2,
    skills: { french: index },
  }));
  const common = {
    ...queueDefaults,
    ...settings,
    members,
    requiredSkills: [{ skill: "french", minimum: 1 }],
    callbackEnabled: true,
    callbackAttempts: 2,
    callbackRetrySeconds: 30,
    callbackExpirySeconds: callbackExpiryMs / 1000,
  };
  const overflows =
    overflow === undefined ? {} : ({ overflowAction: "extension", overflowDestination: overflow } as const);
  queues.push(
    { ...common, ...overflows, id: "support", name: "Support", extensionNumber: "300" },
    { ...common, id: "sales", name: "Sales", extensionNumber: "310", weight: 5, greetingEnabled: false },
  );
  rooms.push({
    ...defaultRoom,
    id: "room",
    number: "400",
    name: "Team",
    maxParticipants: 3,
    ...(hasPin && { pin: "1" }),
  });
  const { acd } = await startBenchQueues(bench, false);
  const store = createMemoryVoicemailStore();
  const blobs = {
    pathFor: async () => "/dev/null",
    size: async () => undefined,
    read: () => {
      throw new Error("nothing is kept");
    },
    patch: async () => undefined,
    remove: async () => undefined,
    freeBytes: async () => Number.MAX_SAFE_INTEGER,
  };
  const desk = new MessageDesk({
    store,
    states: new MailboxStates(new Map()),
    blobs,
    log: bench,
    extensions,
    scheduler,
  });
  const onError = (error: unknown): void => {
    throw error;
  };
  const voicemail = new VoicemailService({
    greetings: { pathOf: async () => undefined },
    extensions,
    languageOf: () => voicemailDefaults.language,
    calls,
    store,
    blobs,
    desk,
    scheduler,
    settings: voicemailDefaults,
    onError,
  });
  engine.subscribe((event) => voicemail.onTelephony(event));
  return {
    acd,
    logoutAll: async () => {
      for (const agent of acd.agents.all()) acd.agents.logout(agent, undefined, { via: "admin" });
      await bench.settle();
    },
    stop: async () => {
      await voicemail.stop();
      await acd.stop();
    },
    left: () => ({
      waiting: queues.reduce((sum, { id }) => sum + acd.service.line(id).size, 0),
      callbacks: acd.service.callbacks.all().length,
      agents: acd.agents.all().length,
      conferences: bench.conferences.all().length,
      mailboxVisits: voicemail.size,
    }),
  };
}

/** What an agent does, or a supervisor in the conference; an answer that is no error but a refusal is fine. */
export async function actInService(
  bench: CallTestbench,
  { acd }: RandomServices,
  action: Extract<Action, { do: "agent" | "conference" }>,
): Promise<void> {
  if (action.do === "conference") return actInConference(bench, action);
  const number = partyNumbers[action.by % partyNumbers.length] ?? "200";
  const extensionId = bench.extensions.byNumber(number)?.id ?? "";
  const context = bench.as(number, "all");
  const queueIds = [["support"], ["sales"], ["support", "sales"]][action.queues % 3] ?? [];
  switch (action.name) {
    case "login":
      return void (await acd.commands.agentLogin({ extensionId, queueIds }, context));
    case "logout": {
      const some = action.queues % 2 === 0 ? {} : { queueIds };
      return void (await acd.commands.agentLogout({ extensionId, ...some }, context));
    }
    case "break":
    case "available":
      return void (await acd.commands.agentSetStatus({ extensionId, status: action.name }, context));
    case "wrapUp":
      return void (await acd.commands.agentSetWrapUp({ extensionId, seconds: action.queues % 20 }, context));
  }
}

async function actInConference(
  { conferences, commands, as }: CallTestbench,
  { name, who }: Extract<Action, { do: "conference" }>,
): Promise<void> {
  const [conference] = conferences.all();
  if (conference === undefined) return;
  const { conferenceId, participants } = conference;
  const { participantId = "" } = participants[who % Math.max(1, participants.length)] ?? {};
  const context = as("200", "all");
  switch (name) {
    case "kick":
      return void (await commands.conferenceKick({ conferenceId, participantId }, context));
    case "mute":
      return void (await commands.conferenceMute({ conferenceId, participantId }, context));
    case "unmute":
      return void (await commands.conferenceUnmute({ conferenceId, participantId }, context));
    case "lock":
      return void (await commands.conferenceLock({ conferenceId }, context));
    case "unlock":
      return void (await commands.conferenceUnlock({ conferenceId }, context));
    case "end":
      return void (await commands.conferenceEnd({ conferenceId }, context));
  }
}

/** An announcement that a leg hears comes to its end. */
export function finishPlaying(engine: FakeEngine, legId: LegId): void {
  if (engine.hearsPlayback(legId)?.kind !== "file") return;
  const played = engine.performed.findLast((one) => one.op === "play" && one.legId === legId);
  if (played?.op === "play") engine.finishPlayback(played.playbackId);
}
