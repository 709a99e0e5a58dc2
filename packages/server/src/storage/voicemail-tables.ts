import type { Kysely } from "kysely";
import type { DatabaseTables } from "./tables.ts";

export async function createVoicemailPins({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("voicemail_pins")
    .addColumn("box_id", "text", (column) => column.primaryKey())
    .addColumn("hash", "text", (column) => column.notNull())
    .execute();
}

export async function addVoicemailUrgency(db: Kysely<DatabaseTables>): Promise<void> {
  await db.schema
    .alterTable("voicemail_messages")
    .addColumn("is_urgent", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  const urgent = db.updateTable("voicemail_messages").set({ is_urgent: 1 });
  await urgent.where("record_json", "like", '%"isUrgent":true%').execute();
}

export async function createVoicemail({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("voicemail_messages")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("box_id", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("is_read", "integer", (column) => column.notNull())
    .addColumn("received_at", "bigint", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await schema
    .createIndex("voicemail_messages_by_box")
    .on("voicemail_messages")
    .columns(["box_id", "received_at"])
    .execute();
  await schema.createIndex("voicemail_messages_by_age").on("voicemail_messages").column("received_at").execute();
}

export async function createGreetingsAndMails({ schema }: Kysely<DatabaseTables>): Promise<void> {
  await schema
    .createTable("announcements")
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("language", "text", (column) => column.notNull())
    .addColumn("record_json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("announcements_key", ["id", "language"])
    .execute();
  await schema
    .createTable("voicemail_greetings")
    .addColumn("box_id", "text", (column) => column.primaryKey())
    .addColumn("record_json", "text", (column) => column.notNull())
    .execute();
  await schema
    .createTable("voicemail_mails")
    .addColumn("message_id", "text", (column) => column.primaryKey())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("next_at", "bigint", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .execute();
  await schema.createIndex("voicemail_mails_by_time").on("voicemail_mails").column("next_at").execute();
}
