import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { createConferences } from "./conference-tables.ts";
import { createDevices } from "./device-tables.ts";
import type { DatabaseTables } from "./tables.ts";
import { createQueues } from "./queue-tables.ts";
import { createTrunks } from "./trunk-tables.ts";
import { createWebhooks } from "./webhook-tables.ts";
import {
  addVoicemailUrgency,
  createGreetingsAndMails,
  createVoicemail,
  createVoicemailPins,
} from "./voicemail-tables.ts";

/** All changes of the tables, in order; one set for both databases. A published one is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-first-tables": { up: createFirstTables },
  "0002-presence": { up: createPresenceTables },
  "0003-recordings": { up: createRecordings },
  "0004-trunks": { up: createTrunks },
  "0005-parking-lots": { up: createParkingLots },
  "0006-routing": { up: createRoutingTables },
  "0007-prompts": { up: createPrompts },
  "0008-queues": { up: createQueues },
  "0009-conferences": { up: createConferences },
  "0010-voicemail": { up: createVoicemail },
  "0011-voicemail-pins": { up: createVoicemailPins },
  "0012-voicemail-urgency": { up: addVoicemailUrgency },
  "0013-webhooks": { up: createWebhooks },
  "0014-greetings-and-mails": { up: createGreetingsAndMails },
  "0015-devices": { up: createDevices },
};

async function createFirstTables(db: Kysely<DatabaseTables>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("users")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("email", "text", (column) => column.notNull().unique())
    .addColumn("display_name", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("password_hash", "text", (column) => column.notNull())
    .addColumn("is_active", "integer", (column) => column.notNull())
    .addColumn("granted_json", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("extensions")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("number", "text", (column) => column.notNull().unique())
    .addColumn("user_id", "text")
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("md5", "text", (column) => column.notNull())
    .addColumn("sha256", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("refresh_tokens")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("family", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("is_used", "integer", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await schema.createIndex("refresh_tokens_by_user").on("refresh_tokens").column("user_id").execute();
  await schema
    .createTable("bindings")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await schema
    .createTable("cdr")
    .addColumn("call_id", "text", (column) => column.primaryKey())
    .addColumn("direction", "text", (column) => column.notNull())
    .addColumn("caller_number", "text", (column) => column.notNull())
    .addColumn("callee_number", "text", (column) => column.notNull())
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint", (column) => column.notNull())
    .addColumn("hangup_cause", "text", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await schema.createIndex("cdr_by_start").on("cdr").column("started_at").execute();
  await schema
    .createTable("audit_log")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("user_id", "text")
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("details_json", "text", (column) => column.notNull())
    .execute();
  await schema
    .createTable("meta")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}

async function createPresenceTables({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("presence_settings")
    .addColumn("user_id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await schema
    .createTable("presence_told")
    .addColumn("extension_id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
}

async function createRecordings({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("recordings")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("call_id", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("caller_number", "text", (column) => column.notNull())
    .addColumn("callee_number", "text", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  for (const column of ["call_id", "started_at", "status"] as const) {
    await schema.createIndex(`recordings_by_${column}`).on("recordings").column(column).execute();
  }
  await schema
    .createTable("recording_extensions")
    .addColumn("recording_id", "text", (column) => column.notNull())
    .addColumn("extension_id", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("recording_extensions_key", ["recording_id", "extension_id"])
    .execute();
  await schema
    .createIndex("recording_extensions_by_extension")
    .on("recording_extensions")
    .column("extension_id")
    .execute();
}

async function createParkingLots(db: Kysely<DatabaseTables>): Promise<void> {
  await db.schema
    .createTable("parking_lots")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
}

async function createRoutingTables({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("routing_records")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
}

async function createPrompts({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("prompts")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
}
