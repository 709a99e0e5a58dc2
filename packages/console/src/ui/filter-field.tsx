import { useWords } from "../words/use-words.ts";

interface FilterFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is searched, where "Search" alone does not say it. */
  readonly label?: string;
  readonly className?: string;
}

/** Where a list is searched; `/` goes here, `Esc` clears and leaves it. */
export function FilterField({ value, onChange, label, className = "w-56" }: FilterFieldProps) {
  const t = useWords();
  return (
    <input
      className={`field max-w-full ${className}`}
      type="search"
      data-field="filter"
      aria-label={label ?? t("common.search")}
      placeholder={label ?? t("common.search")}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape") return;
        onChange("");
        currentTarget.blur();
      }}
    />
  );
}
