import { createStore, useStore } from "./store.ts";

const polite = createStore("");
const assertive = createStore("");

/** For screen readers: own results. */
export function announce(text: string): void {
  polite.set(text);
}

/** For screen readers: an own incoming call, nothing else. */
export function announceCall(text: string): void {
  assertive.set(text);
}

export function Announcer() {
  return (
    <>
      <div role="status" aria-live="polite" className="sr-only">
        {useStore(polite)}
      </div>
      <div role="alert" aria-live="assertive" className="sr-only">
        {useStore(assertive)}
      </div>
    </>
  );
}
