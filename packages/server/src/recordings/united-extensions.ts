import type { Recording } from "./recording.ts";

type Extensions = Recording["extensions"];

/** Who was there, each once. */
export function united(one: Extensions, other: Extensions): Extensions {
  return [...one, ...other.filter(({ id }) => !one.some((known) => known.id === id))];
}
