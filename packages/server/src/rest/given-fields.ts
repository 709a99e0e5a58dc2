/** The fields of a body that have a value: what is left out or null is as the default says. */
export function givenFields(body: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && value !== null));
}
