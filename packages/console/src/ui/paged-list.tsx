import { type ReactNode, useEffect } from "react";
import type { Page } from "../rest/api.ts";
import type { Loaded } from "../rest/use-api.ts";
import { type IconName } from "./icons.tsx";
import { Empty, LoadError, Skeleton } from "./page.tsx";
import { pageInstead } from "./page-instead.ts";
import { Pager } from "./pager.tsx";
import { useQuery } from "./use-query.ts";

interface PagedListProps<T> {
  readonly loaded: Loaded<Page<T>>;
  readonly emptyIcon: IconName;
  readonly emptyText: string;
  /** How many rows are drawn in grey while it loads. */
  readonly skeletonRows?: number;
  /** The pager also where all fits one page: for how many there are. */
  readonly alwaysCounts?: boolean;
  /** Only where there are some. */
  readonly children: (rows: readonly T[]) => ReactNode;
}

/** One page of a list of the interface, with what it is while it loads, has nothing or failed; the page is in the address. */
export function PagedList<T>(props: PagedListProps<T>) {
  const { loaded, emptyIcon, emptyText, skeletonRows = 5, alwaysCounts = false, children } = props;
  const { data, error, isLoading, reload } = loaded;
  const [, put] = useQuery();
  const instead = pageInstead(data);
  useEffect(() => {
    if (instead !== undefined) put({ page: String(instead) });
  }, [instead, put]);
  return (
    <>
      {error !== undefined && <LoadError error={error} onRetry={reload} />}
      <div className="panel overflow-x-auto">
        {data === undefined && isLoading && <Skeleton rows={skeletonRows} />}
        {data?.data.length === 0 && instead === undefined && <Empty icon={emptyIcon} text={emptyText} />}
        {data !== undefined && data.data.length > 0 && children(data.data)}
        {data !== undefined && ((alwaysCounts && data.meta.total > 0) || data.meta.totalPages > 1) && (
          <Pager meta={data.meta} onPage={(page) => put({ page: String(page) })} />
        )}
      </div>
    </>
  );
}
