const rows = "li, tr, article";
const places = `${rows}, section, dialog, [role="dialog"], [role="alertdialog"], nav, header, main`;

interface Step {
  readonly parent: Element;
  /** Which of the parent's children. */
  readonly index: number;
  readonly isRow: boolean;
}

/** The way from an element up, as it was when it got the focus. */
function wayUp(from: Element): readonly Step[] {
  const steps: Step[] = [];
  let child = from;
  for (let parent = child.parentElement; parent !== null; parent = child.parentElement) {
    steps.push({ parent, index: Array.prototype.indexOf.call(parent.children, child), isRow: child.matches(rows) });
    child = parent;
  }
  return steps;
}

/** What is nearest to something that is gone: the row that took its place, else what it was in. */
function nearest(way: readonly Step[]): Element | undefined {
  const step = way.find(({ parent }) => parent.isConnected);
  if (step === undefined || step.parent === document.body) return undefined;
  const { parent, index, isRow } = step;
  const row = isRow ? parent.children[Math.min(index, parent.childElementCount - 1)] : undefined;
  return row ?? parent.closest(places) ?? undefined;
}

/**
 * Whoever works by keyboard does not lose his place when what had the focus goes away, e.g. with its row: it moves to
 * the nearest row or part of the page, where `Enter` does nothing ([U1], [U4]).
 * @returns ends it
 */
export function keepFocus(): () => void {
  let way: readonly Step[] = [];
  let last: Element | undefined;
  const note = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element)) return;
    last = target;
    way = wayUp(target);
  };
  const observer = new MutationObserver(() => {
    if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
    last = undefined;
    const place = nearest(way);
    if (!(place instanceof HTMLElement)) return;
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });
  document.addEventListener("focusin", note);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", note);
    observer.disconnect();
  };
}
