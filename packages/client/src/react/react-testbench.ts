import { act, createElement, type ReactElement, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { createTestbench, type Testbench } from "../client-testbench.ts";
import type { ConnectOptions } from "../options.ts";
import { PbxProvider } from "./provider.ts";

/** A page with a client; frames of the browser come only when the test says so. */
export interface ReactTestbench {
  readonly bench: Testbench;
  readonly page: HTMLElement;
  render(element: ReactElement, options?: { readonly isStrict?: boolean }): Promise<void>;
  /** Lets the server's frames arrive, then the browser draw one. */
  frame(): Promise<void>;
  /** Lets time pass, frames of the browser included. */
  pass(ms: number): Promise<void>;
  /** What the user or the application does. */
  act(run: () => void): Promise<void>;
  unmount(): Promise<void>;
}

export async function createReactTestbench(options: Partial<ConnectOptions> = {}): Promise<ReactTestbench> {
  const waiting: (() => void)[] = [];
  Object.assign(globalThis, {
    IS_REACT_ACT_ENVIRONMENT: true,
    requestAnimationFrame: (run: () => void) => waiting.push(run),
  });
  const draw = (): void => {
    for (const run of waiting.splice(0)) run();
  };
  const bench = await createTestbench(options);
  draw();
  const page = document.createElement("main");
  let root: Root | undefined;
  return {
    bench,
    page,
    render: (element, { isStrict = true } = {}) =>
      act(async () => {
        root ??= createRoot(page);
        const tree = createElement(PbxProvider, { client: bench.client }, element);
        root.render(isStrict ? createElement(StrictMode, null, tree) : tree);
      }),
    frame: () =>
      act(async () => {
        await bench.server.flushAll();
        draw();
      }),
    pass: (ms) =>
      act(async () => {
        await bench.pass(ms);
        draw();
      }),
    act: (run) => act(async () => run()),
    unmount: () => act(async () => root?.unmount()),
  };
}
