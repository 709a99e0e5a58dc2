import { connect, SharedClient } from "@pbx-x/client/share";

/** What a test reads of a tab. */
export interface TabState {
  readonly at: string;
  readonly isLeader: boolean;
  readonly isForemost: boolean;
  readonly seqs: readonly number[];
  readonly gaps: number;
  readonly diagnostics: readonly string[];
  readonly extensions: number;
}

const query = new URLSearchParams(location.search);
const seqs: number[] = [];
const diagnostics: string[] = [];
let gaps = 0;
const client = connect({
  url: query.get("url") ?? "",
  token: () => Promise.resolve(query.get("token") ?? ""),
  channels: ["extensions"],
  share: "auto",
  user: query.get("user") ?? "",
  onDiagnostic: ({ what, detail }) => diagnostics.push(`${what}: ${detail}`),
});
client.onAny(({ seq }) => {
  if (seq !== undefined) seqs.push(seq);
});
client.on("gap", () => {
  gaps += 1;
});

Object.assign(window, {
  readTab: (): TabState => ({
    at: client.connection.get().at,
    isLeader: client instanceof SharedClient && client.isLeader,
    isForemost: client.tab.isForemost,
    seqs,
    gaps,
    diagnostics,
    extensions: client.state.tables.extensions.size,
  }),
  logOut: () => client.close(),
  setDnd: (extensionId: string, enabled: boolean) => client.extension.setDnd({ extensionId, enabled }).safe(),
});
