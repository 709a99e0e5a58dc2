import type { Call } from "@pbx-x/protocol/runtime";
import { otherParty } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { useMe } from "../session/me.ts";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { formatElapsed } from "../live/format-time.ts";

/** How a call ended, in words, for 3 s; nothing can be pressed where hang-up was ([U31], [U33]). */
export function EndedCard({ call }: { readonly call: Call }) {
  const t = useWords();
  const nameOf = useNameOf();
  const other = otherParty(call, useMe());
  const name = nameOf(other) ?? t("call.unknown");
  const { ended } = call;
  if (ended === undefined) return null;
  return (
    <article data-call={call.callId} data-state="ended" className="panel flex items-center gap-3 px-3 py-2 text-muted">
      <Icon name="cross" className="text-off" />
      <span className="font-semibold">{name}</span>
      <span>{t(`cause.${ended.hangupCause}`, { name })}</span>
      <span className="num ml-auto">{formatElapsed(ended.durationSeconds * 1000)}</span>
    </article>
  );
}
