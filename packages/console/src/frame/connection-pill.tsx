import { useConnection } from "@pbx-x/client/react";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";

/** Whether what is shown is up to date ([U26]). */
export function ConnectionPill() {
  const t = useWords();
  const { at } = useConnection();
  const isLive = at === "live";
  const text =
    at === "live"
      ? t("connection.live")
      : at === "connecting" || at === "idle"
        ? t("connection.connecting")
        : at === "closed"
          ? t("connection.closed")
          : t("connection.reconnecting");
  return (
    <span
      data-connection={at}
      className={`inline-flex items-center gap-1.5 rounded-full border border-line px-2.5 py-1 text-xs font-medium ${isLive ? "text-ok" : "text-amber"}`}
    >
      <Icon name={isLive ? "disc" : "warning"} size={12} />
      <span className="max-sm:sr-only">{text}</span>
    </span>
  );
}
