/** Those of the named fields that an event tells; a field that it does not have is left out. */
export function told<T extends object, Key extends keyof T>(data: T, ...keys: readonly Key[]): Pick<T, Key> {
  const found = keys.filter((key) => data[key] !== undefined).map((key) => [key, data[key]]);
  // Fields of the data under their own names.
  return Object.fromEntries(found) as Pick<T, Key>;
}
