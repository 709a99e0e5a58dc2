import type { ConnectionState } from "@pbx-x/client";
import type { DisconnectReason } from "@pbx-x/protocol/runtime";
import { useEffect, useState } from "react";
import { formatClock } from "../live/format-time.ts";
import { useConnection, usePbx, usePbxEvent } from "@pbx-x/client/react";
import { timersStopped } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { useLanguage, useWords } from "../words/use-words.ts";

/** A second connection has words of its own. */
type SaidReason = Exclude<DisconnectReason, "duplicate_connection">;

/** Says how old the data is, when the next try is, and that phones go on working ([U26]). */
export function StaleBar() {
  const t = useWords();
  const language = useLanguage();
  const client = usePbx();
  const connection = useConnection();
  const since = lostSince(connection);
  const farewell = useFarewell(connection.at === "live");
  if (connection.at === "closed" && connection.reason !== "auth" && connection.reason !== "user") {
    const isFenced = connection.reason === "fenced";
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2 text-amber">
        <Icon name="warning" />
        <span>
          {isFenced ? t("connection.fenced") : t("connection.closedBecause", { message: connection.message })}
        </span>
        <button type="button" className="btn btn-sm" onClick={() => client.connect()}>
          {isFenced ? t("connection.here") : t("common.retry")}
        </button>
      </div>
    );
  }
  if (since === undefined) return null;
  return (
    <div
      role="alert"
      data-stale-bar
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-[color-mix(in_srgb,var(--amber)_var(--tint),var(--raised))] px-4 py-2 text-sm text-amber"
    >
      <Icon name="warning" />
      <span className="num">{t("connection.lost", { time: formatClock(since, language) })}</span>
      {farewell !== undefined && <span className="font-medium">{t(`connection.reason.${farewell}`)}</span>}
      <NextTry connection={connection} />
      <span>{t("connection.phoneWorks")}</span>
    </div>
  );
}

/** Timers stand still while what they count from may be over, in every view ([U26]). */
export function useTimersStop(): void {
  const isLost = lostSince(useConnection()) !== undefined;
  useEffect(() => timersStopped.set(isLost), [isLost]);
}

function lostSince(connection: ConnectionState): number | undefined {
  if (connection.at === "resuming") return connection.lostAt;
  return connection.at === "offline" ? connection.since : undefined;
}

/** What the server said on its way out, until the connection is back. */
function useFarewell(isLive: boolean): SaidReason | undefined {
  const [farewell, setFarewell] = useState<SaidReason | undefined>();
  usePbxEvent("DISCONNECTED", ({ data: { reason } }) => {
    if (reason !== "duplicate_connection") setFarewell(reason);
  });
  useEffect(() => {
    if (isLive) setFarewell(undefined);
  }, [isLive]);
  return farewell;
}

function NextTry({ connection }: { readonly connection: ConnectionState }) {
  const t = useWords();
  const at = connection.at === "offline" ? connection.nextAttemptAt : undefined;
  const [left, setLeft] = useState<number | undefined>();
  useEffect(() => {
    if (at === undefined) {
      setLeft(undefined);
      return undefined;
    }
    const show = (): void => setLeft(Math.max(0, Math.ceil((at - Date.now()) / 1000)));
    show();
    const timer = setInterval(show, 500);
    return () => clearInterval(timer);
  }, [at]);
  return (
    <>
      <span className="num">
        {left === undefined ? t("connection.trying") : t("connection.next", { seconds: left })}
      </span>
      {left !== undefined && (
        <button type="button" className="btn btn-sm" onClick={() => globalThis.dispatchEvent(new Event("online"))}>
          {t("connection.tryNow")}
        </button>
      )}
    </>
  );
}
