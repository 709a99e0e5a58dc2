import { useCallback } from "react";
import { useSelector } from "@pbx-x/client/react";

/** Numbers that are in a call; undefined while nobody asks for it. */
export function useActiveNumbers(isWanted: boolean): ReadonlySet<string> | undefined {
  return useSelector(
    useCallback(
      (read) => {
        if (!isWanted) return undefined;
        const numbers = new Set<string>();
        for (const { caller, callee, answeredBy } of read("calls").values())
          for (const party of [caller, answeredBy ?? callee]) if (party !== undefined) numbers.add(party.number);
        return numbers;
      },
      [isWanted],
    ),
    sameSet,
  );
}

function sameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && a.isSubsetOf(b);
}
