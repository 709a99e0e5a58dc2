import { usePbx } from "@pbx-x/client/react";
import type { EventType } from "@pbx-x/protocol/runtime";
import { useEffect, useRef } from "react";

const togetherMs = 600;

/**
 * Reads a list of the REST interface anew with each event of these types, missed ones included, and where the whole state was
 * read anew because too much was missed ([U26]). One reading serves all that comes within a moment.
 */
export function useReloadOn(types: readonly EventType[], reload: () => void): void {
  const client = usePbx();
  const latest = useRef(reload);
  useEffect(() => {
    latest.current = reload;
  });
  const key = types.join(" ");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, togetherMs);
    };
    const wanted = key.split(" ");
    const stops = [client.on("gap", soon), client.onAny(({ type }) => wanted.includes(type) && soon())];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [client, key]);
}
