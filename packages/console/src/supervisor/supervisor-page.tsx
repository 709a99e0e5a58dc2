import { useAgents, useCalls } from "@pbx-x/client/react";
import { useIsPaused, useLiveChannels } from "../live/use-live-channels.ts";
import { useQueueList } from "../live/use-queue-list.ts";
import { Choice } from "../ui/choice.tsx";
import { Empty, PageView } from "../ui/page.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useWords } from "../words/use-words.ts";
import { byArrival } from "../live/calls.ts";
import { AgentRow } from "./agent-row.tsx";
import { CallRow } from "./call-row.tsx";
import { MonitorBar } from "./monitor-bar.tsx";

/** Agents and calls of all, with listening in (§4.4 of the design). */
export function SupervisorPage() {
  const t = useWords();
  useLiveChannels(["agents", "queues", "calls", "extensions"]);
  const queues = useQueueList();
  const isAgentsPaused = useIsPaused("agents");
  const isCallsPaused = useIsPaused("calls");
  const [get, put] = useQuery();
  const queueId = get("queue");
  const agents = useAgents(queueId === "" ? undefined : queueId).toSorted((a, b) => a.number.localeCompare(b.number));
  const calls = useCalls().toSorted(byArrival);
  return (
    <PageView
      title={t("supervisor.title")}
      actions={
        <Choice
          label={t("supervisor.queue")}
          value={queueId}
          options={[
            { value: "", label: t("supervisor.allQueues") },
            ...queues.map((queue) => ({ value: queue.queueId, label: queue.queueName })),
          ]}
          onChange={(queue) => put({ queue })}
        />
      }
    >
      <MonitorBar calls={calls} />
      <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
        <section aria-label={t("supervisor.agents")} className="panel self-start">
          <h2 className="border-b border-line px-4 py-2">
            {t("supervisor.agents")} <span className="num">{agents.length}</span>
          </h2>
          {agents.length === 0 && (
            <Empty icon="headset" text={t(isAgentsPaused ? "connection.pausedHere" : "supervisor.noAgents")} />
          )}
          <ul>
            {agents.map((agent) => (
              <AgentRow key={agent.agentId} agent={agent} queues={queues} />
            ))}
          </ul>
        </section>
        <section aria-label={t("supervisor.calls")} className="panel self-start">
          <h2 className="border-b border-line px-4 py-2">
            {t("supervisor.calls")} <span className="num">{calls.length}</span>
          </h2>
          {calls.length === 0 && (
            <Empty icon="phone" text={t(isCallsPaused ? "connection.pausedHere" : "supervisor.noCalls")} />
          )}
          <ul>
            {calls.map((call) => (
              <CallRow key={call.callId} call={call} />
            ))}
          </ul>
        </section>
      </div>
    </PageView>
  );
}
