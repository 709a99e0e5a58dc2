import { useWords } from "../words/use-words.ts";
import { Icon } from "./icons.tsx";

interface PagerProps {
  readonly meta: { readonly page: number; readonly total: number; readonly totalPages: number };
  readonly onPage: (page: number) => void;
}

export function Pager({ meta, onPage }: PagerProps) {
  const t = useWords();
  const { page, total, totalPages } = meta;
  const [isFirst, isLast] = [page <= 1, page >= totalPages];
  return (
    <nav
      className="flex items-center gap-2 px-3 py-2 text-sm text-muted"
      aria-label={t("common.page", { page, pages: totalPages, total })}
    >
      <span className="num mr-auto">{t("common.page", { page, pages: Math.max(1, totalPages), total })}</span>
      <button
        type="button"
        className="btn btn-icon"
        aria-label={t("common.previous")}
        aria-disabled={isFirst}
        onClick={() => !isFirst && onPage(page - 1)}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        className="btn btn-icon"
        aria-label={t("common.next")}
        aria-disabled={isLast}
        onClick={() => !isLast && onPage(page + 1)}
      >
        <Icon name="right" />
      </button>
    </nav>
  );
}
