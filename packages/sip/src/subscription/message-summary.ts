import { parseHostPort, printUri, sipUri } from "../message/uri.ts";
import type { BodyParts, EventPackage } from "./event-package.ts";
import type { WatchedMessages } from "./watched-state.ts";

const none: WatchedMessages = { unread: 0, read: 0, urgentUnread: 0, urgentRead: 0 };

/** The lamp of a mailbox (RFC 3842). It is the business of its owner's phones alone ([L11]). */
export const messageSummaryPackage: EventPackage = {
  name: "message-summary",
  contentType: "application/simple-message-summary",
  isPrivate: true,
  isNews: ({ messages: before = none }, { messages: after = none }) =>
    before.unread !== after.unread ||
    before.read !== after.read ||
    before.urgentUnread !== after.urgentUnread ||
    before.urgentRead !== after.urgentRead,
  printBody: ({ number, domain, state: { messages } }: BodyParts) => printMessageSummary(number, domain, messages),
};

/**
 * Messages of a mailbox as a document (RFC 3842 §5.2). Every line ends with CRLF: some phones drop a last one without.
 * @param domain `host` or `host:port` of the PBX
 */
export function printMessageSummary(number: string, domain: string, messages: WatchedMessages = none): string {
  const { host, port } = parseHostPort(domain) ?? { host: domain };
  const user = messages.account ?? number;
  const account = printUri(sipUri({ user, host, ...(port !== undefined && { port }) }));
  const { unread, read, urgentUnread, urgentRead } = messages;
  return (
    `Messages-Waiting: ${unread > 0 ? "yes" : "no"}\r\n` +
    `Message-Account: ${account}\r\n` +
    `Voice-Message: ${unread}/${read} (${urgentUnread}/${urgentRead})\r\n`
  );
}
