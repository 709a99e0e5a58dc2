export type ByteRange =
  /** All of it: nothing was asked for, or something that may be ignored (RFC 9110 §14.2). */
  | { readonly kind: "whole" }
  /** Both included. */
  | { readonly kind: "part"; readonly start: number; readonly end: number }
  /** Status 416. */
  | { readonly kind: "unsatisfiable" };

/** One range of bytes as the header `Range` asks for it (RFC 9110 §14.1.2); several at once are answered with the whole. */
export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(" ", "") ?? "") ?? [];
  if (from === "" && to === "") return { kind: "whole" };
  const last = size - 1;
  if (from === "") return part(Math.max(0, size - Number(to)), last, size);
  if (to !== "" && Number(to) < Number(from)) return { kind: "whole" };
  return part(Number(from), to === "" ? last : Math.min(Number(to), last), size);
}

function part(start: number, end: number, size: number): ByteRange {
  return start >= size || end < start ? { kind: "unsatisfiable" } : { kind: "part", start, end };
}
