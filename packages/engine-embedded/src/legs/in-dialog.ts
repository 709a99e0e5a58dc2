import type { Negotiated } from "@pbx-x/media";
import { answerSessionTimer, type Dialog, printNameAddr, type ServerTransaction, type Uri } from "@pbx-x/sip";
import { allow } from "../allow.ts";
import { infoDigitType, readInfoDigit } from "../digits/info-digits.ts";
import type { LegMedia } from "./leg-media.ts";
import type { SessionRefresh } from "./session-refresh.ts";

export interface InDialogSurroundings {
  readonly media: LegMedia;
  readonly dialog: Dialog | undefined;
  readonly refresh: SessionRefresh;
  readonly contact: Uri;
  readonly onHold: (hold: Negotiated["hold"]) => void;
  readonly onRefer: (dialog: Dialog, transaction: ServerTransaction) => void;
  readonly onDigit: (digit: string, durationMs: number) => void;
}

/** Answers a phone's requests inside a call, BYE left out. */
export function answerInDialog(transaction: ServerTransaction, around: InDialogSurroundings): void {
  switch (transaction.request.method) {
    case "INVITE":
    case "UPDATE":
      answerOffer(transaction, around);
      return;
    case "INFO":
      answerInfo(transaction, around);
      return;
    case "OPTIONS":
    case "PRACK":
      transaction.respond(200, { headers: [allow] });
      return;
    case "NOTIFY":
      transaction.respond(200);
      return;
    case "REFER":
      if (around.dialog === undefined) transaction.respond(481);
      else around.onRefer(around.dialog, transaction);
      return;
    case "SUBSCRIBE":
      transaction.respond(489);
      return;
    default:
      transaction.respond(405, { headers: [allow] });
  }
}

/** Hold, resume, change of address, session refresh (RFC 3264 §8, RFC 3311, RFC 4028). */
function answerOffer(
  transaction: ServerTransaction,
  { media, dialog, refresh, contact, onHold }: InDialogSurroundings,
): void {
  const { request } = transaction;
  const timer = answerSessionTimer(request.headers);
  if (timer.kind === "too_small") {
    transaction.respond(422, { headers: [{ name: "Min-SE", value: String(timer.minSeconds) }] });
    return;
  }
  const hasOffer = request.body.length > 0;
  const wantsOffer = request.method === "INVITE" && !hasOffer;
  // Before the answer there is no agreement that a new offer could change.
  if (dialog === undefined && (hasOffer || wantsOffer)) {
    transaction.respond(491);
    return;
  }
  const sdp = hasOffer ? media.reanswer(request.body) : wantsOffer ? media.reoffer() : "";
  if (sdp === undefined) {
    transaction.respond(488);
    return;
  }
  dialog?.refreshTarget(request);
  refresh.asked(request.headers);
  const response = transaction.respond(200, {
    headers: [
      { name: "Contact", value: printNameAddr({ uri: contact, params: new Map() }) },
      allow,
      ...(timer.kind === "accepted"
        ? [
            { name: "Session-Expires", value: timer.header },
            { name: "Require", value: "timer" },
          ]
        : []),
    ],
    ...(sdp !== "" && { body: sdp, contentType: "application/sdp" }),
  });
  if (hasOffer && response.status === 200) onHold(media.negotiated?.hold ?? "none");
}

/** Keys of phones that send them by INFO. */
function answerInfo(transaction: ServerTransaction, { onDigit }: InDialogSurroundings): void {
  const told = readInfoDigit(transaction.request);
  switch (told.kind) {
    case "digit":
      transaction.respond(200);
      onDigit(told.digit, told.durationMs);
      return;
    case "nothing":
      transaction.respond(200);
      return;
    case "malformed":
      transaction.respond(400);
      return;
    case "unknown_type":
      transaction.respond(415, { headers: [acceptInfo] });
  }
}

const acceptInfo = { name: "Accept", value: `${infoDigitType}, application/dtmf, application/hook-flash` } as const;
