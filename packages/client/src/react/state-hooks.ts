import type {
  Agent,
  Call,
  CallId,
  Conference,
  Extension,
  Mailbox,
  ParkingSlot,
  Participant,
  Presence,
  Queue,
  QueueEntry,
  QueueStats,
  Registration,
  Trunk,
} from "@pbx-x/protocol/runtime";
import { useCallback } from "react";
import { type CallFilter, fits } from "../model/call-lists.ts";
import { useEntity, useKeys, useList, useSelector } from "./table-hooks.ts";

/** An active call, or one that ended within the last minute. */
export function useCall(callId: CallId): Call | undefined {
  return useSelector(useCallback((read) => read("calls").get(callId) ?? read("endedCalls").get(callId), [callId]));
}

/** Active calls; renders again with each change of one that fits. For long lists {@link useCallIds}. */
export function useCalls(filter?: CallFilter): readonly Call[] {
  const { number } = filter ?? {};
  const states = filter?.states?.join(" ");
  return useList(
    useCallback(
      (read) => {
        const wanted = {
          ...(number !== undefined && { number }),
          ...(states !== undefined && { states: states.split(" ") as NonNullable<CallFilter["states"]> }),
        };
        return [...read("calls").values()].filter((call) => fits(call, wanted));
      },
      [number, states],
    ),
  );
}

/** Which calls are active; renders again only when one begins or ends. */
export function useCallIds(): readonly CallId[] {
  return useKeys("calls");
}

export function useExtension(number: string): Extension | undefined {
  return useEntity("extensions", number);
}

export function useExtensions(): readonly Extension[] {
  return useList(useCallback((read) => [...read("extensions").values()], []));
}

/** Which extensions there are, for long lists of rows that each use {@link useExtension}. */
export function useExtensionNumbers(): readonly string[] {
  return useKeys("extensions");
}

/** The phones that are registered for an extension. */
export function useRegistrations(number: string): readonly Registration[] {
  return useList(
    useCallback((read) => [...read("registrations").values()].filter((each) => each.number === number), [number]),
  );
}

export function usePresence(number: string): Presence | undefined {
  return useSelector(
    useCallback(
      (read) => {
        const id = read("extensions").get(number)?.extensionId;
        if (id !== undefined) return read("presence").get(id);
        return [...read("presence").values()].find((each) => each.number === number);
      },
      [number],
    ),
  );
}

export function useAgent(agentId: string): Agent | undefined {
  return useEntity("agents", agentId);
}

/** All agents, or those that are logged in to a queue. */
export function useAgents(queueId?: string): readonly Agent[] {
  return useList(
    useCallback(
      (read) => {
        if (queueId === undefined) return [...read("agents").values()];
        const members = [...read("memberships").values()].filter((each) => each.queueId === queueId);
        return members.flatMap(({ agentId }) => read("agents").get(agentId) ?? []);
      },
      [queueId],
    ),
  );
}

/** The ids of the queues that an agent is logged in to. */
export function useAgentQueues(agentId: string): readonly string[] {
  return useList(
    useCallback(
      (read) =>
        [...read("memberships").values()].filter((each) => each.agentId === agentId).map(({ queueId }) => queueId),
      [agentId],
    ),
  );
}

export function useQueue(queueId: string): Queue | undefined {
  return useEntity("queues", queueId);
}

export function useQueues(): readonly Queue[] {
  return useList(useCallback((read) => [...read("queues").values()], []));
}

/** A queue's figures as last told; they come every few seconds and are not in the state that a new client gets. */
export function useQueueStats(queueId: string): QueueStats | undefined {
  return useEntity("queueStats", queueId);
}

/** Calls that wait, of one queue or of all, in their order. */
export function useQueueEntries(queueId?: string): readonly QueueEntry[] {
  return useList(
    useCallback(
      (read) =>
        [...read("queueEntries").values()]
          .filter((entry) => queueId === undefined || entry.queueId === queueId)
          .toSorted((a, b) => a.position - b.position),
      [queueId],
    ),
  );
}

/** Taken slots. */
export function useParking(): readonly ParkingSlot[] {
  return useList(
    useCallback(
      (read) => [...read("parkingSlots").values()].toSorted((a, b) => (a.parkingSlot < b.parkingSlot ? -1 : 1)),
      [],
    ),
  );
}

export function useConference(conferenceId: string): Conference | undefined {
  return useEntity("conferences", conferenceId);
}

export function useConferences(): readonly Conference[] {
  return useList(useCallback((read) => [...read("conferences").values()], []));
}

export function useParticipants(conferenceId: string): readonly Participant[] {
  return useList(
    useCallback(
      (read) => [...read("participants").values()].filter((each) => each.conferenceId === conferenceId),
      [conferenceId],
    ),
  );
}

export function useMailbox(voicemailBoxId: string): Mailbox | undefined {
  return useEntity("mailboxes", voicemailBoxId);
}

export function useMailboxes(): readonly Mailbox[] {
  return useList(useCallback((read) => [...read("mailboxes").values()], []));
}

export function useTrunks(): readonly Trunk[] {
  return useList(useCallback((read) => [...read("trunks").values()], []));
}
