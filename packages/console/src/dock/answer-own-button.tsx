import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { useOverlay } from "../live/use-run.ts";
import { useAnswer } from "./incoming-card.tsx";

/** The own phone rings because of a call that was begun here: makes it pick up. */
export function AnswerOwnButton({ callId }: { readonly callId: string }) {
  const t = useWords();
  const answer = useAnswer();
  const overlay = useOverlay(callId, "answer");
  return (
    <button
      type="button"
      className="btn btn-ok"
      aria-disabled={overlay !== undefined}
      onClick={() => overlay === undefined && void answer(callId)}
    >
      <Icon name="phone" />
      {t("act.answer")}
    </button>
  );
}
