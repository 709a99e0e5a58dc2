import {
  brandId,
  type Binding,
  type BindingId,
  type EngineAddresses,
  type Scheduler,
  type TelephonyEngine,
} from "@pbx-x/telephony";
import type { Logger } from "pino";
import { createAuthenticator } from "./auth/authenticator.ts";
import { loadJwtSecret } from "./auth/jwt-keys.ts";
import { renewOnExtensionChange } from "./auth/extension-rights.ts";
import { createLoginLimiter } from "./auth/login-limiter.ts";
import { createTicketOffice } from "./auth/ticket-office.ts";
import { createTokenService } from "./auth/token-service.ts";
import { createTokenVerifier } from "./auth/token-verifier.ts";
import { CallService } from "./calls/call-service.ts";
import { LedgerKeeper } from "./calls/ledger-keeper.ts";
import { createConferenceLedger } from "./conferences/conference-ledger.ts";
import { type ConferenceBook, createConferenceBook } from "./conferences/conference-book.ts";
import { seedConferences } from "./conferences/seed-conferences.ts";
import { startConferences } from "./conferences/start-conferences.ts";
import type { Settings } from "./config/settings.ts";
import { engineConfiguration } from "./extensions/engine-configuration.ts";
import { createExtensionCommands } from "./extensions/extension-commands.ts";
import { createExtensionService } from "./extensions/extension-service.ts";
import { createExtensionSettings } from "./extensions/extension-settings.ts";
import { FeatureCodeService } from "./extensions/feature-code-service.ts";
import { createControlCommands } from "./control-commands.ts";
import { createUuidV7, type NewId } from "./ids.ts";
import { openStores } from "./open-stores.ts";
import { createMetrics } from "./observability/metrics.ts";
import { createPresence } from "./presence/create-presence.ts";
import { createPresenceCommands } from "./presence/presence-commands.ts";
import { createPresenceStore } from "./presence/presence-store.ts";
import { createParkingLots } from "./parking/parking-lots.ts";
import { ParkingService } from "./parking/parking-service.ts";
import { createPromptLibrary } from "./prompts/prompt-library.ts";
import { createPromptStore } from "./prompts/prompt-store.ts";
import { createAcdStore } from "./queues/acd-store.ts";
import { createQueueBook, type QueueBook, queuesOf } from "./queues/queue-book.ts";
import { seedQueues } from "./queues/seed-queues.ts";
import { startQueues } from "./queues/start-queues.ts";
import { Projection } from "./realtime/projection.ts";
import { Realtime } from "./realtime/realtime.ts";
import { createRandomPool } from "./random-pool.ts";
import { showRegistration } from "./registrations/registration-view.ts";
import { RegistrationService } from "./registrations/registration-service.ts";
import { createRestApp } from "./rest/rest-app.ts";
import { explainParts } from "./routing/explain-parts.ts";
import { startRouting } from "./routing/start-routing.ts";
import { startRecordings } from "./recordings/start-recordings.ts";
import { createRestRoutes } from "./rest-routes.ts";
import { startingState } from "./starting-state.ts";
import { createAuditLog } from "./storage/audit-log.ts";
import { createFileBlobStore } from "./storage/blob-store.ts";
import { createCallRecords } from "./storage/call-record-store.ts";
import { createLedgerStore } from "./storage/ledger-store.ts";
import { createBindingStore, createRecordBuffer } from "./storage/record-stores.ts";
import { createMonitorCommands } from "./supervision/monitor-commands.ts";
import { MonitorService } from "./supervision/monitor-service.ts";
import { trunkConfigurations } from "./trunks/trunk-configuration.ts";
import { createTrunkService } from "./trunks/trunk-service.ts";
import { TrunkTester } from "./trunks/trunk-tester.ts";
import { seed } from "./users/seed.ts";
import { startVoicemail } from "./voicemail/start-voicemail.ts";
import { createUserStore } from "./users/user-store.ts";

export interface ServerParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly scheduler: Scheduler;
  readonly version: string;
  readonly createEngine: (newId: NewId) => Promise<TelephonyEngine>;
}

export interface RunningServer {
  readonly httpPort: number;
  readonly sip: EngineAddresses;
  /** The generated passwords, only at the very first start. */
  readonly firstStart: string | undefined;
  /** Calls that the last run had left open and that were ended now ([C4]). */
  readonly recoveredCalls: number;
  stop(): Promise<void>;
}

/** Puts the whole PBX together and starts it. */
export async function startServer({
  settings,
  logger,
  scheduler,
  version,
  createEngine,
}: ServerParts): Promise<RunningServer> {
  const now = (): number => scheduler.now();
  const newId = createUuidV7({ now, randomBytes: createRandomPool() });
  const onError = (err: unknown): void => logger.error({ err }, "something could not be stored");
  const trunkName = (trunkId: string): string | undefined => trunks.byId(trunkId)?.name;
  const { db, log, publish, alerts } = await openStores({ settings, scheduler, newId, onError, trunkName });
  const onWrite = alerts.onDatabaseWrite;
  const extensions = await createExtensionService({ db, realm: settings.sip.realm, now, publish });
  const trunks = await createTrunkService({ db, now, publish });
  const users = createUserStore(db, now);
  const { dataDir, admin } = settings;
  const firstStart = await seed({ kind: settings.seed, dataDir, admin, users, extensions, trunks, newId });
  const lots = await createParkingLots({
    db,
    newId,
    now,
    extensionNumbers: () => extensions.all().map(({ number }) => number),
  });

  const isSeeded = firstStart !== undefined && settings.seed === "demo";
  const isTaken = (number: string): boolean =>
    [extensions, rooms, queueBook].some((numbers) => numbers.byNumber(number) !== undefined) || lots.isSlot(number);
  const rooms: ConferenceBook = await createConferenceBook({ db, now, isTaken });
  const queueBook: QueueBook = await createQueueBook({ db, now, isTaken });
  if (isSeeded) await seedConferences({ rooms, extensions, newId });
  if (isSeeded) await seedQueues({ queues: queueBook, extensions, newId });

  const records = createRecordBuffer({ db, scheduler, onError, onWrite });
  const parts = [createConferenceLedger()];
  const ledger = new LedgerKeeper({ log, store: createLedgerStore(db, records), scheduler, onError, parts });
  const recoveredCalls = await ledger.start();

  const audit = createAuditLog(db, { now, newId, onError });
  const plan = settings.numbering;
  const outside = await startRouting({ db, trunks, extensions, users, audit, plan, now, publish, logger });
  const engine = await createEngine(newId);
  const registrations = new RegistrationService({
    engine,
    log,
    extensions,
    store: createBindingStore({ db, scheduler, onError, onWrite }),
    onStoreError: onError,
  });
  const blobs = createFileBlobStore(settings.dataDir);
  const prompts = await createPromptLibrary({ store: createPromptStore(db), blobs, engine, extensions, newId, now });
  const bindingsOf = (extensionId: string): readonly Binding[] => registrations.bindingsOf(extensionId);
  const calls = new CallService({
    engine,
    log,
    extensions,
    bindingsOf,
    numbers: {
      conferenceByNumber: (number) => (engine.capabilities.conferencing ? rooms.byNumber(number) : undefined),
      // A call stays where it is parked when its lot is changed.
      queueByNumber: (number) => queueBook.byNumber(number),
      isParkingSlot: (number) => lots.isSlot(number) || calls.registry.inSlot(number) !== undefined,
    },
    outside,
    holdMusicFile: (extensionId) => prompts.musicOf(extensionId),
    scheduler,
    newId,
    logger,
    limits: { ringTimeoutMs: settings.sip.ringTimeoutSeconds * 1000, maximumDurationMs: 4 * 3600_000 },
  });
  const recordings = await startRecordings({
    db,
    blobs,
    log,
    engine,
    calls,
    extensions,
    audit,
    scheduler,
    settings: settings.recordings,
    onError,
  });
  if (recordings.recovered > 0)
    logger.warn({ recordings: recordings.recovered }, "recordings of the last run were ended");
  const voicemail = await startVoicemail({
    db,
    blobs,
    log,
    calls,
    extensions,
    scheduler,
    settings: { ...settings.voicemail, minFreeBytes: settings.recordings.minFreeBytes },
    onError,
  });
  const settingChanges = createExtensionSettings({ extensions, audit, route: (dialled) => calls.route(dialled) });
  const featureCodes = new FeatureCodeService({
    settings: settingChanges,
    agents: (extension, action) => queues.dialled(extension, action),
    perform: (operation) => engine.perform(operation),
    scheduler,
    newId,
    onError,
  });
  calls.services.add("feature_code", (offered, { code }) => void featureCodes.offered(offered, code));
  const monitors = new MonitorService({ engine, calls });
  const parking = new ParkingService({ calls, lots: () => lots.all() });
  const conferences = startConferences({ calls, rooms, extensions, publish, scheduler, audit });
  const queues = await startQueues({
    calls,
    queues: queueBook,
    extensions,
    bindingsOf,
    publish,
    scheduler,
    random: Math.random,
    log,
    store: createAcdStore(db),
    onError,
    watchers: () => realtime,
  });
  const callCommands = {
    ...createControlCommands({ calls, parking, extensions, bindingsOf, audit }),
    ...createMonitorCommands({ calls, monitors, extensions, bindingsOf, audit, scheduler }),
  };

  const secret = await loadJwtSecret(settings.dataDir, settings.jwt.secret);
  const { jwksUrl, issuer, audience } = settings.jwt;
  const verify = createTokenVerifier({ secret, jwksUrl, issuer, audience, now });
  const ofUser = queuesOf(queueBook, extensions);
  const authenticator = createAuthenticator({ verify, users, extensions, now, queuesOf: ofUser });
  const limitLogin = createLoginLimiter({ now });
  const tickets = createTicketOffice({ now });
  authenticator.onRevoked(({ userId }) => tickets.cancel(userId));
  authenticator.onRevoked(({ userId, kind }) => {
    if (kind === "ended") monitors.stopOf(userId);
  });
  renewOnExtensionChange(extensions, authenticator);
  const tokens = createTokenService({ db, secret, issuer, audience, now });

  const presenceStore = createPresenceStore({ db, scheduler, onError });
  const presence = createPresence({
    engine,
    log,
    extensions,
    calls,
    lots,
    isRegistered: (extensionId) => registrations.bindingsOf(extensionId).length > 0,
    hasSession: (userId) => realtime.hasUser(userId),
    onRevoked: (listener) => authenticator.onRevoked(listener),
    store: presenceStore,
    logger,
    onError,
  });

  const projection = new Projection();
  const metrics = createMetrics({
    log,
    activeCalls: () => calls.registry.size,
    extensions: () => extensions.all().length,
    registrations: () => registrations.all().length,
    sockets: () => realtime.connections(),
    engine: () => engine.usage(),
    version,
  });
  const realtime = new Realtime({
    log,
    authenticator,
    handlers: metrics.timed({
      ...callCommands,
      ...queues.commands,
      ...recordings.commands,
      ...voicemail.commands,
      ...conferences.commands,
      ...createExtensionCommands({ settings: settingChanges }),
      ...createPresenceCommands({ presence: presence.service }),
    }),
    scheduler,
    newId,
    serverVersion: version,
    limits: { heartbeatTimeoutMs: settings.socket.timeoutMs },
    compression: settings.socket.compression,
    logger,
    projection,
    numberOf: (extensionId) => extensions.byId(extensionId)?.number,
    onUserChanged: (userId) => presence.service.refreshUser(userId),
  });

  const tester = new TrunkTester({ engine, scheduler, newId });
  engine.subscribe((event) => {
    if (event.type === "sourceBlocked") {
      metrics.countBlockedSource();
      logger.warn(event, "a source is blocked: too many wrong passwords or unknown users");
    }
    if (event.type === "engineLost") logger.error(event, "the engine lost all its calls");
    if (event.type === "engineRecovered") logger.info("the engine works again");
    registrations.onTelephony(event);
    trunks.onTelephony(event);
    tester.onTelephony(event);
    alerts.onTelephony(event);
    conferences.service.onTelephony(event);
    calls.onTelephony(event);
    queues.onTelephony(event);
    recordings.service.onTelephony(event);
    voicemail.onTelephony(event);
    featureCodes.onTelephony(event);
    monitors.onTelephony(event);
    presence.onTelephony(event);
  });
  const configure = async (): Promise<void> => {
    const configuration = engineConfiguration(settings.sip.realm, extensions, trunkConfigurations(trunks));
    const outcome = await engine.perform({ op: "applyConfiguration", configuration });
    if (!outcome.ok) logger.error(outcome, "the engine did not take its configuration");
  };
  // Before the start, so that no phone is refused in the first moment.
  await configure();
  await presence.load();
  const sip = await engine.start();
  extensions.onChanged(() => void configure());
  trunks.onChanged(() => void configure());
  await registrations.restore();
  presence.service.refreshAll();
  queues.restore();
  const presenceOf = (extensionId: string) => presence.service.of(extensionId);
  const counts = await voicemail.store.allCounts();
  projection.seed(startingState(extensions, registrations.all(), presenceOf, trunks, counts, now()), log.head());
  projection.seed(queues.startingState(), log.head());

  const startedAt = new Date(now()).toISOString();
  let isReady = false;
  const rest = await createRestApp({
    authenticator,
    tickets,
    requestsPerMinute: settings.http.requestsPerMinute,
    isReady: () => isReady,
    version,
    details: () => ({ engine: settings.engine, sip, startedAt, epoch: log.epoch, seq: log.head() }),
    logger,
    metrics,
    metricsToken: settings.http.metricsToken,
    routes: createRestRoutes({
      users,
      extensions,
      trunks,
      tester,
      callsOver: (trunkId) => [...projection.tables.calls.values()].filter(({ trunk }) => trunk?.id === trunkId).length,
      settings: settingChanges,
      prompts,
      tokens,
      tickets,
      authenticator,
      limitLogin,
      limitTries: limitLogin,
      audit,
      newId,
      registrations: {
        idsOf: (extensionId) => registrations.bindingsOf(extensionId).map(({ bindingId }) => bindingId),
        list: (extensionId) => registrations.bindingsOf(extensionId).map(showRegistration),
        forceUnregister: (bindingId) => registrations.forceUnregister(brandId<BindingId>(bindingId)),
      },
      log,
      projection,
      tables: () => projection.tables,
      records: createCallRecords(db, () => records.flush()),
      commands: callCommands,
      rooms,
      conferences: conferences.service,
      conferenceCommands: conferences.commands,
      presence: presence.service,
      recordings: recordings.store,
      recordingsWritten: () => recordings.service.written(),
      recordingCommands: recordings.commands,
      ...voicemail.rest,
      blobs,
      now,
      lots,
      queues: queueBook,
      ...queues.rest,
      rules: outside.rules,
      rulesWith: (trunkId) => outside.rules.usersOf(trunkId),
      explain: explainParts(calls, outside, bindingsOf),
      alerts: alerts.desk,
    }),
  });
  rest.server.on("upgrade", (request, socket, head) => {
    if (!realtime.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await rest.listen({ host: settings.http.host, port: settings.http.port });
  const address = rest.server.address();
  isReady = true;
  alerts.start();

  return {
    httpPort: typeof address === "object" && address !== null ? address.port : settings.http.port,
    sip,
    firstStart,
    recoveredCalls,
    stop: async () => {
      isReady = false;
      await engine.stop();
      alerts.stop();
      await recordings.stop();
      await voicemail.stop();
      await realtime.shutdown();
      await rest.close();
      await ledger.stop();
      await queues.stop();
      await registrations.stop();
      await presenceStore.flush();
      await log.close();
      await db.destroy();
    },
  };
}
