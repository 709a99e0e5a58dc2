import type { ConnectionState } from "@pbx-x/client";
import { useEffect, useState } from "react";
import { useConnection } from "@pbx-x/client/react";

/** Whether commands make sense: only while the model is up to date ([U26]). */
export function isStale(connection: ConnectionState): boolean {
  return connection.at !== "live";
}

export function useIsStale(): boolean {
  return isStale(useConnection());
}

/** True once the data has been old for 5 s: from then on it is shown dimmed. */
export function useIsLongStale(): boolean {
  const isOld = useIsStale();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isOld) {
      setLong(false);
      return undefined;
    }
    const timer = setTimeout(() => setLong(true), 5000);
    return () => clearTimeout(timer);
  }, [isOld]);
  return isLong;
}
