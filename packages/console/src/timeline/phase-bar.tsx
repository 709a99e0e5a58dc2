import { formatElapsed } from "../live/format-time.ts";
import { useWords } from "../words/use-words.ts";
import type { Phase } from "./timeline-lines.ts";

const tones: Readonly<Record<Phase["name"], string>> = {
  ring: "ring",
  queue: "amber",
  talk: "talk",
  hold: "hold",
  park: "park",
};

/** How long each part of the call took, as a bar and in words. */
export function PhaseBar({ phases }: { readonly phases: readonly Phase[] }) {
  const t = useWords();
  if (phases.length === 0) return null;
  return (
    <section aria-label={t("timeline.phases")}>
      <div aria-hidden="true" className="mb-2 flex h-2.5 gap-0.5 overflow-hidden rounded-full">
        {phases.map(({ name, seconds }) => (
          <span key={name} style={{ flexGrow: seconds, background: `var(--${tones[name]})` }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {phases.map(({ name, seconds }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="h-2 w-2 rounded-full" style={{ background: `var(--${tones[name]})` }} />
            {t(`timeline.${name}`)} <span className="num text-muted">{formatElapsed(seconds * 1000)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
