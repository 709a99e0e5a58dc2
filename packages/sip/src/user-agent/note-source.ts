import type { SipRequest } from "../message/message.ts";
import { printVia, type Via } from "../message/via.ts";
import type { Remote } from "../transport/transport.ts";

/** The request with `received` and `rport` in its topmost Via: where it really came from. */
export function noteSource(request: SipRequest, remote: Remote): SipRequest {
  const [top, ...others] = request.via;
  const noted = top && viaWithSource(top, remote);
  if (noted === undefined || noted === top) return request;
  const via = [noted, ...others];
  return { ...request, via, headers: request.headers.with("Via", ...via.map(printVia)) };
}

/** `received` where sent-by is not the source, `rport` where it is asked for (RFC 3261 §18.2.1, RFC 3581 §4). */
export function viaWithSource(via: Via, remote: Remote): Via {
  const isOther = via.host !== remote.address && via.host !== `[${remote.address}]`;
  const wantsPort = via.params.has("rport");
  if (!isOther && !wantsPort) return via;
  const params = new Map(via.params);
  params.set("received", remote.address);
  if (wantsPort) params.set("rport", String(remote.port));
  return { ...via, params };
}
