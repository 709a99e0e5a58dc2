import { useWords } from "../words/use-words.ts";
import { Icon } from "./icons.tsx";
import type { Mark, Tone } from "./marks.ts";

const text: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  ring: "text-ring",
  talk: "text-talk",
  hold: "text-hold",
  park: "text-park",
  amber: "text-amber",
  danger: "text-danger",
  off: "text-off",
};

export function toneText(tone: Tone): string {
  return text[tone];
}

/** A light wash of the state's colour. */
export function toneTint(tone: Tone): { readonly background: string } {
  return { background: `color-mix(in srgb, var(--${tone}) var(--tint), var(--raised))` };
}

/** Shape, word and colour of a state; the word is hidden only where 12 px are free. */
export function StateMark({ mark, isShort = false }: { readonly mark: Mark; readonly isShort?: boolean }) {
  const t = useWords();
  return (
    <span
      className={`inline-flex items-center gap-1.5 ${text[mark.tone]} ${isShort ? "" : "text-xs font-medium"}`}
      title={isShort ? t(mark.word) : undefined}
    >
      <Icon name={mark.icon} size={14} />
      <span className={isShort ? "sr-only" : "truncate"}>{t(mark.word)}</span>
    </span>
  );
}
