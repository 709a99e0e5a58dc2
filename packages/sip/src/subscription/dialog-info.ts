import { parseHostPort, printUri, sipUri } from "../message/uri.ts";
import type { BodyParts, EventPackage } from "./event-package.ts";
import type { WatchedDialog, WatchedState } from "./watched-state.ts";
import { xmlText } from "./xml-text.ts";

/** Calls in the making and in progress, for the lamps of other phones (RFC 4235). */
export const dialogPackage: EventPackage = {
  name: "dialog",
  contentType: "application/dialog-info+xml",
  isNews: (before, after) => before.displayName !== after.displayName || changedDialogs(before, after).length > 0,
  printBody,
};

type Printed = Omit<WatchedDialog, "state"> & { readonly state: WatchedDialog["state"] | "terminated" };

/**
 * Whole documents, since some phones know nothing else; a part (RFC 4235 §3.4) only where the whole would be too long for
 * a datagram. A call that ended is told once more as terminated, and an idle number has one terminated dialog: phones
 * leave their lamp as it is where no dialog is told.
 */
function printBody({ number, domain, version, state, told, maxBytes }: BodyParts): string {
  const print = (kind: "full" | "partial", dialogs: readonly Printed[]): string => {
    const elements = dialogs.map((dialog) => printDialog(dialog, number, domain, state.displayName));
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ` +
      `version="${version}" state="${kind}" entity="${address(number, domain)}">\n${elements.join("")}</dialog-info>\n`
    );
  };
  const gone = told === undefined ? [] : goneDialogs(told, state);
  const all = [...state.dialogs, ...gone];
  const whole = print("full", all.length > 0 ? all : [idle]);
  if (told === undefined || maxBytes === undefined || Buffer.byteLength(whole) <= maxBytes) return whole;
  const part = print("partial", changedDialogs(told, state));
  return part.length < whole.length ? part : whole;
}

const idle: Printed = { dialogId: "idle", direction: "recipient", state: "terminated", isHeld: false };

function goneDialogs(before: WatchedState, after: WatchedState): readonly Printed[] {
  const alive = new Set(after.dialogs.map(({ dialogId }) => dialogId));
  return before.dialogs
    .filter(({ dialogId }) => !alive.has(dialogId))
    .map((dialog) => ({ ...dialog, state: "terminated" }));
}

/** Dialogs that are new, other than before, or gone. */
function changedDialogs(before: WatchedState, after: WatchedState): readonly Printed[] {
  const known = new Map(before.dialogs.map((dialog) => [dialog.dialogId, JSON.stringify(dialog)]));
  const changed = after.dialogs.filter((dialog) => known.get(dialog.dialogId) !== JSON.stringify(dialog));
  return [...changed, ...goneDialogs(before, after)];
}

function printDialog(dialog: Printed, number: string, domain: string, displayName: string): string {
  const { dialogId, direction, state, remote, isHeld } = dialog;
  const open = `<dialog id="${xmlText(dialogId)}"${printIds(dialog)} direction="${direction}">\n<state>${state}</state>\n`;
  if (state === "terminated") return `${open}</dialog>\n`;
  // A number that is not told is told as hidden: phones show a caller and offer to pick up only where there is one.
  const other = remote === undefined ? hidden : address(remote.number, domain);
  const held = isHeld ? '<param pname="+sip.rendering" pvalue="no"/>' : "";
  return (
    open +
    printSide("local", address(number, domain), displayName, held) +
    printSide("remote", other, remote?.name, "") +
    `</dialog>\n`
  );
}

/** Phones pick up with Replaces only where they are told what to replace. */
function printIds({ state, dialog }: Printed): string {
  if (dialog === undefined || state === "terminated") return "";
  const { callId, localTag, remoteTag } = dialog;
  return ` call-id="${xmlText(callId)}" local-tag="${xmlText(localTag)}" remote-tag="${xmlText(remoteTag)}"`;
}

const hidden = "sip:anonymous@anonymous.invalid";

function printSide(side: "local" | "remote", uri: string, name: string | undefined, param: string): string {
  const display = name === undefined || name === "" ? "" : ` display="${xmlText(name)}"`;
  const target = param === "" ? `<target uri="${uri}"/>` : `<target uri="${uri}">${param}</target>`;
  return `<${side}><identity${display}>${uri}</identity>${target}</${side}>\n`;
}

/** `sip:number@domain`, escaped for XML. */
function address(number: string, domain: string): string {
  const { host, port } = parseHostPort(domain) ?? { host: domain };
  return xmlText(printUri(sipUri({ user: number, host, ...(port !== undefined && { port }) })));
}
