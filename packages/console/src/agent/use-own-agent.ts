import type { Agent } from "@pbx-x/protocol/runtime";
import { useSelector } from "@pbx-x/client/react";
import { useCallback } from "react";
import { useMe } from "../session/me.ts";

/** The own agent, once logged in to a queue. */
export function useOwnAgent(): Agent | undefined {
  const { extensionId } = useMe();
  return useSelector(
    useCallback(
      (read) => [...read("agents").values()].find((agent) => agent.extensionId === extensionId),
      [extensionId],
    ),
  );
}
