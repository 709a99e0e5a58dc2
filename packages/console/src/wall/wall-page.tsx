import { useLiveChannels } from "../live/use-live-channels.ts";
import type { Channel } from "@pbx-x/protocol/runtime";
import { useEffect } from "react";
import { useQueueList } from "../live/use-queue-list.ts";
import { useMay } from "../session/me.ts";
import { ConfigureLink } from "../ui/configure-link.tsx";
import { Icon } from "../ui/icons.tsx";
import { Empty } from "../ui/page.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useWords } from "../words/use-words.ts";
import { QueueTile } from "./queue-tile.tsx";

/** Queues, readable from 8 m; `?kiosk=1` hides every control and keeps the screen awake ([U50]). */
export function WallPage() {
  const t = useWords();
  const seesAll = useMay("queues.view.all");
  const seesAgents = useMay("agents.view.all");
  const queues = useQueueList();
  const own = queues.map(({ queueId }): Channel => `queues:${queueId}`);
  useLiveChannels(seesAll ? (seesAgents ? ["queues", "agents"] : ["queues"]) : ["me", ...own]);
  const [get, put] = useQuery();
  const isKiosk = get("kiosk") === "1";
  useWakeLock(isKiosk);
  return (
    <div className={`flex min-h-full flex-col gap-4 p-4 ${isKiosk ? "h-screen cursor-none overflow-hidden" : ""}`}>
      {isKiosk ? (
        <h1 className="sr-only">{t("wall.title")}</h1>
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="mr-auto">{t("wall.title")}</h1>
          <button
            type="button"
            className="btn"
            data-key="f"
            onClick={() => void document.documentElement.requestFullscreen()}
          >
            <Icon name="expand" />
            {t("wall.fullscreen")}
          </button>
          <button type="button" className="btn" onClick={() => put({ kiosk: "1" })}>
            <Icon name="wall" />
            {t("wall.kiosk")}
          </button>
        </div>
      )}
      {queues.length === 0 && (
        <Empty icon="wall" text={t("wall.empty")}>
          <ConfigureLink href="/admin/queues" text={t("panel.addOne")} />
        </Empty>
      )}
      <div className={`grid flex-1 grid-cols-1 gap-4 ${queues.length > 1 ? "xl:grid-cols-2" : ""}`}>
        {queues.map(({ queueId, queueName }) => (
          <QueueTile key={queueId} queueId={queueId} name={queueName} hasChart={seesAll} />
        ))}
      </div>
    </div>
  );
}

function useWakeLock(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !("wakeLock" in navigator)) return undefined;
    let lock: WakeLockSentinel | undefined;
    const take = (): void => {
      if (document.visibilityState === "visible")
        navigator.wakeLock.request("screen").then(
          (held) => (lock = held),
          () => undefined,
        );
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      document.removeEventListener("visibilitychange", take);
      void lock?.release();
    };
  }, [isWanted]);
}
