import { createRequest } from "../message/build.ts";
import type { SipRequest } from "../message/message.ts";
import { parseMessage } from "../message/parser.ts";
import { sipUri } from "../message/uri.ts";
import { parseVia } from "../message/via.ts";
import { createManualScheduler } from "../testing/manual-scheduler.ts";
import type { Remote, TransportName } from "../transport/transport.ts";
import type { ServerTransaction } from "./server-transaction.ts";
import { TransactionLayer, type TransactionLayerOptions } from "./transaction-layer.ts";

export interface RequestTraits {
  readonly method?: string;
  readonly branch?: string;
  readonly sentBy?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly transport?: TransportName;
}

export function requestOf(traits: RequestTraits = {}): SipRequest {
  const { method = "OPTIONS", branch = "z9hG4bK-1", sentBy = "192.0.2.7:5060", transport = "udp" } = traits;
  const via = parseVia(`SIP/2.0/${transport.toUpperCase()} ${sentBy};branch=${branch}`);
  const { fromTag = "caller", toTag } = traits;
  return createRequest({
    method,
    uri: sipUri({ user: "200", host: "pbx.test" }),
    from: { uri: sipUri({ user: "100", host: "pbx.test" }), params: new Map([["tag", fromTag]]) },
    to: {
      uri: sipUri({ user: "200", host: "pbx.test" }),
      params: new Map(toTag === undefined ? [] : [["tag", toTag]]),
    },
    callId: traits.callId ?? "call-1",
    cseq: traits.cseq ?? 1,
    ...(via !== undefined && { via: [via] }),
  });
}

export function remoteOf(transport: TransportName = "udp"): Remote {
  return { transport, address: "192.0.2.7", port: 5060 };
}

/** A transaction layer whose sent messages are noted with their time since the start. */
export function createTransactionBench(options: Partial<TransactionLayerOptions> = {}) {
  const scheduler = createManualScheduler(0);
  const sent: { readonly atMs: number; readonly line: string; readonly text: string; readonly transport: string }[] =
    [];
  const requests: ServerTransaction[] = [];
  const acks: SipRequest[] = [];
  const errors: ((error: Error) => void)[] = [];
  const layer = new TransactionLayer({
    scheduler,
    newTag: () => "own-tag",
    send: (bytes, remote, onError) => {
      const text = new TextDecoder().decode(bytes);
      sent.push({ atMs: scheduler.now(), line: lineOf(bytes), text, transport: remote.transport });
      errors.push(onError);
    },
    onRequest: (transaction) => void requests.push(transaction),
    onAck: (request) => void acks.push(request),
    ...options,
  });
  return {
    scheduler,
    layer,
    sent,
    requests,
    acks,
    /** The next message cannot be sent after all. */
    failLast: () => errors.at(-1)?.(new Error("unreachable")),
    timesOf: (line: string) => sent.filter((message) => message.line === line).map(({ atMs }) => atMs),
  };
}

/** `INVITE`, `ACK`, `200` … */
function lineOf(bytes: Uint8Array): string {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) return parsed.error.code;
  return parsed.message.kind === "request" ? parsed.message.method : String(parsed.message.status);
}
