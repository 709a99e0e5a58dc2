interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

/** One of a few; the browser's own list, which works with every keyboard and screen reader. */
export function Choice({ label, value, options, onChange, className = "" }: ChoiceProps) {
  return (
    <select
      className={`field !min-h-8 !text-[13px] ${className}`}
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
