// @vitest-environment jsdom
import { act, createElement, lazy, Suspense, type ReactElement } from "react";
import { createRoot } from "react-dom/client";
import { expect, it, vi } from "vitest";
import { PageBoundary } from "./page-boundary.tsx";

it("[U26] [U30] a page that cannot be fetched leaves what is around it, and the next page is tried anew", async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const Missing = lazy((): Promise<{ default: () => ReactElement }> => Promise.reject(new Error("404")));
  const main = document.createElement("main");
  const root = createRoot(main);
  const show = (location: string, page: ReactElement) =>
    act(async () =>
      root.render([
        createElement("p", { key: "dock" }, "dock"),
        createElement(PageBoundary, {
          key: "page",
          location,
          fallback: "failed",
          children: createElement(Suspense, { fallback: "…" }, page),
        }),
      ]),
    );
  await show("/history", createElement(Missing));
  expect(main.textContent).toBe("dockfailed");
  await show("/panel", createElement("span", null, "panel"));
  expect(main.textContent).toBe("dockpanel");
  await act(async () => root.unmount());
  vi.restoreAllMocks();
});
