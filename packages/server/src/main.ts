import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { createEmbeddedEngine } from "@pbx-x/engine-embedded";
import { printBanner } from "./banner.ts";
import { parseSettings, type Settings } from "./config/settings.ts";
import { printHelp } from "./config/settings-table.ts";
import { createLogger } from "./observability/logger.ts";
import { createRandomPool } from "./random-pool.ts";
import { startServer } from "./server.ts";
import { systemScheduler } from "./system-scheduler.ts";
import { loadTlsCertificate } from "./tls/tls-certificate.ts";
import { version } from "./version.ts";

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  console.log(printHelp());
  process.exit(0);
}
const parsed = parseSettings(process.env);
if (!parsed.ok) fail(parsed.message);
const { settings } = parsed;
if (settings.engine === "asterisk") fail('PBXX_ENGINE: "asterisk" is not part of this version yet; use "embedded"');
if (settings.databaseUrl !== undefined)
  fail("PBXX_DATABASE_URL: PostgreSQL is not part of this version yet; leave it unset");

const digests = { md5: ["MD5"], both: ["MD5", "SHA-256"], sha256: ["SHA-256"] } as const;
const random = createRandomPool();
const logger = await createLogger(settings.log);

try {
  const server = await startServer({
    settings,
    logger,
    scheduler: systemScheduler,
    version,
    createEngine: async (newId) => {
      const { sip } = settings;
      const address = sip.externalAddress ?? shownAddress(settings);
      return createEmbeddedEngine({
        host: sip.host,
        externalAddress: address,
        udpPort: sip.port,
        tcpPort: sip.port,
        tlsPort: sip.tlsPort,
        ...(sip.wsPort !== undefined && { wsPort: sip.wsPort }),
        ...(sip.wssPort !== undefined && { wssPort: sip.wssPort }),
        tls: await loadTlsCertificate({
          dir: join(settings.dataDir, "tls"),
          hosts: [address],
          nowMs: systemScheduler.now(),
        }),
        rtpPorts: sip.rtpPorts,
        registration: { minExpires: sip.minExpires },
        limits: { silentMs: sip.silentPhoneMs },
        trunks: { probeEveryMs: sip.trunkOptionsMs },
        scheduler: systemScheduler,
        newId,
        randomText: () => random(9).toString("base64url").replaceAll(/[-_]/g, "x"),
        nonceSecret: randomBytes(32),
        digestAlgorithms: digests[sip.digest],
        logger,
        userAgent: `PBX-X/${version}`,
      });
    },
  });
  announce(server, settings);
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      logger.info({ signal }, "stopping");
      void server.stop().then(
        () => process.exit(0),
        (err: unknown) => {
          logger.error({ err }, "the stop was not clean");
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  fail(reasonOf(error));
}

function announce(server: Awaited<ReturnType<typeof startServer>>, { log, dataDir, seed, admin }: Settings): void {
  const { httpPort, sip, firstStart, recoveredCalls } = server;
  if (recoveredCalls > 0) logger.warn({ recoveredCalls }, "calls of the last run were ended: server_restart");
  if (log.format === "json") {
    const { host: _host, ...ports } = sip;
    const ready = { ready: true, http: httpPort, sip: ports };
    console.log(JSON.stringify(ready));
    return;
  }
  const isFirst = firstStart !== undefined;
  const places = { address: shownAddress(settings), httpPort, sip, dataDir };
  console.log(printBanner({ ...places, isFirst, hasDemo: seed === "demo", adminEmail: admin.email, version }));
}

/** The address that people and phones would use, where the server listens on all. */
function shownAddress({ sip }: Settings): string {
  if (sip.host !== "0.0.0.0" && sip.host !== "::") return sip.host;
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  return outside?.address ?? "127.0.0.1";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isTaken = "code" in error && error.code === "EADDRINUSE";
  if (isTaken)
    return `${error.message}: another program has this port; choose another by PBXX_HTTP_PORT, PBXX_SIP_PORT, PBXX_SIP_TLS_PORT, PBXX_SIP_WS_PORT or PBXX_SIP_WSS_PORT`;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function fail(message: string): never {
  console.error(`pbx-x: ${message}`);
  process.exit(1);
}
