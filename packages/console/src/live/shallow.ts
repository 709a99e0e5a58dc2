/** Two lists with the same members in the same order. */
export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, index) => Object.is(each, b[index]));
}
