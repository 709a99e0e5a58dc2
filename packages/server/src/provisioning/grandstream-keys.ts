/** A lamp: the numbers of its four settings, and the mode that makes it one. */
export interface GrandstreamKey {
  readonly mode: number;
  readonly account: number;
  readonly label: number;
  readonly number: number;
  /** The value of `mode` for a busy lamp field. */
  readonly lamp: number;
}

/** Line keys of GXP2100s, whose lamp has another number than that of the keys behind them. */
const fixedKeys: Readonly<Record<string, number>> = { GXP2130: 3, GXP2135: 4, GXP2140: 4, GXP2160: 6, GXP2170: 6 };
const lampOfLineKey = 11;
const lampOfOthers = 1;
const mostKeys = 40;

/**
 * The keys that become lamps, in their order; the first line key is the account itself.
 *
 * Numbers and modes are those of the maker's templates for GRP261x (1.0.5.15), GXP2130 to 2170 (1.0.11.16) and GXP16xx
 * (1.0.7.3). A model that is not known is taken for a GRP, the present series.
 */
export function grandstreamKeys(model: string): readonly GrandstreamKey[] {
  const name = model.toUpperCase();
  if (/^GXP16(28|30)/.test(name)) return Array.from({ length: 8 }, (_, index) => besideTheScreen(index));
  if (name.startsWith("GXP16")) return [onTheScreen(2, lampOfLineKey)];
  const fixed = fixedKeys[name.slice(0, 7)] ?? 0;
  return Array.from({ length: mostKeys - 1 }, (_, index) =>
    onTheScreen(index + 2, index + 2 <= fixed ? lampOfLineKey : lampOfOthers),
  );
}

/** The model that a phone names when it fetches its file: `Grandstream Model HW GXP2170 SW 1.0.11.16 DevId c074ad…`. */
export const grandstreamModelOf = (userAgent: string): string | undefined =>
  /^Grandstream Model HW (\w+)/.exec(userAgent)?.[1];

/** Virtual keys 1 to 6 came first; those behind them have numbers in another place. */
function onTheScreen(place: number, lamp: number): GrandstreamKey {
  if (place > 6) return inARow(23_772 + 4 * place, lamp);
  const [mode, label] = [1361 + 2 * place, 1463 + 2 * place];
  return { mode, account: mode + 1, label, number: label + 1, lamp };
}

/** The keys with paper labels; the eighth was added later. */
function besideTheScreen(index: number): GrandstreamKey {
  if (index === 7) return inARow(353, lampOfOthers);
  const account = 301 + 3 * index;
  return { mode: 323 + index, account, label: account + 1, number: account + 2, lamp: lampOfOthers };
}

const inARow = (mode: number, lamp: number): GrandstreamKey => ({
  mode,
  account: mode + 1,
  label: mode + 2,
  number: mode + 3,
  lamp,
});
