import type { TabFacts } from "./messages.ts";

/** The tab that rings ([T3]): visible and focused last, else the oldest. All tabs find the same one. */
export function foremostOf(tabs: readonly TabFacts[]): string | undefined {
  return inOrder(tabs)[0]?.tab;
}

/** Tabs by how near they are to the user. */
export function inOrder(tabs: readonly TabFacts[]): readonly TabFacts[] {
  return tabs.toSorted(
    (a, b) =>
      Number(b.isVisible) - Number(a.isVisible) ||
      (a.isVisible ? b.focusedAt - a.focusedAt : 0) ||
      a.openedAt - b.openedAt ||
      (a.tab < b.tab ? -1 : 1),
  );
}
