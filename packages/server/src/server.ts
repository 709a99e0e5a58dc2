import { join } from "node:path";
import type { Duplex } from "node:stream";
import { brandId, type BindingId, type EngineAddresses, type Scheduler, type TelephonyEngine } from "@pbx-x/telephony";
import type { Logger } from "pino";
import { startAuth } from "./auth/start-auth.ts";
import { LedgerKeeper } from "./calls/ledger-keeper.ts";
import { createConferenceLedger } from "./conferences/conference-ledger.ts";
import type { Settings } from "./config/settings.ts";
import { readConsole } from "./console/console-files.ts";
import { concernsEngine, engineConfiguration } from "./extensions/engine-configuration.ts";
import { createUuidV7, type NewId } from "./ids.ts";
import { openDirectory } from "./open-directory.ts";
import { openStores } from "./open-stores.ts";
import { createMetrics } from "./observability/metrics.ts";
import { createPresence } from "./presence/create-presence.ts";
import { createPresenceCommands } from "./presence/presence-commands.ts";
import { createPresenceStore } from "./presence/presence-store.ts";
import { startProvisioning } from "./provisioning/start-provisioning.ts";
import { Projection } from "./realtime/projection.ts";
import { Realtime } from "./realtime/realtime.ts";
import { startSocketIo } from "./realtime/socket-io/socket-io-server.ts";
import { createRandomPool } from "./random-pool.ts";
import { showRegistration } from "./registrations/registration-view.ts";
import { createRestApp } from "./rest/rest-app.ts";
import { explainParts } from "./routing/explain-parts.ts";
import { startRouting } from "./routing/start-routing.ts";
import { createRestRoutes } from "./rest-routes.ts";
import { startFeatures } from "./start-features.ts";
import { startTelephony } from "./start-telephony.ts";
import { startingState } from "./starting-state.ts";
import { createAuditLog } from "./storage/audit-log.ts";
import { createCallRecords } from "./storage/call-record-store.ts";
import { createLedgerStore } from "./storage/ledger-store.ts";
import { createRecordBuffer } from "./storage/record-stores.ts";
import { isCheckable } from "./tls/tls-certificate.ts";
import { trunkConfigurations } from "./trunks/trunk-configuration.ts";
import { TrunkTester } from "./trunks/trunk-tester.ts";
import { startWebhooks } from "./webhooks/start-webhooks.ts";

/** So long clients have at a stop to take what they were sent last. */
const closingMs = 2000;

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
  const randomBytes = createRandomPool();
  const newId = createUuidV7({ now, randomBytes });
  const onError = (err: unknown): void => logger.error({ err }, "something could not be stored");
  const trunkName = (trunkId: string): string | undefined => directory.trunks.byId(trunkId)?.name;
  const stores = await openStores({ settings, scheduler, newId, onError, trunkName });
  const { db, log, publish, alerts } = stores;
  const directory = await openDirectory({ settings, db, now, newId, publish });
  const { extensions, trunks, users, lots, rooms, firstStart } = directory;

  const records = createRecordBuffer({ db, scheduler, onError, onWrite: alerts.onDatabaseWrite });
  const parts = [createConferenceLedger()];
  const ledger = new LedgerKeeper({ log, store: createLedgerStore(db, records), scheduler, onError, parts });
  const recoveredCalls = await ledger.start();

  const audit = createAuditLog(db, { now, newId, onError });
  const plan = settings.numbering;
  const outside = await startRouting({ ...directory, db, audit, plan, now, publish, logger });
  const common = { settings, stores, directory, scheduler, newId, logger, onError };
  const telephony = await startTelephony({ ...common, engine: await createEngine(newId), outside });
  const { engine, registrations, blobs, announcements, prompts, bindingsOf, calls } = telephony;
  const features = await startFeatures({ ...common, telephony, audit, watchers: () => realtime });
  const { recordings, voicemail, conferences, queues, extensionSettings, callCommands } = features;

  const auth = await startAuth({ settings, db, users, extensions, queues: directory.queues, now, logger });
  const { authenticator } = auth;
  authenticator.onRevoked(({ userId, kind }) => {
    if (kind === "ended") features.monitors.stopOf(userId);
  });

  const provisioning = await startProvisioning({
    ...directory,
    db,
    audit,
    now,
    realm: settings.sip.realm,
    settings: settings.provisioning,
    sip: () => sip,
    isCertificateChecked: () => isCheckable(join(settings.dataDir, "tls")),
  });

  const presenceStore = createPresenceStore({ db, scheduler, onError });
  const presence = createPresence({
    engine,
    log,
    extensions,
    calls,
    lots,
    mailboxes: voicemail.states,
    isRegistered: (extensionId) => bindingsOf(extensionId).length > 0,
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
      ...features.commands,
      ...createPresenceCommands({ presence: presence.service }),
    }),
    scheduler,
    newId,
    serverVersion: version,
    limits: {
      heartbeatTimeoutMs: settings.socket.timeoutMs,
      resumeMs: settings.socket.resumeMs,
      maxReplay: settings.socket.maxReplay,
    },
    compression: settings.socket.compression,
    logger,
    projection,
    numberOf: (extensionId) => extensions.byId(extensionId)?.number,
    onUserChanged: (userId) => presence.service.refreshUser(userId),
  });

  const { registry } = metrics;
  const random = { random: Math.random, randomBytes };
  const webhooks = await startWebhooks({
    ...common,
    ...stores,
    ...random,
    registry,
    settings: settings.webhooks,
    version,
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
    features.onTelephony(event);
    presence.onTelephony(event);
  });
  const configure = async (): Promise<void> => {
    const [realm, secrets] = [settings.sip.realm, provisioning.secrets()];
    const configuration = engineConfiguration(realm, extensions, trunkConfigurations(trunks), secrets);
    const outcome = await engine.perform({ op: "applyConfiguration", configuration });
    if (!outcome.ok) logger.error(outcome, "the engine did not take its configuration");
  };
  // Before the start, so that no phone is refused in the first moment.
  await configure();
  await presence.load();
  const sip = await engine.start();
  extensions.onChanged((change) => {
    if (concernsEngine(change)) void configure();
  });
  trunks.onChanged(() => void configure());
  provisioning.devices.onSecretsChanged(() => void configure());
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
    tickets: auth.tickets,
    requestsPerMinute: settings.http.requestsPerMinute,
    isReady: () => isReady,
    version,
    details: () => ({ engine: settings.engine, sip, startedAt, epoch: log.epoch, seq: log.head() }),
    logger,
    metrics,
    metricsToken: settings.http.metricsToken,
    consoleFiles: await readConsole(),
    routesBeside: [provisioning.routes],
    routes: createRestRoutes({
      users,
      extensions,
      trunks,
      tester,
      callsOver: (trunkId) => [...projection.tables.calls.values()].filter(({ trunk }) => trunk?.id === trunkId).length,
      settings: extensionSettings,
      announcements,
      prompts,
      ...auth,
      limitTries: auth.limitLogin,
      audit,
      newId,
      registrations: {
        idsOf: (extensionId) => bindingsOf(extensionId).map(({ bindingId }) => bindingId),
        list: (extensionId) => bindingsOf(extensionId).map(showRegistration),
        forceUnregister: (bindingId) => registrations.forceUnregister(brandId<BindingId>(bindingId)),
      },
      log,
      projection,
      tables: () => projection.tables,
      records: createCallRecords(db, () => records.flush()),
      commands: callCommands,
      limitOriginate: (userId) => realtime.limitOriginate(userId),
      rooms,
      conferences: conferences.service,
      conferenceCommands: conferences.commands,
      presence: presence.service,
      recordings: recordings.store,
      recordingsWritten: () => recordings.written(),
      recordingCommands: recordings.commands,
      ...voicemail.rest,
      blobs,
      now,
      lots,
      queues: directory.queues,
      ...queues.rest,
      rules: outside.rules,
      rulesWith: (trunkId) => outside.rules.usersOf(trunkId),
      explain: explainParts(calls, outside, bindingsOf),
      alerts: alerts.desk,
      ...webhooks.rest,
      ...provisioning.rest,
    }),
  });
  const socketIo = startSocketIo({ http: rest.server, realtime, authenticator, newId });
  rest.server.on("upgrade", (request, socket, head) => {
    if (!realtime.handleUpgrade(request, socket, head) && !socketIo.owns(request)) socket.destroy();
  });
  const upgraded = new Set<Duplex>();
  rest.server.on("upgrade", (_request, socket) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
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
      socketIo.stop();
      // Who neither reads nor answers the farewell would else hold up the end: a laptop asleep, a player that pauses.
      const cancelClosing = scheduler.after(closingMs, () => {
        for (const socket of upgraded) socket.destroy();
        rest.server.closeAllConnections();
      });
      await rest.close();
      cancelClosing();
      await webhooks.stop();
      await ledger.stop();
      await queues.stop();
      await registrations.stop();
      await presenceStore.flush();
      await log.close();
      await db.destroy();
    },
  };
}
