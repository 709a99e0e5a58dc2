import type { WordKey } from "../words/words.ts";
import { textOf } from "../rest/text-of.ts";

/** One field of a form, by the interface's name. */
export interface Field {
  readonly name: string;
  readonly word: WordKey;
  readonly kind: "text" | "number" | "switch" | "choice" | "many" | "secret" | "destination";
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly isRequired?: boolean;
  /** Cannot be changed later. */
  readonly isFixed?: boolean;
  /** Shown in the list too. */
  readonly isColumn?: boolean;
  /** Shown in the list alone: nobody sets it. */
  readonly isListOnly?: boolean;
  /** What a new one begins with. */
  readonly begins?: unknown;
}

export type Values = Readonly<Record<string, unknown>>;

/** What a form begins with: the thing's own values, or those of a new one. */
export function initialValues(fields: readonly Field[], thing: Values | undefined): Values {
  return Object.fromEntries(fields.map(({ name, kind, begins }) => [name, thing?.[name] ?? begins ?? emptyOf(kind)]));
}

function emptyOf(kind: Field["kind"]): unknown {
  return kind === "switch" ? false : kind === "many" ? [] : "";
}

/** Only what differs is sent, so that nobody's other change is overwritten ([U55]); an emptied optional field is `null`. */
export function changedValues(fields: readonly Field[], before: Values, after: Values, isNew: boolean): Values {
  const entries = fields.flatMap(
    ({ name, kind, isRequired = false, isFixed = false }): readonly (readonly [string, unknown])[] => {
      const value = after[name];
      const isEmpty = value === "" || value === undefined;
      if (isNew) return isEmpty ? [] : [[name, convert(kind, value)]];
      if (isFixed || isSame(before[name], value) || (kind === "secret" && isEmpty)) return [];
      return [[name, isEmpty && !isRequired ? null : convert(kind, value)]];
    },
  );
  return Object.fromEntries(entries);
}

/** Fields that both sides have changed: told before anything is overwritten ([U55]). */
export function conflictsOf(
  fields: readonly Field[],
  before: Values,
  theirs: Values,
  changed: Values,
): readonly Field[] {
  const now = initialValues(fields, theirs);
  return fields.filter(
    ({ name, kind }) => kind !== "secret" && Object.hasOwn(changed, name) && !isSame(before[name], now[name]),
  );
}

function convert(kind: Field["kind"], value: unknown): unknown {
  return kind === "number" ? Number(value) : value;
}

function isSame(a: unknown, b: unknown): boolean {
  const isPlain = typeof a !== "object" && typeof b !== "object";
  // A form has numbers as text.
  return isPlain ? textOf(a) === textOf(b) : JSON.stringify(a) === JSON.stringify(b);
}
