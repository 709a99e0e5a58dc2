/** An entity that already stands at the event's position or later. */
export function isOld(entity: { readonly seq: number } | undefined, seq: number | undefined): boolean {
  return entity !== undefined && seq !== undefined && seq <= entity.seq;
}
