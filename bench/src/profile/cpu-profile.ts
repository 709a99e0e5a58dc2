import { readFile } from "node:fs/promises";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly children?: readonly number[];
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds between two samples. */
  readonly timeDeltas: readonly number[];
}

/** Time that was spent in a place itself, not in what it calls. */
export interface SelfTime {
  readonly name: string;
  readonly ms: number;
}

export interface ProfileSummary {
  readonly busyMs: number;
  readonly places: readonly SelfTime[];
  readonly functions: readonly SelfTime[];
  /** The same, with what Node and V8 did for them charged to our own functions. */
  readonly charged: readonly SelfTime[];
}

/** Reads what `--cpu-prof` has written; `fromMs` after its beginning, so that the start of the program does not count. */
export async function readProfile(file: string, fromMs = 0): Promise<ProfileSummary> {
  const profile = JSON.parse(await readFile(file, "utf8")) as CpuProfile;
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const ownerOf = (id: number | undefined): string => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const url = frames.get(at)?.url ?? "";
      if (url.includes("/packages/")) return nameOf(frames.get(at));
    }
    return id === undefined ? "" : nameOf(frames.get(id));
  };
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  const charged = new Map<string, number>();
  let busyMs = 0;
  let atMs = 0;
  profile.samples.forEach((sample, index) => {
    const frame = frames.get(sample);
    const ms = (profile.timeDeltas[index] ?? 0) / 1000;
    atMs += ms;
    if (frame === undefined || frame.functionName === "(idle)" || atMs < fromMs) return;
    busyMs += ms;
    add(places, placeOf(frame), ms);
    add(functions, nameOf(frame), ms);
    add(charged, ownerOf(sample), ms);
  });
  return { busyMs, places: sorted(places), functions: sorted(functions), charged: sorted(charged) };
}

type Frame = CpuProfile["nodes"][number]["callFrame"];

function nameOf(frame: Frame | undefined): string {
  if (frame === undefined) return "";
  return `${frame.functionName || "(anonymous)"} ${placeOf(frame)}:${frame.lineNumber + 1}`;
}

/** The file within its package, or the Node module. */
function placeOf({ url, functionName }: Frame): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "native";
  return /packages\/(.*)$/.exec(url)?.[1] ?? /node_modules\/(.*)$/.exec(url)?.[1] ?? url;
}

function add(sums: Map<string, number>, name: string, ms: number): void {
  sums.set(name, (sums.get(name) ?? 0) + ms);
}

function sorted(sums: ReadonlyMap<string, number>): readonly SelfTime[] {
  return [...sums].map(([name, ms]) => ({ name, ms })).toSorted((a, b) => b.ms - a.ms);
}
