import { useQueues } from "@pbx-x/client/react";
import { useMemo } from "react";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";

export interface QueueName {
  readonly queueId: string;
  readonly queueName: string;
}

/** The queues that one may see, also those that no event has named yet. */
export function useQueueList(): readonly QueueName[] {
  const live = useQueues();
  const { data } = useApi<Page<{ readonly id: string; readonly name: string }>>("/queues?limit=100");
  return useMemo(() => {
    const known = new Map((data?.data ?? []).map(({ id, name }) => [id, name]));
    for (const { queueId, queueName } of live) if (!known.has(queueId)) known.set(queueId, queueName);
    return [...known].map(([queueId, queueName]) => ({ queueId, queueName }));
  }, [data, live]);
}
