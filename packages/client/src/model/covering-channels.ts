import { channelKindsOf, type TableName } from "@pbx-x/protocol/runtime";

/** The channel to ask for where none of the wanted ones brings anything of this table; undefined where one does ([M6]). */
export function missingChannel(table: TableName, wanted: readonly string[]): string | undefined {
  const kinds = channelKindsOf(table);
  const isCovered = wanted.some((channel) => ["me", "extension", ...kinds].includes(channel.split(":")[0] ?? ""));
  return isCovered ? undefined : kinds[0];
}
