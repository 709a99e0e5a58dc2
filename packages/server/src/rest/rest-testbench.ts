import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeEngine, createManualScheduler } from "@pbx-x/telephony/fake";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { AlertDesk } from "../alerts/alert-desk.ts";
import { type AnnouncementBook, createAnnouncementBook } from "../announcements/announcement-book.ts";
import { createAuthenticator } from "../auth/authenticator.ts";
import type { Revocation } from "../auth/identity.ts";
import { renewOnExtensionChange } from "../auth/extension-rights.ts";
import { createLoginLimiter } from "../auth/login-limiter.ts";
import { createTicketOffice } from "../auth/ticket-office.ts";
import { createTokenService } from "../auth/token-service.ts";
import { createTokenVerifier } from "../auth/token-verifier.ts";
import { createCallCommands } from "../calls/call-commands.ts";
import type { CallRecord } from "../calls/call-ledger.ts";
import { CallService } from "../calls/call-service.ts";
import { createConferenceBook } from "../conferences/conference-book.ts";
import { startConferences } from "../conferences/start-conferences.ts";
import { seedConferences } from "../conferences/seed-conferences.ts";
import { createMemoryEventLog } from "../event-log/memory-event-log.ts";
import type { EventLog, NewEvent } from "../event-log/event-log.ts";
import { createExtensionService } from "../extensions/extension-service.ts";
import { createExtensionSettings } from "../extensions/extension-settings.ts";
import { createLogger } from "../observability/logger.ts";
import { createAcdStore } from "../queues/acd-store.ts";
import { createQueueBook } from "../queues/queue-book.ts";
import { seedQueues } from "../queues/seed-queues.ts";
import { startQueues } from "../queues/start-queues.ts";
import { createMetrics } from "../observability/metrics.ts";
import { createPresence } from "../presence/create-presence.ts";
import { createPresenceStore } from "../presence/presence-store.ts";
import { createParkingCommands } from "../parking/parking-commands.ts";
import { createParkingLots } from "../parking/parking-lots.ts";
import { ParkingService } from "../parking/parking-service.ts";
import { createPromptLibrary } from "../prompts/prompt-library.ts";
import { createPromptStore } from "../prompts/prompt-store.ts";
import { OriginateLimit } from "../realtime/originate-limit.ts";
import { Projection } from "../realtime/projection.ts";
import { type Provisioning, startProvisioning } from "../provisioning/start-provisioning.ts";
import { startVoicemail, type Voicemail } from "../voicemail/start-voicemail.ts";
import { voicemailDefaults } from "../voicemail/voicemail-testbench.ts";
import { type Recordings, startRecordings } from "../recordings/start-recordings.ts";
import { explainParts } from "../routing/explain-parts.ts";
import { startRouting } from "../routing/start-routing.ts";
import { createRestRoutes } from "../rest-routes.ts";
import { createMonitorCommands } from "../supervision/monitor-commands.ts";
import { MonitorService } from "../supervision/monitor-service.ts";
import { createAuditLog } from "../storage/audit-log.ts";
import { type BlobStore, createFileBlobStore } from "../storage/blob-store.ts";
import { type Database, openDatabase } from "../storage/open-database.ts";
import { seed } from "../users/seed.ts";
import { createTrunkService } from "../trunks/trunk-service.ts";
import { createUserStore } from "../users/user-store.ts";
import { startWebhooks, type Webhooks } from "../webhooks/start-webhooks.ts";
import { webhookDefaults } from "../webhooks/webhook-testbench.ts";
import { createRestApp } from "./rest-app.ts";

/** The REST interface with its real database, without engine and socket. */
export interface RestTestbench {
  readonly dir: string;
  readonly app: FastifyInstance;
  readonly firstStart: string;
  readonly published: NewEvent[];
  readonly revoked: Revocation[];
  readonly unregistered: string[];
  /** Everything that was logged. */
  readonly logged: () => string;
  readonly clock: { ms: number };
  /** What the state and the missed events are read from. */
  readonly log: EventLog;
  /** What the list of past calls is read from. */
  readonly past: CallRecord[];
  /** Registered routes below `/api/v1`, as in `GET /api/v1/users/:id`. */
  readonly routes: readonly string[];
  login(email: string, password: string): Promise<LightMyRequestResponse>;
  tokenOf(email: string, password?: string): Promise<string>;
  /** As the administrator, unless another token is given. */
  ask(url: string, options?: InjectOptions, token?: string): Promise<LightMyRequestResponse>;
  passwordOf(who: string): string;
  readonly blobs: BlobStore;
  readonly recordings: Recordings;
  readonly desk: AlertDesk;
  readonly voicemail: Voicemail;
  readonly webhooks: Webhooks;
  readonly announcements: AnnouncementBook;
  readonly db: Database;
  readonly provisioning: Provisioning;
  stop(): Promise<void>;
}

export const adminEmail = "admin@pbx-x.example";

export async function createRestTestbench(): Promise<RestTestbench> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-rest-"));
  const db = await openDatabase(join(dir, "pbx-x.sqlite"));
  const clock = { ms: 1_700_000_000_000 };
  const now = (): number => clock.ms;
  const newId = (): string => crypto.randomUUID();
  const secret = "a-secret-for-this-test-that-is-long-enough";
  const published: NewEvent[] = [];
  const revoked: Revocation[] = [];
  const unregistered: string[] = [];
  let logText = "";
  const logger = await createLogger({ level: "trace", format: "json" }, { write: (line) => (logText += line) });
  const users = createUserStore(db, now);
  const publish = (events: readonly NewEvent[]): number => published.push(...events);
  const extensions = await createExtensionService({ db, realm: "pbx-x", now, publish });
  const trunks = await createTrunkService({ db, now, publish });
  const admin = { email: adminEmail, password: "admin-password" };
  const firstStart = (await seed({ kind: "demo", dataDir: dir, admin, users, extensions, trunks, newId })) ?? "";
  const authenticator = createAuthenticator({ verify: createTokenVerifier({ secret, now }), users, extensions, now });
  authenticator.onRevoked((revocation) => revoked.push(revocation));
  const limitLogin = createLoginLimiter({ now });
  const tickets = createTicketOffice({ now });
  authenticator.onRevoked(({ userId }) => tickets.cancel(userId));
  renewOnExtensionChange(extensions, authenticator);
  const tokens = createTokenService({ db, secret, now });
  const onError = (error: unknown): void => {
    throw error;
  };
  const audit = createAuditLog(db, { now, newId, onError });
  const routes: string[] = [];
  const past: CallRecord[] = [];
  const log = createMemoryEventLog({ newId, now });
  const projection = new Projection();
  log.onCommitted((batch) => {
    for (const event of batch) projection.fold(event);
  });
  const scheduler = createManualScheduler();
  const engine = createFakeEngine({ scheduler, newId });
  const bindingsOf = () => [];
  const extensionNumbers = () => extensions.all().map(({ number }) => number);
  const lots = await createParkingLots({ db, newId, now, extensionNumbers });
  const plan = { countryCode: "49", areaCode: "30", internationalPrefix: "00", nationalPrefix: "0", outsidePrefix: "" };
  const rooms = await createConferenceBook({
    db,
    now,
    isTaken: (number) => extensions.byNumber(number) !== undefined || lots.isSlot(number),
  });
  const queues = await createQueueBook({ db, now, isTaken: (number) => extensions.byNumber(number) !== undefined });
  const outside = await startRouting({
    db,
    trunks,
    extensions,
    queues,
    rooms,
    users,
    audit,
    plan,
    now,
    publish,
    logger,
  });
  const calls = new CallService({ engine, log, extensions, bindingsOf, outside, scheduler, newId, logger });
  const blobs = createFileBlobStore(dir);
  const announcements = await createAnnouncementBook({ db, blobs, engine, newId, now });
  const prompts = await createPromptLibrary({ store: createPromptStore(db), blobs, engine, extensions, newId, now });
  const kept = { keepMs: undefined, minFreeBytes: 0, hasBeep: true };
  const parts = { db, blobs, log, engine, calls, extensions, audit, scheduler, settings: kept, onError };
  const recordings = await startRecordings({ ...parts, publish, conferences: () => conferences.service });
  const desk = new AlertDesk({ scheduler, newId, publish, intervalMs: 60_000 });
  const mail = { settings: undefined, users, alertDesk: desk, logger };
  const voicemail = await startVoicemail({ ...parts, settings: { ...voicemailDefaults, keepMs: undefined }, mail });
  const presence = createPresence({
    engine,
    log,
    extensions,
    calls,
    lots,
    mailboxes: voicemail.states,
    isRegistered: () => false,
    hasSession: () => false,
    onRevoked: (listener) => authenticator.onRevoked(listener),
    store: createPresenceStore({ db, scheduler, onError }),
    logger,
    onError,
  });
  await presence.load();
  await seedConferences({ rooms, extensions, newId });
  const conferences = startConferences({
    calls,
    rooms,
    extensions,
    publish,
    scheduler,
    audit,
    recordings: recordings.rooms,
    watchers: () => ({ hasFollower: () => false, tell: () => undefined }),
  });
  const parking = new ParkingService({ calls, lots: () => lots.all() });
  const monitors = new MonitorService({ engine, calls });
  await seedQueues({ queues, extensions, newId });
  const acd = await startQueues({
    calls,
    queues,
    extensions,
    bindingsOf,
    publish,
    scheduler,
    log,
    onError,
    random: () => 0,
    store: createAcdStore(db),
    watchers: () => ({ hasFollower: () => false, tell: () => undefined }),
  });
  const metrics = createMetrics({
    log,
    activeCalls: () => 3,
    extensions: () => extensions.all().length,
    registrations: () => 2,
    sockets: () => ({ connections: 5, sessions: 6, waitingBytes: 7 }),
    engine: () => engine.usage(),
    version: "0.1.0",
  });
  const webhooks = await startWebhooks({
    ...parts,
    scheduler: { ...scheduler, now },
    newId,
    alerts: { desk },
    registry: metrics.registry,
    random: () => 0,
    randomBytes: (size) => Buffer.alloc(size, crypto.randomUUID()),
    settings: webhookDefaults,
    version: "0.1.0",
  });
  const provisioning = await startProvisioning({
    db,
    extensions,
    audit,
    now,
    realm: "pbx-x",
    settings: { server: undefined, transport: "tls", isPlainAllowed: false },
    sip: () => ({ host: "127.0.0.1", udp: 5060, tcp: 5060, tls: 5061 }),
    isCertificateChecked: async () => false,
  });
  const originates = new OriginateLimit({ perMinute: 30, now });
  const app = await createRestApp({
    authenticator,
    tickets,
    requestsPerMinute: 1000,
    isReady: () => true,
    version: "0.1.0",
    details: () => ({
      engine: "fake",
      sip: { host: "127.0.0.1", udp: 5060, tcp: 5060 },
      startedAt: new Date(clock.ms).toISOString(),
      epoch: log.epoch,
      seq: log.head(),
    }),
    metricsToken: "a-token-for-figures-only",
    logger,
    metrics,
    routesBeside: [provisioning.routes],
    routes: [
      (api) =>
        api.addHook("onRoute", ({ method, url }) => {
          for (const one of [method].flat()) routes.push(`${one} ${url}`);
        }),
      ...createRestRoutes({
        users,
        extensions,
        trunks,
        callsOver: () => 0,
        tester: {
          test: async () => ({
            ok: true,
            steps: [{ step: "resolve", isOk: false, detail: "no address", durationMs: 3 }],
          }),
        },
        prompts,
        announcements,
        settings: createExtensionSettings({ extensions, audit, route: (dialled) => calls.route(dialled) }),
        tokens,
        tickets,
        authenticator,
        limitLogin,
        limitTries: limitLogin,
        audit,
        newId,
        registrations: {
          list: () => [],
          idsOf: (id) => (id === extensions.byNumber("201")?.id ? ["known"] : []),
          forceUnregister: async (id) => {
            if (id === "known") unregistered.push(id);
            return id === "known";
          },
        },
        log,
        projection,
        tables: () => projection.tables,
        records: {
          find: async (callId) => past.find((record) => record.callId === callId),
          list: async () => ({ records: past, total: past.length }),
        },
        presence: presence.service,
        recordings: recordings.store,
        recordingsWritten: () => recordings.service.written(),
        recordingCommands: recordings.commands,
        ...voicemail.rest,
        blobs,
        now,
        limitOriginate: (userId) => originates.take(userId),
        commands: {
          ...createCallCommands({ calls, extensions, bindingsOf }),
          ...createParkingCommands({ calls, parking, extensions, bindingsOf }),
          ...createMonitorCommands({ calls, monitors, extensions, bindingsOf, audit, scheduler }),
        },
        lots,
        queues,
        rooms,
        conferences: conferences.service,
        conferenceCommands: conferences.commands,
        ...acd.rest,
        rules: outside.rules,
        rulesWith: (trunkId) => outside.rules.usersOf(trunkId),
        explain: explainParts(calls, outside, bindingsOf),
        alerts: desk,
        ...webhooks.rest,
        ...provisioning.rest,
      }),
    ],
  });
  const login = (email: string, password: string) =>
    app.inject({ method: "POST", url: "/api/v1/auth/login", payload: { email, password } });
  const passwordOf = (who: string): string => new RegExp(`^${who}  (\\S+)$`, "m").exec(firstStart)?.[1] ?? "";
  const tokenOf = async (email: string, password = passwordOf(email)): Promise<string> =>
    (await login(email, password)).json<{ tokens: { accessToken: string } }>().tokens.accessToken;
  const adminToken = await tokenOf(adminEmail, "admin-password");
  return {
    dir,
    app,
    firstStart,
    published,
    revoked,
    unregistered,
    logged: () => logText,
    clock,
    log,
    past,
    blobs,
    recordings,
    desk,
    voicemail,
    webhooks,
    announcements,
    db,
    provisioning,
    routes,
    login,
    tokenOf,
    ask: (url, options = {}, token = adminToken) =>
      app.inject({
        url: `/api/v1${url}`,
        ...options,
        headers: { authorization: `Bearer ${token}`, ...options.headers },
      }),
    passwordOf,
    stop: async () => {
      await app.close();
      await webhooks.stop();
      await db.destroy();
      await rm(dir, { recursive: true });
    },
  };
}
