import { JSDOM } from "jsdom";

/** A page for the React examples; before React is loaded, which looks for it. */
export function openPage(): HTMLElement {
  const { window } = new JSDOM("<main></main>", { url: "http://127.0.0.1/" });
  Object.assign(globalThis, { window, document: window.document });
  const page = window.document.querySelector("main");
  if (page === null) throw new Error("there is no page");
  return page;
}
