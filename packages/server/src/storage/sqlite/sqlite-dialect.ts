import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { WorkerLink } from "../worker/worker-link.ts";
import type { DatabaseRequest, QueryAnswer } from "./database-worker.ts";

/** Kysely on `node:sqlite` in a thread of its own, so that the disk never holds up a call. */
export function createSqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new SqliteWorkerDriver(path),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Tables of SQLite change within a transaction, too: a migration is done as a whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** One connection, lent to one user at a time: a transaction keeps the others waiting. */
class SqliteWorkerDriver implements Driver {
  readonly #path: string;
  readonly #waiting: (() => void)[] = [];
  #link: WorkerLink<DatabaseRequest> | undefined;
  #isLent = false;

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    this.#link = new WorkerLink(new URL("./database-worker.ts", import.meta.url));
    await this.#link.ask({ kind: "open", path: this.#path });
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const link = this.#link;
    if (link === undefined) throw new Error("the database is not open");
    if (this.#isLent) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isLent = true;
    return new SqliteWorkerConnection(link);
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isLent = false;
    else next();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async destroy(): Promise<void> {
    await this.#link?.ask({ kind: "close" });
    await this.#link?.close();
    this.#link = undefined;
  }
}

class SqliteWorkerConnection implements DatabaseConnection {
  readonly #link: WorkerLink<DatabaseRequest>;

  constructor(link: WorkerLink<DatabaseRequest>) {
    this.#link = link;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.#link.ask<QueryAnswer>({ kind: "query", sql, parameters });
    // Kysely's own typing of a row: what the query selects.
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncGenerator<QueryResult<Row>> {
    throw new Error("rows of SQLite are read in pages, not streamed");
  }
}
