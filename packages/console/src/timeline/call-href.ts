import { useSearch } from "wouter";

/** The address of this page with a call's story beside it; what else is in the address, as a filter, stays ([U26]). */
export function callHref(search: string, callId: string): string {
  const next = new URLSearchParams(search);
  next.set("call", callId);
  return `?${next.toString()}`;
}

/** The same for the page that is on view. */
export function useCallHref(): (callId: string) => string {
  const search = useSearch();
  return (callId) => callHref(search, callId);
}
