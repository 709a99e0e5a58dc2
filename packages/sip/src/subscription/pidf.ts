import { parseHostPort, printUri, sipUri } from "../message/uri.ts";
import type { BodyParts, EventPackage } from "./event-package.ts";
import type { WatchedState } from "./watched-state.ts";
import { xmlText } from "./xml-text.ts";

/** Presence of a user (RFC 3856), as a document of RFC 3863 with the activities of RFC 4480. Always the whole. */
export const presencePackage: EventPackage = {
  name: "presence",
  contentType: "application/pidf+xml",
  isNews: ({ presence: before }, { presence: after }) => before.status !== after.status || before.note !== after.note,
  printBody,
};

type Status = WatchedState["presence"]["status"];

/** `open`: whoever calls may expect an answer. */
const basicOf: Readonly<Record<Status, "open" | "closed">> = {
  available: "open",
  busy: "open",
  away: "open",
  dnd: "closed",
  offline: "closed",
};

const activityOf: Readonly<Partial<Record<Status, string>>> = { busy: "busy", away: "away", dnd: "busy" };

const words: Readonly<Record<Status, string>> = {
  available: "Available",
  busy: "Busy",
  away: "Away",
  dnd: "Do not disturb",
  offline: "Offline",
};

function printBody({ number, domain, state: { presence } }: BodyParts): string {
  const { host, port } = parseHostPort(domain) ?? { host: domain };
  const uri = xmlText(printUri(sipUri({ user: number, host, ...(port !== undefined && { port }) })));
  const activity = activityOf[presence.status];
  const note = `<note>${xmlText(presence.note ?? words[presence.status])}</note>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" ` +
    `xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="${uri}">\n` +
    `<tuple id="pbx"><status><basic>${basicOf[presence.status]}</basic></status><contact>${uri}</contact>${note}</tuple>\n` +
    (activity === undefined
      ? ""
      : `<dm:person id="person"><rpid:activities><rpid:${activity}/></rpid:activities></dm:person>\n`) +
    `</presence>\n`
  );
}
