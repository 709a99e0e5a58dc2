// A service that writes every ended call into a database: exactly once, over restarts of both sides.
import { connect, type ConnectOptions, type PbxClient } from "@pbx-x/client";
import { DatabaseSync } from "node:sqlite";

/** Opens the database and goes on where the last run stopped. */
export function recordEndedCalls(
  file: string,
  options: Omit<ConnectOptions, "channels" | "from">,
): () => Promise<void> {
  const db = new DatabaseSync(file);
  db.exec(`
    CREATE TABLE IF NOT EXISTS call (id TEXT PRIMARY KEY, caller TEXT, callee TEXT, ended TEXT, seconds INTEGER);
    CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT, seq INTEGER);
  `);
  const insert = db.prepare("INSERT OR IGNORE INTO call VALUES (?, ?, ?, ?, ?)");
  const move = db.prepare("INSERT OR REPLACE INTO place VALUES (1, ?, ?)");
  const from = db.prepare("SELECT epoch, seq FROM place").get() as { epoch: string; seq: number } | undefined;
  const client: PbxClient = connect({ ...options, channels: ["calls"], ...(from && { from: { ...from } }) });

  client.on("CALL_ENDED", ({ data, timestamp, seq }) => {
    const { epoch } = client.position ?? {};
    if (epoch === undefined || seq === undefined) return;
    // The work and the position in one transaction: after a crash, either both are there or neither.
    db.exec("BEGIN");
    insert.run(data.callId, data.caller?.number ?? null, data.callee?.number ?? null, timestamp, data.durationSeconds);
    move.run(epoch, seq);
    db.exec("COMMIT");
  });
  client.on("gap", ({ reason, to }) => {
    // More was missed than the server keeps: the records of that time are in GET /cdr.
    console.warn(`calls may be missing (${reason}); read them from /api/v1/cdr`);
    if (to !== undefined) move.run(to.epoch, to.seq);
  });
  return async () => {
    await client.close();
    db.close();
  };
}
