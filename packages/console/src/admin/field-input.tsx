import { useDirectory } from "../live/directory.tsx";
import { useWords } from "../words/use-words.ts";
import type { Field } from "./field.ts";
import { textOf } from "../rest/text-of.ts";

interface FieldInputProps {
  readonly field: Field;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (value: unknown) => void;
}

/** A field with its label, and its error right below it. */
export function FieldInput({ field, value, error, isDisabled, onChange }: FieldInputProps) {
  const t = useWords();
  const { name, kind, word, isRequired = false } = field;
  const label = t(word);
  const id = `field-${name}`;
  const common = {
    id,
    "aria-invalid": error !== undefined,
    "aria-describedby": error === undefined ? undefined : `${id}-error`,
    disabled: isDisabled,
  };
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return (
    <div className={kind === "many" || kind === "destination" ? "sm:col-span-2" : ""}>
      {kind === "switch" ? (
        <label className="flex min-h-8 items-center gap-2 sm:mt-6">
          <input
            {...common}
            type="checkbox"
            className="size-5 accent-[var(--accent)]"
            checked={value === true}
            onChange={({ currentTarget }) => onChange(currentTarget.checked)}
          />
          <span className="font-medium">{label}</span>
        </label>
      ) : kind === "many" ? (
        <fieldset>
          <legend className="mb-1 text-sm font-medium">{label}</legend>
          <div className="flex max-h-40 flex-col gap-1 overflow-auto rounded-sm border border-line p-2">
            {withChosen(field.options ?? [], value).map((option) => {
              const chosen = Array.isArray(value) ? value.map(String) : [];
              return (
                <label key={option.value} className="flex items-center gap-2">
                  <input
                    type="checkbox"
                    className="size-4 accent-[var(--accent)]"
                    checked={chosen.includes(option.value)}
                    onChange={({ currentTarget }) =>
                      onChange(
                        currentTarget.checked
                          ? [...chosen, option.value]
                          : chosen.filter((each) => each !== option.value),
                      )
                    }
                  />
                  <span className="min-w-0 break-all">{option.label}</span>
                </label>
              );
            })}
          </div>
        </fieldset>
      ) : kind === "destination" ? (
        <DestinationInput label={label} value={value} onChange={onChange} />
      ) : (
        <>
          <label htmlFor={id} className="mb-1 block text-sm font-medium">
            {label}
          </label>
          {kind === "choice" ? (
            <select
              {...common}
              className="field w-full"
              value={text}
              onChange={({ currentTarget }) => onChange(currentTarget.value)}
            >
              {!isRequired && <option value="">—</option>}
              {(field.options ?? []).map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          ) : (
            <input
              {...common}
              className="field w-full"
              type={kind === "number" ? "number" : kind === "secret" ? "password" : "text"}
              autoComplete={kind === "secret" ? "new-password" : "off"}
              required={isRequired}
              value={text}
              onChange={({ currentTarget }) => onChange(currentTarget.value)}
            />
          )}
        </>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1 text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

/** What was chosen elsewhere is seen here too, and can be taken away. */
function withChosen(options: NonNullable<Field["options"]>, value: unknown): NonNullable<Field["options"]> {
  const unknown = (Array.isArray(value) ? value.map(String) : []).filter(
    (each) => !options.some((option) => option.value === each),
  );
  return [...options, ...unknown.map((each) => ({ value: each, label: each }))];
}

const kinds = ["extension", "internal", "direct_dial", "outside"] as const;

/** Where calls from outside go. */
function DestinationInput({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const t = useWords();
  const { entries } = useDirectory();
  const given = (typeof value === "object" && value !== null ? value : { kind: "extension" }) as Readonly<
    Record<string, unknown>
  >;
  const kind = kinds.find((each) => each === given["kind"]) ?? "extension";
  const field = { extension: "extensionId", internal: "number", direct_dial: "digits", outside: "number" }[kind];
  const text = textOf(given[field]);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className="flex gap-2">
        <select
          className="field"
          aria-label={label}
          value={kind}
          onChange={({ currentTarget }) => onChange({ kind: currentTarget.value })}
        >
          {kinds.map((each) => (
            <option key={each} value={each}>
              {t(`destination.${each}`)}
            </option>
          ))}
        </select>
        {kind === "extension" ? (
          <select
            className="field flex-1"
            aria-label={t("destination.extension")}
            value={text}
            onChange={({ currentTarget }) => onChange({ kind, extensionId: currentTarget.value })}
          >
            <option value="">—</option>
            {entries.map((entry) => (
              <option key={entry.extensionId} value={entry.extensionId}>
                {entry.number} {entry.displayName}
              </option>
            ))}
          </select>
        ) : (
          <input
            className="field flex-1"
            aria-label={t(`destination.${kind}`)}
            type={kind === "direct_dial" ? "number" : "text"}
            value={text}
            onChange={({ currentTarget }) =>
              onChange({ kind, [field]: kind === "direct_dial" ? Number(currentTarget.value) : currentTarget.value })
            }
          />
        )}
      </div>
    </fieldset>
  );
}
