import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { serveWorker } from "../worker/serve-worker.ts";

export type DatabaseRequest =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "query"; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: "close" };

export interface QueryAnswer {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

let database: DatabaseSync | undefined;

serveWorker((request: DatabaseRequest): QueryAnswer | undefined => {
  switch (request.kind) {
    case "open":
      database = new DatabaseSync(request.path);
      database.exec(`
        pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000;
      `);
      return undefined;
    case "query": {
      if (database === undefined) throw new Error("the database is not open");
      const statement = database.prepare(request.sql);
      // Kysely passes what the queries were given; the tables take numbers, texts and null only.
      const parameters = request.parameters as readonly SQLInputValue[];
      if (statement.columns().length > 0) return { rows: statement.all(...parameters), changes: 0 };
      return { rows: [], changes: Number(statement.run(...parameters).changes) };
    }
    case "close":
      database?.close();
      database = undefined;
      return undefined;
  }
});
