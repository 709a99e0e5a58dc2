import { canonicalName, knownName } from "./names.ts";
import { splitList } from "./text.ts";

/** One header field as it stands in a message: canonical name and unfolded value, without the line end. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/**
 * The ordered, immutable list of a message's header fields. Names compare without case, compact forms (RFC 3261 §7.3.3)
 * are the same as the long ones. Every change returns a new list.
 */
export interface Headers extends Iterable<HeaderField> {
  readonly size: number;
  /** The first field of that name, or undefined. */
  get(name: string): string | undefined;
  /** All fields of that name, one entry per header line. */
  getAll(name: string): readonly string[];
  /** All values of a comma-separated header, split outside quotes and angle brackets. */
  list(name: string): readonly string[];
  has(name: string): boolean;
  /** Replaces every field of that name by the given ones (at the place of the first, else at the end). */
  with(name: string, ...values: readonly string[]): Headers;
  append(name: string, ...values: readonly string[]): Headers;
  prepend(name: string, ...values: readonly string[]): Headers;
  without(name: string): Headers;
}

/** @param fields in their order; names are made canonical */
export function createHeaders(fields: Iterable<HeaderField> = []): Headers {
  return new FieldList([...fields].map(({ name, value }) => ({ name: canonicalName(name), value })));
}

/** @param fields with canonical names already */
export function headersOf(fields: readonly HeaderField[]): Headers {
  return new FieldList(fields);
}

class FieldList implements Headers {
  readonly #fields: readonly HeaderField[];

  constructor(fields: readonly HeaderField[]) {
    this.#fields = fields;
  }

  get size(): number {
    return this.#fields.length;
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.#fields[Symbol.iterator]();
  }

  get(name: string): string | undefined {
    const isWanted = matcherOf(name);
    for (const field of this.#fields) if (isWanted(field)) return field.value;
    return undefined;
  }

  getAll(name: string): readonly string[] {
    const isWanted = matcherOf(name);
    const values: string[] = [];
    for (const field of this.#fields) if (isWanted(field)) values.push(field.value);
    return values;
  }

  list(name: string): readonly string[] {
    return this.getAll(name).flatMap((value) => splitList(value));
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  with(name: string, ...values: readonly string[]): Headers {
    const isWanted = matcherOf(name);
    const added = values.map((value) => ({ name: canonicalName(name), value }));
    const at = this.#fields.findIndex(isWanted);
    if (at < 0) return new FieldList([...this.#fields, ...added]);
    const rest = this.#fields.filter((field, index) => index < at || !isWanted(field));
    return new FieldList([...rest.slice(0, at), ...added, ...rest.slice(at)]);
  }

  append(name: string, ...values: readonly string[]): Headers {
    return new FieldList([...this.#fields, ...values.map((value) => ({ name: canonicalName(name), value }))]);
  }

  prepend(name: string, ...values: readonly string[]): Headers {
    return new FieldList([...values.map((value) => ({ name: canonicalName(name), value })), ...this.#fields]);
  }

  without(name: string): Headers {
    const isWanted = matcherOf(name);
    return new FieldList(this.#fields.filter((field) => !isWanted(field)));
  }
}

/** Known names have one spelling in the list; others keep theirs, and are compared without case. */
function matcherOf(name: string): (field: HeaderField) => boolean {
  const known = knownName(name);
  if (known !== undefined) return (field) => field.name === known;
  const lower = name.toLowerCase();
  return (field) => field.name.length === lower.length && field.name.toLowerCase() === lower;
}
