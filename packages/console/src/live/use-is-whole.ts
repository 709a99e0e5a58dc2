import { useChannelStatus } from "@pbx-x/client/react";
import type { Channel } from "@pbx-x/protocol/runtime";
import { useEffect, useState } from "react";

/**
 * Whether all that a channel brings is on view. A channel counts as live as soon as the server grants it; what came with it is
 * shown with the next frame, and until then the model has parts of it only, as the own extension of all ([U2]).
 */
export function useIsWhole(channel: Channel): boolean {
  const isLive = useChannelStatus(channel).is === "live";
  const [isWhole, setWhole] = useState(false);
  useEffect(() => {
    if (!isLive) return undefined;
    // The next frame may be the one in which it is shown; after it, it is.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setWhole(true));
    });
    return () => {
      cancelAnimationFrame(frame);
      setWhole(false);
    };
  }, [isLive]);
  return isLive && isWhole;
}
