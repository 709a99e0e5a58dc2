import type { QueueEntry } from "@pbx-x/protocol/runtime";
import { useEntity, useQueue } from "@pbx-x/client/react";
import { useMemo } from "react";
import { useAnswer } from "../dock/incoming-card.tsx";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { shownState } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { serverNow } from "../live/server-clock.ts";
import { useMe } from "../session/me.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { Countdown, Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { toneTint } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { dataText } from "./data-text.ts";

/** As much of what is attached as can be read while it rings; the rest is beside the call. */
const shownPairs = 4;

/** A waiting call that is offered to oneself now: which queue, how long it waited, who it is. */
export function OfferCard({ entry }: { readonly entry: QueueEntry }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const answer = useAnswer();
  const queue = useQueue(entry.queueId);
  const data = Object.entries(useEntity("calls", entry.callId)?.callData ?? {}).slice(0, shownPairs);
  const ringing = useOwnCalls().find((call) => shownState(call, me) === "incoming");
  const { offer, caller, enteredAt } = entry;
  const offerId = offer?.offerId;
  // The bar is whole when the offer appears.
  const seenAt = useMemo(() => new Date(offerId === undefined ? 0 : serverNow()).toISOString(), [offerId]);
  if (offer === undefined) return null;
  const name = nameOf(caller) ?? t("call.unknown");
  return (
    <section
      aria-label={t("agent.offer")}
      data-offer={offer.offerId}
      className="panel ringing-pulse flex flex-wrap items-center gap-4 px-5 py-4"
      style={toneTint("ring")}
    >
      {ringing !== undefined && (
        <button
          type="button"
          className="btn btn-ok min-h-11 px-5 !text-base"
          onClick={() => void answer(ringing.callId)}
        >
          <Icon name="phone" />
          {t("act.answer")}
        </button>
      )}
      <div className="min-w-0">
        <p className="truncate text-lg font-semibold">{name}</p>
        <p className="flex flex-wrap gap-x-1 text-sm text-muted">
          <span className="num">{caller?.number}</span>
          <span>· {t("call.via", { queue: queue?.queueName ?? "" })}</span>
          <span>
            · {t("agent.waits")} <Elapsed since={enteredAt} label={t("panel.waiting")} />
          </span>
        </p>
        {data.length > 0 && (
          <p className="flex flex-wrap gap-x-3 text-sm" data-offer-data>
            {data.map(([name, value]) => (
              <span key={name} className="max-w-80 truncate">
                <span className="text-muted">{name}</span> <span className="font-medium">{dataText(value)}</span>
              </span>
            ))}
          </p>
        )}
      </div>
      <span className="ml-auto flex items-center gap-2 text-sm text-muted">
        {t("agent.offerEnds")}
        <Countdown until={offer.expiresAt} from={seenAt} label={t("agent.offerEnds")} />
      </span>
      {ringing !== undefined && (
        <ActionButton
          command="reject"
          callId={ringing.callId}
          params={{ callId: ringing.callId }}
          label={t("agent.notNow")}
          icon="minus"
        />
      )}
    </section>
  );
}
