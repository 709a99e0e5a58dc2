import type { ReactNode } from "react";
import type { ApiError } from "../rest/api-error.ts";
import { useWords } from "../words/use-words.ts";
import { Icon, type IconName } from "./icons.tsx";

/** A page with its heading and, at the right, what can be done on it. */
export function PageView({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="mx-auto flex w-full max-w-[1200px] flex-col gap-4 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="mr-auto">{title}</h1>
        {actions}
      </div>
      {children}
    </div>
  );
}

/** One sentence and the next step. */
export function Empty({
  icon,
  text,
  children,
}: {
  readonly icon: IconName;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center text-muted">
      <Icon name={icon} size={28} />
      <p className="max-w-prose text-balance">{text}</p>
      {children}
    </div>
  );
}

/** What failed, with the way to try again. */
export function LoadError({ error, onRetry }: { readonly error: ApiError; readonly onRetry: () => void }) {
  const t = useWords();
  return (
    <div role="alert" className="panel flex flex-wrap items-center gap-3 border-danger p-4">
      <Icon name="warning" className="text-danger" />
      <p className="min-w-0 flex-1">
        {t("common.failed")}: {error.message}
      </p>
      <button type="button" className="btn" onClick={onRetry}>
        {t("common.retry")}
      </button>
    </div>
  );
}

/** The final geometry in grey, after 200 ms. */
export function Skeleton({ rows = 5 }: { readonly rows?: number }) {
  const t = useWords();
  return (
    <div
      role="status"
      aria-label={t("common.loading")}
      className="flex flex-col gap-2 p-3 opacity-0 [animation:appear_1ms_200ms_forwards_reverse]"
    >
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="h-8 rounded-sm bg-raised" />
      ))}
    </div>
  );
}
