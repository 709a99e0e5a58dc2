import { connect } from "@pbx-x/client";
import { PbxProvider, useExtension } from "@pbx-x/client/react";
import { createElement, memo, type ReactElement, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { socketOf, Source } from "./source.ts";

export interface Figures {
  /** Milliseconds of script in each frame that had any. */
  readonly frames: readonly number[];
  /** Of these, what passed before React began to render: the event, the state, the selectors. */
  readonly beforeReact: readonly number[];
  readonly changes: number;
  readonly renders: number;
}

export type Candidate = "live model" | "live model, rows in blocks" | "one immutable state";

let frameMs = 0;
let beforeReactMs = 0;
let renders = 0;

/** Counts the script that runs now and what it has React do in the microtasks behind it. */
function timed(run: () => void): void {
  const began = performance.now();
  run();
  beforeReactMs += performance.now() - began;
  queueMicrotask(() => queueMicrotask(() => (frameMs += performance.now() - began)));
}

const ownFrame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (run) => ownFrame((at) => timed(() => run(at)));

function cells(number: string, isOn: boolean | undefined): ReactElement {
  renders += 1;
  return createElement("div", null, number, " ", isOn === true ? "do not disturb" : "available");
}

/** The SDK as its README says: each row by its own hook; `inBlocks`: 50 rows each, so that React passes over the others. */
async function withLiveModel(source: Source, inBlocks: boolean): Promise<void> {
  const client = connect({
    url: "http://pbx.test",
    token: "token",
    channels: ["extensions"],
    webSocket: socketOf(source),
    fetch: () => Promise.reject(new Error("There is no REST here.")),
  });
  await client.ready();
  const Row = memo(({ number }: { readonly number: string }) => cells(number, useExtension(number)?.dndEnabled));
  const rowsOf = (numbers: readonly string[]) => numbers.map((number) => createElement(Row, { key: number, number }));
  const Block = memo(({ first }: { readonly first: number }) => rowsOf(source.numbers.slice(first, first + blockSize)));
  const firsts = Array.from({ length: Math.ceil(source.numbers.length / blockSize) }, (_, index) => index * blockSize);
  const rows = inBlocks ? firsts.map((first) => createElement(Block, { key: first, first })) : rowsOf(source.numbers);
  createRoot(document.body).render(createElement(PbxProvider, { client }, rows));
}

const blockSize = 50;

interface Entry {
  readonly dndEnabled?: boolean;
}

/** The peer: one immutable object, a selector per row that runs with each change, as with Redux's `useSelector`. */
function withOneState(source: Source): Promise<void> {
  let state: Readonly<Record<string, Entry>> = Object.fromEntries(source.numbers.map((number) => [number, {}]));
  const listeners = new Set<() => void>();
  const subscribe = (run: () => void): (() => void) => {
    listeners.add(run);
    return () => listeners.delete(run);
  };
  source.listen((text) => {
    const { data } = JSON.parse(text) as { data: { number: string; changes: Entry } };
    state = { ...state, [data.number]: { ...state[data.number], ...data.changes } };
    for (const run of Array.from(listeners)) run();
  });
  const Row = memo(({ number }: { readonly number: string }) =>
    cells(number, useSyncExternalStore(subscribe, () => state[number])?.dndEnabled),
  );
  createRoot(document.body).render(source.numbers.map((number) => createElement(Row, { key: number, number })));
  return Promise.resolve();
}

/** Mounts so many rows, then changes so many of them a second. */
export async function measure(
  candidate: Candidate,
  rows: number,
  perSecond: number,
  seconds: number,
): Promise<Figures> {
  const source = new Source(rows);
  await (candidate === "one immutable state"
    ? withOneState(source)
    : withLiveModel(source, candidate !== "live model"));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  if (document.querySelectorAll("div").length !== rows) throw new Error("The rows are not there.");
  renders = 0;
  frameMs = 0;
  beforeReactMs = 0;
  const frames: number[] = [];
  const beforeReact: number[] = [];
  let changes = 0;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      timed(() => source.change());
      changes += 1;
    }, 1000 / perSecond);
    const next = (): void => {
      if (frameMs > 0) {
        frames.push(frameMs);
        beforeReact.push(beforeReactMs);
      }
      frameMs = 0;
      beforeReactMs = 0;
      if (performance.now() - began < seconds * 1000) ownFrame(next);
      else {
        clearInterval(timer);
        resolve();
      }
    };
    ownFrame(next);
  });
  return { frames, beforeReact, changes, renders };
}

Object.assign(window, { measure });
