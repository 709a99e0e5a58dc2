// Copies the data directory of a running PBX-X: backup.mjs FROM TO. TO must not exist yet.
import { randomUUID } from "node:crypto";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

const [from, to] = process.argv.slice(2).map((path) => resolve(path));
if (from === undefined || to === undefined) {
  console.error("usage: node backup.mjs DATA_DIRECTORY TARGET");
  process.exit(2);
}
// Under another name until it is complete, so that half a copy is never taken for a whole one.
const part = `${to}.part`;
try {
  await mkdir(part, { mode: 0o700 });
} catch (error) {
  console.error(
    `${part}: ${error.code === "EEXIST" ? "is there already; remove it if no backup runs" : error.message}`,
  );
  process.exit(1);
}
try {
  const names = await readdir(from);
  if (!names.includes("pbx-x.sqlite")) throw new Error(`${from} is no data directory: it has no pbx-x.sqlite`);
  if ((await readdir(join(to, "..")).catch(() => [])).includes(to.split("/").at(-1)))
    throw new Error(`${to} is there already`);
  // The configuration first: the log may be newer than it, never older.
  const databases = names.filter((name) => name.endsWith(".sqlite")).toSorted((a, b) => b.localeCompare(a));
  for (const name of databases) {
    const database = new DatabaseSync(join(from, name), { timeout: 30_000 });
    database.prepare("VACUUM INTO ?").run(join(part, name));
    database.close();
  }
  // What a start makes anew is left out, as are the databases' own helpers.
  for (const name of names.filter((one) => one !== "cache" && !/\.sqlite(?:-wal|-shm|-journal)?$/.test(one))) {
    await cp(join(from, name), join(part, name), { recursive: true, preserveTimestamps: true });
  }
  if (databases.includes("events.sqlite")) giveOwnEpoch();
  await rename(part, to);
  console.log(`${to}: ${databases.length} databases and ${names.length - databases.length} other entries`);
} catch (error) {
  await rm(part, { recursive: true, force: true });
  console.error(error.message);
  process.exit(1);
}

/**
 * A server that is started from the copy writes other events under the numbers that the running one goes on with. With an
 * epoch of its own clients see that; what the copy itself noted by position goes on where it was.
 */
function giveOwnEpoch() {
  const log = new DatabaseSync(join(part, "events.sqlite"));
  const former = log.prepare("select value from meta where key = 'epoch'").get()?.value;
  const own = randomUUID();
  log.prepare("update meta set value = ? where key = 'epoch'").run(own);
  log.close();
  if (typeof former !== "string") return;
  const configuration = new DatabaseSync(join(part, "pbx-x.sqlite"));
  const hasTable = configuration.prepare("select 1 from sqlite_master where type = 'table' and name = ?");
  for (const [table, column] of [
    ["meta", "value"],
    ["webhook_progress", "record_json"],
  ]) {
    if (hasTable.get(table) === undefined) continue;
    configuration
      .prepare(`update ${table} set ${column} = replace(${column}, ?, ?) where instr(${column}, ?) > 0`)
      .run(`"epoch":"${former}"`, `"epoch":"${own}"`, former);
  }
  configuration.close();
}
