import { type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef } from "react";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where the pointer is. */
let pointer: Place = { x: -1, y: -1 };

const settleMs = 700;
/** A hand that has not aimed anew. */
const restPixels = 12;

/**
 * Whether a press was meant for what had been at its place before: the pointer rests where it was when the layout changed a
 * moment ago, as with the second half of a double click ([U31]). Keys aim at what has the focus, not at a place.
 */
export function isForWhatWas(
  press: Pick<globalThis.MouseEvent, "detail" | "clientX" | "clientY">,
  sinceChangeMs: number,
  resting: Place,
): boolean {
  if (press.detail === 0 || sinceChangeMs >= settleMs) return false;
  return Math.hypot(press.clientX - resting.x, press.clientY - resting.y) <= restPixels;
}

/**
 * For `onClickCapture` of a part of the page in which calls and states come and go by themselves: drops such presses.
 * @param layout names what is where
 */
export function useLayoutGuard(layout: string): (event: MouseEvent) => void {
  const change = useRef<Place & { readonly at: number }>({ x: -1, y: -1, at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    const follow = ({ clientX, clientY }: PointerEvent): void => {
      pointer = { x: clientX, y: clientY };
    };
    const [moves, leaving] = [["pointermove", "pointerdown"] as const, new AbortController()];
    for (const move of moves) addEventListener(move, follow, { passive: true, signal: leaving.signal });
    return () => leaving.abort();
  }, []);
  useLayoutEffect(() => {
    change.current = { ...pointer, at: performance.now() };
  }, [layout]);
  return useCallback((event) => {
    if (!isForWhatWas(event.nativeEvent, performance.now() - change.current.at, change.current)) return;
    event.preventDefault();
    event.stopPropagation();
  }, []);
}
