import type { Page } from "playwright-core";

/** A page in which nothing is done but by pressing keys. */
export interface ByKeys {
  /** Goes on by Tab (or back by Shift+Tab) to what has this name; it must be seen that it has the focus. */
  tabTo(name: string | RegExp, isBack?: boolean): Promise<void>;
  /** Goes there and presses Enter. */
  press(name: string | RegExp, isBack?: boolean): Promise<void>;
  keys(...keys: readonly string[]): Promise<void>;
  /** Waits until what has this name has the focus, without a key. */
  isAt(name: string | RegExp): Promise<void>;
  /** The focus is somewhere within what the selector finds. */
  isIn(selector: string): Promise<void>;
}

const mostTabs = 150;

interface Focused {
  readonly name: string;
  readonly isSeen: boolean;
}

export function byKeys(page: Page): ByKeys {
  const focused = (): Promise<Focused> =>
    page.evaluate(() => {
      const active = document.activeElement;
      if (!(active instanceof HTMLElement) || active === document.body) return { name: "", isSeen: false };
      const labels = "labels" in active && active.labels instanceof NodeList ? active.labels : undefined;
      const label = labels?.[0]?.textContent;
      const { outlineStyle, outlineWidth } = getComputedStyle(active);
      const { top, bottom } = active.getBoundingClientRect();
      return {
        name: (active.getAttribute("aria-label") ?? label ?? active.textContent).trim(),
        isSeen:
          (active.hasAttribute("data-highlighted") ||
            (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1)) &&
          bottom > 0 &&
          top < innerHeight,
      };
    });
  const fits = (name: string, wanted: string | RegExp): boolean =>
    typeof wanted === "string" ? name === wanted : wanted.test(name);
  const isAt = async (wanted: string | RegExp): Promise<void> => {
    for (let tries = 0; tries < 100; tries += 1) {
      if (fits((await focused()).name, wanted)) return;
      await page.waitForTimeout(50);
    }
    throw new Error(`the focus is not at ${String(wanted)} but at "${(await focused()).name}"`);
  };
  const tabTo = async (wanted: string | RegExp, isBack = false): Promise<void> => {
    const met: string[] = [];
    for (let presses = 0; presses < mostTabs; presses += 1) {
      await page.keyboard.press(isBack ? "Shift+Tab" : "Tab");
      const { name, isSeen } = await focused();
      met.push(name.slice(0, 40));
      if (!fits(name, wanted)) continue;
      if (!isSeen) throw new Error(`nobody sees that "${name}" has the focus`);
      return;
    }
    throw new Error(`Tab does not lead to ${String(wanted)}: ${[...new Set(met)].join(" | ")}`);
  };
  const keys = async (...all: readonly string[]): Promise<void> => {
    for (const key of all) await page.keyboard.press(key);
  };
  return {
    tabTo,
    keys,
    isAt,
    press: async (name, isBack) => {
      await tabTo(name, isBack);
      await keys("Enter");
    },
    isIn: async (selector) => {
      await page.waitForFunction(
        (wanted) => document.activeElement !== document.body && document.activeElement?.closest(wanted) !== null,
        selector,
      );
    },
  };
}
