import type { AgentStatus } from "@pbx-x/protocol/runtime";
import { formatClock } from "../live/format-time.ts";
import { useNameOf } from "../live/directory.tsx";
import { Icon } from "../ui/icons.tsx";
import { useStore } from "../ui/store.ts";
import { useLanguage, useWords } from "../words/use-words.ts";
import { missedOffer } from "./missed-offer.ts";

/** What became of the last offer that was not taken, and of oneself; it stays until it is put away. */
export function MissedNotice({ status }: { readonly status: AgentStatus | undefined }) {
  const t = useWords();
  const language = useLanguage();
  const nameOf = useNameOf();
  const missed = useStore(missedOffer);
  if (missed === undefined) return null;
  const { at, queueName, caller, outcome } = missed;
  return (
    <section
      role="status"
      data-missed-offer={outcome}
      className="panel flex flex-wrap items-center gap-x-3 gap-y-1 border-amber px-4 py-2.5 text-sm"
    >
      <Icon name="missed" className="text-amber" />
      <p className="min-w-0 flex-1">
        <span className="font-medium">
          {t(`missed.${outcome}`, {
            time: formatClock(Date.parse(at), language),
            name: nameOf(caller) ?? t("call.unknown"),
            queue: queueName,
          })}
        </span>{" "}
        {status === "available" && <span className="text-muted">{t("missed.stillAvailable")}</span>}
      </p>
      <button
        type="button"
        className="btn btn-ghost btn-icon btn-sm"
        aria-label={t("common.close")}
        onClick={() => missedOffer.set(undefined)}
      >
        <Icon name="cross" size={14} />
      </button>
    </section>
  );
}
