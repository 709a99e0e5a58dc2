import { lookup as resolveName } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Scheduler } from "@pbx-x/telephony";
import type { AddressGuard } from "./address-guard.ts";
import type { WebhookEndpoint, WebhookMessage } from "./webhook.ts";
import type { DeliveryOutcome } from "./webhook-decision.ts";
import { signatureHeaders } from "./webhook-signature.ts";
import { hostOf } from "./webhook-url.ts";

export interface WebhookSenderOptions {
  readonly scheduler: Scheduler;
  readonly isAllowed: AddressGuard;
  /** From the connection to the answer's head. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

export interface WebhookSender {
  /** One try; never rejects. */
  send(
    endpoint: Pick<WebhookEndpoint, "url" | "secrets">,
    message: WebhookMessage,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome>;
  /** Closes the connections that are kept. */
  close(): void;
}

/** The rest of a longer answer is not read. */
const maxAnswerBytes = 64 * 1024;
const refusal = "the address is not public (PBXX_WEBHOOK_NETWORKS allows private networks)";

/** Posts signed messages; follows no redirect, and connects only where it may ([R41], [R45]). */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { scheduler, isAllowed, timeoutMs, userAgent } = options;
  const kept = { keepAlive: true, keepAliveMsecs: 5000, maxFreeSockets: 4, maxTotalSockets: 256 };
  const agents = { "http:": new http.Agent(kept), "https:": new https.Agent(kept) };
  const lookup = guardedLookup(isAllowed);

  const post = (target: URL, message: WebhookMessage, headers: http.OutgoingHttpHeaders, signal: AbortSignal) =>
    new Promise<DeliveryOutcome | "stale">((resolve) => {
      const isPlain = target.protocol === "http:";
      const agent = isPlain ? agents["http:"] : agents["https:"];
      const request = (isPlain ? http : https).request(target, { method: "POST", headers, agent, lookup, signal });
      const cancel = scheduler.after(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      request.on("response", (response) => {
        const status = response.statusCode ?? 0;
        const retryAfterSeconds = secondsOf(response.headers["retry-after"]);
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxAnswerBytes) request.destroy();
        });
        response.on("error", () => undefined);
        resolve({ kind: "answered", status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
      });
      request.on("error", (error) => {
        // The other side closed a connection that was kept, in the moment in which it was used again (RFC 9112 §9.3.1).
        const isStale = request.reusedSocket && "code" in error && error.code === "ECONNRESET";
        resolve(isStale ? "stale" : { kind: "failed", reason: error.message.slice(0, 200) });
      });
      request.on("close", () => {
        cancel();
        resolve({ kind: "failed", reason: "the connection was closed without an answer" });
      });
      request.end(message.body);
    });

  return {
    send: async ({ url, secrets }, message, signal) => {
      const target = new URL(url);
      // What is an address already is not looked up.
      const host = hostOf(target);
      if (isIP(host) !== 0 && !isAllowed(host)) return { kind: "failed", reason: refusal };
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(message.body),
        "user-agent": userAgent,
        ...signatureHeaders(message, secrets, scheduler.now()),
      };
      const first = await post(target, message, headers, signal);
      if (first !== "stale") return first;
      const second = await post(target, message, headers, signal);
      return second === "stale" ? { kind: "failed", reason: "the connection was reset" } : second;
    },
    close: () => {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

/** Resolves a name, and gives only addresses that may be connected to: what was judged is what is used ([R45]). */
export function guardedLookup(isAllowed: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    const { family, hints } = options;
    resolveName(hostname, { family, hints, all: true }, (error, found) => {
      if (error !== null) return callback(error, "", 0);
      const addresses = found.filter(({ address }) => isAllowed(address));
      const [first] = addresses;
      if (first === undefined) return callback(new Error(refusal), "", 0);
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); a date is not taken. */
function secondsOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,7}$/.test(value) ? Number(value) : undefined;
}
