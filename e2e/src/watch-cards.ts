import type { BrowserContext, Page } from "playwright-core";

/** What a page did with its cards since {@link resetCards}. */
export interface CardFigures {
  /** How often the component of each number was rendered. */
  readonly renders: Readonly<Record<string, number>>;
  /** Cards with a changed node in them, and other places by their tag. */
  readonly touched: readonly string[];
}

interface Fiber {
  readonly memoizedProps: { readonly entry?: { readonly number: string }; readonly isActive?: boolean } | null;
  readonly flags: number;
  readonly child: Fiber | null;
  readonly sibling: Fiber | null;
}

interface Watched {
  renders: Record<string, number>;
  touched: Set<string>;
}

/** Counts what is rendered by React's own hook for tools, and what is touched by an observer of the whole document. */
export async function watchCards(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const watched: Watched = { renders: {}, touched: new Set() };
    const last = new Map<string, Fiber>();
    const performedWork = 1;
    const walk = (fiber: Fiber | null): void => {
      for (let at = fiber; at !== null; at = at.sibling) {
        const number = at.memoizedProps?.isActive === undefined ? undefined : at.memoizedProps.entry?.number;
        if (number !== undefined) {
          // A component that was not reached by this commit is the same object still.
          if (last.get(number) !== at && (at.flags & performedWork) !== 0)
            watched.renders[number] = (watched.renders[number] ?? 0) + 1;
          last.set(number, at);
        }
        walk(at.child);
      }
    };
    Object.assign(globalThis, {
      watchedCards: watched,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        renderers: new Map(),
        inject: () => 1,
        onCommitFiberRoot: (_: number, root: { readonly current: Fiber }) => walk(root.current),
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
        checkDCE: () => undefined,
      },
    });
    new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const card = element?.closest<HTMLElement>("[data-extension]");
        watched.touched.add(card?.dataset["extension"] ?? `<${element?.tagName ?? "document"}>`);
      }
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** Forgets what was counted so far. */
export async function resetCards(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { watchedCards } = globalThis as unknown as { readonly watchedCards: Watched };
    watchedCards.renders = {};
    watchedCards.touched.clear();
  });
}

export function cardFigures(page: Page): Promise<CardFigures> {
  return page.evaluate(() => {
    const { watchedCards } = globalThis as unknown as { readonly watchedCards: Watched };
    return { renders: watchedCards.renders, touched: [...watchedCards.touched].toSorted() };
  });
}
