import type { Role } from "@pbx-x/protocol";

/** The tables, the same on SQLite and PostgreSQL: booleans are 0 or 1, times are milliseconds, `…_json` is JSON text. */
export interface DatabaseTables {
  readonly users: {
    readonly id: string;
    readonly email: string;
    readonly display_name: string;
    readonly role: Role;
    readonly password_hash: string;
    readonly is_active: number;
    readonly granted_json: string;
    readonly created_at: number;
    readonly updated_at: number;
  };
  readonly extensions: {
    readonly id: string;
    readonly number: string;
    readonly user_id: string | null;
    /** The whole record as REST shows it; the columns above are for searching. */
    readonly record_json: string;
    readonly md5: string;
    readonly sha256: string;
    readonly updated_at: number;
  };
  readonly trunks: {
    readonly id: string;
    readonly name: string;
    /** The whole record as REST shows it. */
    readonly record_json: string;
    /** As it is: the far side's digest needs it so. */
    readonly password: string | null;
    readonly updated_at: number;
  };
  readonly refresh_tokens: {
    readonly hash: string;
    readonly family: string;
    readonly user_id: string;
    readonly is_used: number;
    readonly expires_at: number;
  };
  readonly bindings: { readonly id: string; readonly record_json: string; readonly expires_at: number };
  readonly cdr: {
    readonly call_id: string;
    readonly direction: string;
    readonly caller_number: string;
    readonly callee_number: string;
    readonly started_at: number;
    readonly ended_at: number;
    readonly hangup_cause: string;
    readonly record_json: string;
  };
  readonly audit_log: {
    readonly id: string;
    readonly at: number;
    readonly user_id: string | null;
    readonly action: string;
    readonly subject: string;
    readonly details_json: string;
  };
  /** What users set by hand. */
  readonly presence_settings: { readonly user_id: string; readonly record_json: string };
  /** What clients were told last. */
  readonly presence_told: { readonly extension_id: string; readonly record_json: string };
  readonly recordings: {
    readonly id: string;
    readonly call_id: string;
    readonly status: "recording" | "complete" | "failed";
    readonly started_at: number;
    readonly caller_number: string;
    readonly callee_number: string;
    readonly record_json: string;
  };
  /** Extensions that were in the call while it was recorded. */
  readonly recording_extensions: { readonly recording_id: string; readonly extension_id: string };
  readonly parking_lots: { readonly id: string; readonly record_json: string; readonly updated_at: number };
  /** Outbound and inbound rules, time profiles. */
  readonly routing_records: {
    readonly id: string;
    readonly kind: "outbound" | "inbound" | "timeProfiles";
    readonly record_json: string;
    readonly updated_at: number;
  };
  readonly prompts: { readonly id: string; readonly record_json: string; readonly created_at: number };
  readonly conferences: {
    readonly id: string;
    readonly number: string;
    readonly record_json: string;
    readonly updated_at: number;
  };
  readonly queues: {
    readonly id: string;
    readonly extension_number: string;
    /** The whole record, members included. */
    readonly record_json: string;
    readonly updated_at: number;
  };
  /** What happened in a queue in a quarter of an hour. */
  readonly queue_intervals: {
    readonly queue_id: string;
    readonly started_at: number;
    readonly record_json: string;
  };
  readonly voicemail_messages: {
    readonly id: string;
    readonly box_id: string;
    readonly status: "recording" | "complete";
    readonly is_read: number;
    readonly is_urgent: number;
    readonly received_at: number;
    /** What does not change once the message is complete. */
    readonly record_json: string;
  };
  /** Sound that was uploaded in place of announcements. */
  readonly announcements: { readonly id: string; readonly language: string; readonly record_json: string };
  readonly voicemail_greetings: { readonly box_id: string; readonly record_json: string };
  /** Messages that are still to be mailed; of at most one mail for each. */
  readonly voicemail_mails: {
    readonly message_id: string;
    readonly created_at: number;
    readonly next_at: number;
    readonly attempts: number;
  };
  readonly voicemail_pins: { readonly box_id: string; readonly hash: string };
  /** Record with its secrets. */
  readonly webhooks: { readonly id: string; readonly record_json: string; readonly updated_at: number };
  readonly webhook_progress: { readonly webhook_id: string; readonly record_json: string };
  readonly webhook_dead_letters: {
    readonly webhook_id: string;
    readonly message_id: string;
    readonly failed_at: number;
    readonly record_json: string;
  };
  readonly devices: {
    readonly id: string;
    readonly mac: string;
    /** Without secrets. */
    readonly record_json: string;
    readonly secret_hash: string;
    /** What its own SIP password is checked by, and for which number and realm. */
    readonly digest_json: string;
    readonly updated_at: number;
  };
  readonly meta: { readonly key: string; readonly value: string };
}
