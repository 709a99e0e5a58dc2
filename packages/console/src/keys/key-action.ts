/** What a key does; a path is a page to go to. */
export type KeyAction =
  | "palette"
  | "filter"
  | "dial"
  | "answer"
  | "hold"
  | "transfer"
  | "park"
  | "record"
  | "connect"
  | "back"
  | "hangup"
  | "go"
  | "help"
  | { readonly choose: number }
  /** Presses what the page marks with `data-key`, where it is on view. */
  | { readonly press: string }
  | { readonly goKey: string };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** The key is held down: what it means was done by the first press ([U1]). */
  readonly isRepeated: boolean;
}

export interface KeyContext {
  readonly isInField: boolean;
  /** Single-letter keys may be switched off (WCAG 2.1.4). */
  readonly hasSingleKeys: boolean;
  /** G was pressed; the next key is a page, whatever the delay. */
  readonly isGoing: boolean;
  /** A dialogue or menu is open: only its own keys count. */
  readonly isLayerOpen: boolean;
}

const functionKeys: Readonly<Record<string, KeyAction>> = { F2: "answer", F8: "hold", F9: "transfer" };
const letters: Readonly<Record<string, KeyAction>> = {
  "/": "filter",
  d: "dial",
  a: "answer",
  h: "hold",
  t: "transfer",
  g: "go",
  "?": "help",
  o: { press: "o" },
  w: { press: "w" },
  f: { press: "f" },
};
/** What moves, joins, records or ends a call needs Shift. */
const shifted: Readonly<Record<string, KeyAction>> = {
  p: "park",
  r: "record",
  b: { press: "b" },
  Enter: "connect",
  Backspace: "back",
  End: "hangup",
};

/** What a key press means here; undefined: nothing, the browser's own meaning stays. Escape never means a call. */
export function keyAction(press: KeyPress, context: KeyContext): KeyAction | undefined {
  const { key, ctrl, shift, alt, isRepeated } = press;
  if (isRepeated) return undefined;
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (ctrl && !alt && !shift && letter === "k") return "palette";
  if (ctrl || alt) return undefined;
  if (context.isLayerOpen) return undefined;
  if (functionKeys[key] !== undefined && !shift) return functionKeys[key];
  if (context.isInField) return undefined;
  if (context.isGoing) return key.length === 1 ? { goKey: letter } : undefined;
  if (!context.hasSingleKeys) return undefined;
  if (shift && key !== "?" && key !== "/") return shifted[letter];
  if (/^[1-9]$/.test(key)) return { choose: Number(key) - 1 };
  return letters[letter];
}
