import { useWords } from "../words/use-words.ts";
import { NumberField } from "./number-field.tsx";
import { useDial } from "./use-dial.ts";

/** The field in the header: Enter calls who is highlighted. */
export function FindOrDial() {
  const t = useWords();
  const dial = useDial();
  return <NumberField label={t("panel.find")} dataField="dial" onPick={({ number }) => dial(number)} />;
}
