import { type KeyboardEvent, type Ref, useId, useState } from "react";
import { useDirectory } from "../live/directory.tsx";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { dialledNumber, searchDirectory } from "./search-directory.ts";

export interface Choice {
  readonly number: string;
  readonly name: string;
}

interface NumberFieldProps {
  readonly label: string;
  readonly onPick: (choice: Choice, isAlternate: boolean) => void;
  readonly autoFocus?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly dataField?: string;
  /** The list stays open below the field instead of floating over the page. */
  readonly isInline?: boolean;
}

/** Finds somebody by name, number or department, or takes a number as it is; Enter takes what is highlighted only. */
export function NumberField({ label, onPick, autoFocus, inputRef, dataField, isInline = false }: NumberFieldProps) {
  const t = useWords();
  const { entries } = useDirectory();
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  const choices = choicesFor(text);

  function choicesFor(typed: string): readonly Choice[] {
    const found = searchDirectory(entries, typed).map(({ number, displayName }) => ({ number, name: displayName }));
    const dialled = dialledNumber(typed);
    if (dialled === undefined || found.some(({ number }) => number === dialled)) return found;
    return [...found, { number: dialled, name: t("panel.dialNumber", { number: dialled }) }];
  }
  const pick = (choice: Choice, isAlternate: boolean): void => {
    setText("");
    setOpen(false);
    onPick(choice, isAlternate);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && choices.length > 0) {
      event.preventDefault();
      setIndex((before) => (before + step + choices.length) % choices.length);
    }
    const chosen = choices[index];
    if (event.key === "Enter" && isOpen && chosen !== undefined) {
      event.preventDefault();
      if (!isInline) event.currentTarget.blur();
      pick(chosen, event.ctrlKey || event.metaKey);
    }
    if (event.key === "Escape") {
      if (text !== "") event.stopPropagation();
      setText("");
      setOpen(false);
      if (!isInline) event.currentTarget.blur();
    }
  };
  const isShown = isOpen && text.trim() !== "";
  const active = choices[index];
  return (
    <div className="relative">
      <Icon name="search" className="pointer-events-none absolute top-[9px] left-2.5 text-muted" />
      <input
        ref={inputRef}
        className="field w-full !pl-8"
        type="text"
        role="combobox"
        aria-label={label}
        placeholder={t("panel.findHint")}
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active !== undefined ? `${listId}-${active.number}` : undefined}
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        data-field={dataField}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setIndex(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      <ul
        id={listId}
        role="listbox"
        aria-label={t("panel.results")}
        hidden={!isShown}
        className={
          isInline ? "mt-2 max-h-72 overflow-auto" : "layer absolute inset-x-0 top-10 z-30 max-h-96 overflow-auto p-1.5"
        }
      >
        {choices.map((choice, at) => (
          <li
            key={choice.number}
            id={`${listId}-${choice.number}`}
            role="option"
            aria-selected={at === index}
            className="menu-item"
            onPointerDown={(event) => event.preventDefault()}
            onClick={(event) => pick(choice, event.ctrlKey || event.metaKey)}
          >
            <Icon name="phone" className="text-muted" />
            <span className="truncate">{choice.name}</span>
            <span className="num ml-auto text-muted">{choice.number}</span>
          </li>
        ))}
        {choices.length === 0 && <li className="px-2.5 py-2 text-muted">{t("panel.noMatch")}</li>}
      </ul>
    </div>
  );
}
