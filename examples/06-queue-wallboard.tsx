// How many wait, how long, and who can take them.
import type { PbxClient } from "@pbx-x/client";
import { PbxProvider, useAgents, useChannels, useQueueEntries, useQueues } from "@pbx-x/client/react";

function QueueCard({ queueId, queueName }: { readonly queueId: string; readonly queueName: string }) {
  const waiting = useQueueEntries(queueId);
  const agents = useAgents(queueId);
  const free = agents.filter(({ status }) => status === "available");
  const since = waiting[0]?.enteredAt;
  return (
    <section>
      <h2>{queueName}</h2>
      <p>
        {waiting.length} waiting{since === undefined ? "" : `, the first since ${new Date(since).toLocaleTimeString()}`}
      </p>
      <p>
        {free.length} of {agents.length} agents free
      </p>
    </section>
  );
}

function Board() {
  useChannels(["queues", "agents"]);
  return useQueues().map(({ queueId, queueName }) => (
    <QueueCard key={queueId} queueId={queueId} queueName={queueName} />
  ));
}

export function Wallboard({ client }: { readonly client: PbxClient }) {
  return (
    <PbxProvider client={client}>
      <Board />
    </PbxProvider>
  );
}
