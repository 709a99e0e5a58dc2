import { z } from "zod";
import { announcementLanguages } from "../announcements/announcement-texts.ts";
import { deviceTransports } from "../provisioning/device.ts";
import { isHost, isNetwork } from "../trunks/trunk-place.ts";
import { type SettingDescription, settingsTable } from "./settings-table.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const ports = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, "expected two ports, as in 10000-19999")
  .transform((text) => {
    const [min = 0, max = 0] = text.split("-").map(Number);
    return { min, max };
  })
  .refine(({ min, max }) => min > 0 && max <= 65_535 && max - min >= 3, "expected at least four ports, up to 65535");
const networks = z
  .string()
  .transform((text) => text.split(",").map((network) => network.trim()))
  .refine((list) => list.length <= 64 && list.every(isNetwork), "expected networks, as in 10.0.0.0/8,192.168.1.0/24");

const schema = z.object({
  PBXX_HTTP_HOST: z.string().min(1),
  PBXX_HTTP_PORT: port,
  PBXX_WS_TIMEOUT_SECONDS: z.coerce.number().int().min(3).max(3600),
  PBXX_WS_RESUME_SECONDS: z.coerce.number().int().min(1).max(3600),
  PBXX_WS_MAX_REPLAY: z.coerce.number().int().min(0).max(1_000_000),
  PBXX_WS_COMPRESSION: z.enum(["off", "on"]),
  PBXX_SIP_HOST: z.string().min(1),
  PBXX_SIP_PORT: port,
  PBXX_SIP_TLS_PORT: port,
  PBXX_SIP_WS_PORT: port.optional(),
  PBXX_SIP_WSS_PORT: port.optional(),
  PBXX_SIP_REALM: z.string().regex(/^[\w.-]{1,64}$/, "expected letters, digits, dots and dashes"),
  PBXX_SIP_DIGEST: z.enum(["md5", "both", "sha256"]),
  PBXX_SIP_MIN_EXPIRES: positive,
  PBXX_RING_TIMEOUT_SECONDS: positive,
  PBXX_SILENT_PHONE_SECONDS: z.coerce.number().int().min(2).max(120),
  PBXX_TRUNK_OPTIONS_SECONDS: z.coerce.number().int().min(2).max(3600),
  PBXX_ALERT_PACKET_LOSS_PERCENT: z.coerce.number().min(0.1).max(100),
  PBXX_ALERT_JITTER_MS: z.coerce.number().min(1).max(10_000),
  PBXX_ALERT_INTERVAL_SECONDS: positive,
  PBXX_ALERT_DISK_WARNING_PERCENT: z.coerce.number().min(0).max(99),
  PBXX_ALERT_DISK_CRITICAL_PERCENT: z.coerce.number().min(0).max(99),
  PBXX_ALERT_SLOW_WRITE_MS: z.coerce.number().min(1).max(60_000),
  PBXX_ALERT_REGISTRATIONS_PER_SECOND: z.coerce.number().min(0.1).max(100_000),
  PBXX_ALERT_CHECK_SECONDS: z.coerce.number().int().min(1).max(3600),
  PBXX_COUNTRY_CODE: z.string().regex(/^[1-9]\d{0,2}$/, "expected 1 to 3 digits, without + or 00"),
  PBXX_AREA_CODE: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, "expected digits without the 0 in front")
    .optional(),
  PBXX_INTERNATIONAL_PREFIX: z.string().regex(/^\d{1,5}$/, "expected digits, as in 00"),
  PBXX_NATIONAL_PREFIX: z.string().regex(/^(?:\d{1,2}|none)$/, "expected digits, as in 0, or none"),
  PBXX_OUTSIDE_PREFIX: z
    .string()
    .regex(/^\d{1,3}$/, "expected 1 to 3 digits")
    .optional(),
  PBXX_EXTERNAL_ADDRESS: z.string().min(1).optional(),
  PBXX_RTP_PORTS: ports,
  PBXX_DATA_DIR: z.string().min(1),
  PBXX_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PBXX_JWT_SECRET: z.string().min(32).optional(),
  PBXX_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  PBXX_JWT_ISSUER: z.string().min(1).optional(),
  PBXX_JWT_AUDIENCE: z.string().min(1).optional(),
  PBXX_ADMIN_EMAIL: z.email(),
  PBXX_ADMIN_PASSWORD: z.string().min(8).optional(),
  PBXX_SEED: z.enum(["demo", "empty"]),
  PBXX_ENGINE: z.enum(["embedded", "asterisk"]),
  PBXX_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
  PBXX_LOG_FORMAT: z.enum(["text", "json"]),
  PBXX_METRICS_TOKEN: z.string().min(16).optional(),
  PBXX_EVENTS_KEEP_DAYS: positive,
  PBXX_EVENTS_KEEP_COUNT: positive,
  PBXX_RECORDINGS_KEEP_DAYS: positive.optional(),
  PBXX_RECORDINGS_MIN_FREE_MB: z.coerce.number().int().min(0),
  PBXX_CONFERENCE_RECORDING_BEEP: z.enum(["off", "on"]),
  PBXX_VOICEMAIL_LANGUAGE: z.enum(announcementLanguages),
  PBXX_VOICEMAIL_MAX_SECONDS: z.coerce.number().int().min(5).max(600),
  PBXX_VOICEMAIL_SILENCE_SECONDS: z.coerce.number().int().min(2).max(600),
  PBXX_VOICEMAIL_MAX_MESSAGES: z.coerce.number().int().min(1).max(10_000),
  PBXX_VOICEMAIL_KEEP_DAYS: z.coerce.number().int().min(0).max(36_500),
  PBXX_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  PBXX_SMTP_FROM: z.email().optional(),
  PBXX_WEBHOOK_NETWORKS: networks.optional(),
  PBXX_WEBHOOK_LOOPBACK: z.enum(["off", "on"]),
  PBXX_WEBHOOK_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(60),
  PBXX_WEBHOOK_MAX_ATTEMPTS: z.coerce.number().int().min(1).max(30),
  PBXX_WEBHOOK_SWITCH_OFF_HOURS: z.coerce.number().min(0.001).max(720),
  PBXX_PROVISIONING_SERVER: z.string().refine(isHost, "expected a name or an address, without port").optional(),
  PBXX_PROVISIONING_TRANSPORT: z.enum(deviceTransports),
  PBXX_PROVISIONING_PLAIN_HTTP: z.enum(["private", "everywhere"]),
  PBXX_REST_REQUESTS_PER_MINUTE: positive,
});

const complete = schema.refine((env) => env.PBXX_SMTP_URL === undefined || env.PBXX_SMTP_FROM !== undefined, {
  path: ["PBXX_SMTP_FROM"],
  message: "the sender is needed with PBXX_SMTP_URL",
});

const toSettings = complete.transform((env) => ({
  http: {
    host: env.PBXX_HTTP_HOST,
    port: env.PBXX_HTTP_PORT,
    requestsPerMinute: env.PBXX_REST_REQUESTS_PER_MINUTE,
    metricsToken: env.PBXX_METRICS_TOKEN,
  },
  socket: {
    timeoutMs: env.PBXX_WS_TIMEOUT_SECONDS * 1000,
    resumeMs: env.PBXX_WS_RESUME_SECONDS * 1000,
    maxReplay: env.PBXX_WS_MAX_REPLAY,
    compression: env.PBXX_WS_COMPRESSION === "on",
  },
  sip: {
    host: env.PBXX_SIP_HOST,
    port: env.PBXX_SIP_PORT,
    tlsPort: env.PBXX_SIP_TLS_PORT,
    wsPort: env.PBXX_SIP_WS_PORT,
    wssPort: env.PBXX_SIP_WSS_PORT,
    realm: env.PBXX_SIP_REALM,
    digest: env.PBXX_SIP_DIGEST,
    /** Seconds. */
    minExpires: env.PBXX_SIP_MIN_EXPIRES,
    externalAddress: env.PBXX_EXTERNAL_ADDRESS,
    rtpPorts: env.PBXX_RTP_PORTS,
    ringTimeoutSeconds: env.PBXX_RING_TIMEOUT_SECONDS,
    silentPhoneMs: env.PBXX_SILENT_PHONE_SECONDS * 1000,
    trunkOptionsMs: env.PBXX_TRUNK_OPTIONS_SECONDS * 1000,
  },
  alerts: {
    packetLossPercent: env.PBXX_ALERT_PACKET_LOSS_PERCENT,
    jitterMs: env.PBXX_ALERT_JITTER_MS,
    intervalMs: env.PBXX_ALERT_INTERVAL_SECONDS * 1000,
    diskWarningPercent: env.PBXX_ALERT_DISK_WARNING_PERCENT,
    diskCriticalPercent: env.PBXX_ALERT_DISK_CRITICAL_PERCENT,
    slowWriteMs: env.PBXX_ALERT_SLOW_WRITE_MS,
    registrationsPerSecond: env.PBXX_ALERT_REGISTRATIONS_PER_SECOND,
    checkMs: env.PBXX_ALERT_CHECK_SECONDS * 1000,
  },
  numbering: {
    countryCode: env.PBXX_COUNTRY_CODE,
    areaCode: env.PBXX_AREA_CODE,
    internationalPrefix: env.PBXX_INTERNATIONAL_PREFIX,
    nationalPrefix: env.PBXX_NATIONAL_PREFIX === "none" ? "" : env.PBXX_NATIONAL_PREFIX,
    outsidePrefix: env.PBXX_OUTSIDE_PREFIX ?? "",
  },
  dataDir: env.PBXX_DATA_DIR,
  databaseUrl: env.PBXX_DATABASE_URL,
  jwt: {
    secret: env.PBXX_JWT_SECRET,
    jwksUrl: env.PBXX_JWKS_URL,
    issuer: env.PBXX_JWT_ISSUER,
    audience: env.PBXX_JWT_AUDIENCE,
  },
  admin: { email: env.PBXX_ADMIN_EMAIL, password: env.PBXX_ADMIN_PASSWORD },
  seed: env.PBXX_SEED,
  engine: env.PBXX_ENGINE,
  log: { level: env.PBXX_LOG_LEVEL, format: env.PBXX_LOG_FORMAT },
  recordings: {
    /** Undefined: for ever. */
    keepMs: env.PBXX_RECORDINGS_KEEP_DAYS === undefined ? undefined : env.PBXX_RECORDINGS_KEEP_DAYS * 24 * 3600_000,
    minFreeBytes: env.PBXX_RECORDINGS_MIN_FREE_MB * 1024 * 1024,
    hasBeep: env.PBXX_CONFERENCE_RECORDING_BEEP === "on",
  },
  voicemail: {
    language: env.PBXX_VOICEMAIL_LANGUAGE,
    maxMs: env.PBXX_VOICEMAIL_MAX_SECONDS * 1000,
    silenceMs: env.PBXX_VOICEMAIL_SILENCE_SECONDS * 1000,
    maxMessages: env.PBXX_VOICEMAIL_MAX_MESSAGES,
    /** Undefined: for ever. */
    keepMs: env.PBXX_VOICEMAIL_KEEP_DAYS === 0 ? undefined : env.PBXX_VOICEMAIL_KEEP_DAYS * 24 * 3600_000,
  },
  webhooks: {
    networks: env.PBXX_WEBHOOK_NETWORKS ?? [],
    isLoopbackAllowed: env.PBXX_WEBHOOK_LOOPBACK === "on",
    timeoutMs: env.PBXX_WEBHOOK_TIMEOUT_SECONDS * 1000,
    maxAttempts: env.PBXX_WEBHOOK_MAX_ATTEMPTS,
    switchOffAfterMs: env.PBXX_WEBHOOK_SWITCH_OFF_HOURS * 3600_000,
  },
  provisioning: {
    server: env.PBXX_PROVISIONING_SERVER,
    transport: env.PBXX_PROVISIONING_TRANSPORT,
    isPlainAllowed: env.PBXX_PROVISIONING_PLAIN_HTTP === "everywhere",
  },
  mail:
    env.PBXX_SMTP_URL === undefined || env.PBXX_SMTP_FROM === undefined
      ? undefined
      : { url: env.PBXX_SMTP_URL, from: env.PBXX_SMTP_FROM },
  events: { keepMs: env.PBXX_EVENTS_KEEP_DAYS * 24 * 3600_000, keepCount: env.PBXX_EVENTS_KEEP_COUNT },
}));

export type Settings = z.output<typeof toSettings>;

export type SettingsParsing =
  | { readonly ok: true; readonly settings: Settings }
  /** One line for the operator; never holds a secret's value. */
  | { readonly ok: false; readonly message: string };

/** Reads the environment ([R11]). An empty value counts as unset; an unknown `PBXX_` name is an error, it is a typing error. */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): SettingsParsing {
  const table: readonly SettingDescription[] = settingsTable;
  const known = new Map(table.map((setting) => [setting.name as string, setting]));
  const unknown = Object.keys(env).find((name) => name.startsWith("PBXX_") && !known.has(name));
  if (unknown !== undefined) return { ok: false, message: `${unknown} is no setting of PBX-X; see --help` };
  const given = table.map(({ name, fallback }) => [name, env[name] === "" ? fallback : (env[name] ?? fallback)]);
  const parsed = toSettings.safeParse(Object.fromEntries(given));
  if (parsed.success) return { ok: true, settings: parsed.data };
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  const value = known.get(name)?.isSecret === true ? "(not shown)" : JSON.stringify(env[name]);
  return { ok: false, message: `${name} is wrong: ${issue?.message ?? "not usable"} (given: ${value})` };
}
