/**
 * A pattern of numbers, as administrators of telephone systems write them ([G1]): a digit, `+`, `*` or `#` stands for itself;
 * `X` any digit, `Z` 1 to 9, `N` 2 to 9, `[1-5]` or `[13-5]` one of these; `.` at the end one or more of anything.
 * Spaces, dashes outside of brackets, slashes and parentheses only separate. Small letters count as large ones.
 */
export interface NumberPattern {
  /** As written. */
  readonly text: string;
  /** Characters that may stand at each place. */
  readonly places: readonly string[];
  /** More characters may follow, at least one. */
  readonly isOpen: boolean;
}

export type PatternParsing =
  | { readonly ok: true; readonly pattern: NumberPattern }
  /** For the administrator who wrote it. */
  | { readonly ok: false; readonly message: string };

export const maximumPatternLength = 64;

const classes: Readonly<Record<string, string>> = { X: "0123456789", Z: "123456789", N: "23456789" };

export function parsePattern(text: string): PatternParsing {
  if (text.length > maximumPatternLength) return fail(`is longer than ${maximumPatternLength} characters`);
  const places: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = (text[at] ?? "").toUpperCase();
    if (/[\s\-/()]/.test(character)) continue;
    if (/[0-9+*#]/.test(character)) {
      places.push(character);
    } else if (classes[character] !== undefined) {
      places.push(classes[character]);
    } else if (character === ".") {
      if (/[^\s]/.test(text.slice(at + 1)))
        return fail(`has something after the "." at place ${at + 1}; it must end there`);
      return { ok: true, pattern: { text, places, isOpen: true } };
    } else if (character === "[") {
      const end = text.indexOf("]", at);
      if (end === -1) return fail(`has a "[" at place ${at + 1} that is not closed by "]"`);
      const one = parseSet(text.slice(at + 1, end));
      if (one === undefined) return fail(`has no digits or ranges such as [1-5] in the brackets at place ${at + 1}`);
      places.push(one);
      at = end;
    } else {
      return fail(
        `has "${text[at] ?? ""}" at place ${at + 1}; allowed are digits, + * #, X, Z, N, [1-5] and "." at the end`,
      );
    }
  }
  return places.length === 0 ? fail("is empty") : { ok: true, pattern: { text, places, isOpen: false } };
}

/** Whether the whole number fits. */
export function matchesPattern({ places, isOpen }: NumberPattern, number: string): boolean {
  if (isOpen ? number.length <= places.length : number.length !== places.length) return false;
  return places.every((allowed, at) => allowed.includes(number[at] ?? " "));
}

/** The inside of brackets: single digits and ranges that go upwards. */
function parseSet(text: string): string | undefined {
  if (!/^(?:\d(?:-\d)?)+$/.test(text)) return undefined;
  let digits = "";
  for (const [, from = "", to = from] of text.matchAll(/(\d)(?:-(\d))?/g)) {
    if (from > to) return undefined;
    for (let digit = Number(from); digit <= Number(to); digit += 1) digits += String(digit);
  }
  return digits;
}

function fail(what: string): PatternParsing {
  return { ok: false, message: `The pattern ${what}.` };
}
