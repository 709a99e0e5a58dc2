import type { TableName } from "@pbx-x/protocol/runtime";

/** Kinds of channels that bring entities of a table, besides `extension:…` and `me`; the first is the one to ask for ([M6]). */
const kinds: Readonly<Record<TableName, string>> = {
  calls: "calls queues",
  endedCalls: "calls queues",
  extensions: "extensions",
  registrations: "extensions",
  presence: "presence",
  agents: "agents queues",
  memberships: "agents queues",
  queues: "queues",
  queueStats: "queues",
  queueEntries: "queues",
  parkingSlots: "parking calls",
  conferences: "conferences",
  participants: "conferences",
  mailboxes: "voicemail",
  trunks: "trunks system",
};

/** The channel to ask for where none of the wanted ones brings anything of this table; undefined where one does. */
export function missingChannel(table: TableName, wanted: readonly string[]): string | undefined {
  const fitting = kinds[table].split(" ");
  const isCovered = wanted.some((channel) => ["me", "extension", ...fitting].includes(channel.split(":")[0] ?? ""));
  return isCovered ? undefined : fitting[0];
}
