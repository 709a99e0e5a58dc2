import { useAgentQueues, useSelector } from "@pbx-x/client/react";
import { useLiveChannels } from "../live/use-live-channels.ts";
import type { Channel } from "@pbx-x/protocol/runtime";
import { useCallback } from "react";
import { useLayoutGuard } from "../dock/press-guard.ts";
import { useQueueList } from "../live/use-queue-list.ts";
import { useMe } from "../session/me.ts";
import { ConfigureLink } from "../ui/configure-link.tsx";
import { Empty, PageView } from "../ui/page.tsx";
import { useNameOf } from "../live/directory.tsx";
import { useWords } from "../words/use-words.ts";
import { AgentQueues } from "./agent-queues.tsx";
import { AgentStateBar } from "./agent-state-bar.tsx";
import { CurrentCall } from "./current-call.tsx";
import { MissedNotice } from "./missed-notice.tsx";
import { OfferCard } from "./offer-card.tsx";
import { useOwnAgent } from "./use-own-agent.ts";

/** One offer, one call, one wrap-up (§4.2 of the design). */
export function AgentPage() {
  const t = useWords();
  const { extensionId } = useMe();
  const nameOf = useNameOf();
  const queues = useQueueList();
  useLiveChannels(["me", ...queues.map(({ queueId }): Channel => `queues:${queueId}`)]);
  const agent = useOwnAgent();
  const offer = useSelector(
    useCallback(
      (read) => [...read("queueEntries").values()].find((entry) => entry.offer?.agent.extensionId === extensionId),
      [extensionId],
    ),
  );
  const loggedIn = useAgentQueues(agent?.agentId ?? "");
  const dropUnmeant = useLayoutGuard([offer?.offer?.offerId, agent?.status, agent?.nextStatus, ...loggedIn].join(" "));
  if (extensionId === undefined)
    return (
      <PageView title={t("agent.title")}>
        <Empty icon="headset" text={t("user.noExtension")}>
          <ConfigureLink href="/admin/extensions" text={t("admin.extensions")} />
        </Empty>
      </PageView>
    );
  return (
    <PageView title={t("agent.title")}>
      <div className="contents" onClickCapture={dropUnmeant}>
        <AgentStateBar agent={agent} extensionId={extensionId} />
        <MissedNotice status={agent?.status} />
        {offer?.offer !== undefined && <OfferCard entry={offer} />}
        <div className="grid grid-cols-1 gap-4 lg:grid-cols-[1fr_340px]">
          <CurrentCall isReady={agent?.status === "available"} hasOffer={offer !== undefined} />
          <AgentQueues agent={agent} extensionId={extensionId} nameOf={nameOf} />
        </div>
      </div>
    </PageView>
  );
}
