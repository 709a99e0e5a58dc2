import { Link, useLocation } from "wouter";
import { Icon } from "../ui/icons.tsx";
import { useCurrentOnView } from "../ui/use-current-on-view.ts";
import { useWords } from "../words/use-words.ts";
import type { AppRoute } from "./routes.ts";

/** The pages that one may open: at the left, on small screens at the bottom. */
export function Rail({ routes }: { readonly routes: readonly AppRoute[] }) {
  const t = useWords();
  const [location] = useLocation();
  const bar = useCurrentOnView<HTMLElement>(location);
  return (
    <nav
      ref={bar}
      aria-label={t("nav.main")}
      className="order-last flex gap-1 overflow-x-auto border-t border-line bg-raised p-1.5 sm:order-none sm:row-span-3 sm:flex-col sm:overflow-x-visible sm:overflow-y-auto sm:border-t-0 sm:border-r sm:p-2"
    >
      <img src="/icon.svg" alt="PBX-X" width="28" height="28" className="mx-auto mt-1.5 mb-3 hidden sm:block" />
      {routes.map(({ path, word, icon }) => {
        const isHere = location === path || location.startsWith(`${path}/`);
        return (
          <Link
            key={path}
            href={path}
            aria-current={isHere ? "page" : undefined}
            className={`flex min-w-[76px] flex-col items-center gap-1 rounded-sm px-0.5 py-2 text-[11px] leading-tight font-medium ${
              isHere
                ? "bg-[color-mix(in_srgb,var(--accent)_var(--tint),var(--raised))] text-accent"
                : "text-muted hover:bg-line/60 hover:text-text"
            }`}
          >
            <Icon name={icon} size={20} />
            <span className="max-w-full text-center wrap-anywhere">{t(word)}</span>
          </Link>
        );
      })}
    </nav>
  );
}
