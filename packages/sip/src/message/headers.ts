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
