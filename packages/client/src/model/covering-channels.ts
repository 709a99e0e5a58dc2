import type { TableName } from "@pbx-x/protocol/runtime";

/** Kinds of channels that bring entities of a table; the first is the one to ask for ([M6]). */
const kinds: Readonly<Record<TableName, readonly string[]>> = {
  calls: ["calls", "extension", "queues"],
  endedCalls: ["calls", "extension", "queues"],
  extensions: ["extensions", "extension"],
  registrations: ["extensions", "extension"],
  presence: ["presence", "extension"],
  agents: ["agents", "queues", "extension"],
  memberships: ["agents", "queues", "extension"],
  queues: ["queues"],
  queueStats: ["queues"],
  queueEntries: ["queues"],
  parkingSlots: ["parking", "calls", "extension"],
  conferences: ["conferences"],
  participants: ["conferences"],
  mailboxes: ["voicemail", "extension"],
  trunks: ["trunks", "system"],
};

/** The channel to ask for where none of the wanted ones brings anything of this table; undefined where one does. */
export function missingChannel(table: TableName, wanted: readonly string[]): string | undefined {
  const isCovered = wanted.some((channel) => {
    const [kind = ""] = channel.split(":");
    return kind === "me" || kinds[table].includes(kind);
  });
  return isCovered ? undefined : kinds[table][0];
}
