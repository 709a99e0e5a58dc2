import { type RefObject, useEffect, useRef } from "react";

/** For a bar of links that may be longer than the screen: the one of the present page is on view. */
export function useCurrentOnView<E extends HTMLElement>(location: string): RefObject<E | null> {
  const bar = useRef<E>(null);
  useEffect(() => {
    // What it answers is no clean-up: newer browsers answer a promise.
    bar.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [location]);
  return bar;
}
