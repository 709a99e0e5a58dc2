import type { Call } from "@pbx-x/protocol/runtime";
import { useCallback, useEffect, useRef, useState } from "react";
import { byArrival, sideOf } from "../live/calls.ts";
import { usePbx, usePbxEvent, useSelector } from "@pbx-x/client/react";
import { sameList } from "../live/shallow.ts";
import { useMe } from "../session/me.ts";

/** All calls that one is party to, however they began ([U30]), in order of arrival. */
export function useOwnCalls(): readonly Call[] {
  const me = useMe();
  return useSelector(
    useCallback(
      (read) => [...read("calls").values()].filter((call) => sideOf(call, me) !== undefined).toSorted(byArrival),
      [me],
    ),
    sameList,
  );
}

/** Own calls that ended within the last 3 s; calls that went on as another are not told. */
export function useJustEnded(): readonly Call[] {
  const client = usePbx();
  const me = useMe();
  const [ended, setEnded] = useState<readonly Call[]>([]);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  usePbxEvent("CALL_ENDED", ({ data }, { source }) => {
    const call = client.state.call(data.callId);
    if (source !== "live" || call === undefined || call.ended?.mergedInto !== undefined) return;
    if (sideOf(call, me) === undefined) return;
    setEnded((before) => [...before, call]);
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      setEnded((before) => before.filter((each) => each !== call));
    }, 3000);
    timers.current.add(timer);
  });
  useEffect(() => {
    const all = timers.current;
    return () => {
      for (const timer of all) clearTimeout(timer);
    };
  }, []);
  return ended;
}
