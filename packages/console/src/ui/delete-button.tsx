import { useWords } from "../words/use-words.ts";
import { Icon } from "./icons.tsx";

/** The bin at the end of a row; `what` names the row. */
export function DeleteButton({ what, onPress }: { readonly what: string; readonly onPress: () => void }) {
  const t = useWords();
  return (
    <button
      type="button"
      className="btn btn-ghost btn-icon btn-sm"
      aria-label={`${t("common.delete")}: ${what}`}
      onClick={onPress}
    >
      <Icon name="trash" />
    </button>
  );
}
