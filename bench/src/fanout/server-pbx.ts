import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permissionsByRole } from "@pbx-x/protocol";
import {
  createRandomPool,
  createSqliteEventLog,
  createUuidV7,
  type NewEvent,
  Projection,
  Realtime,
  systemScheduler,
} from "@pbx-x/server";
import { serveParent } from "../child.ts";
import { eventData } from "./payload.ts";

// PBX-X's own interface: every event is committed to the log on disk before it is sent, as in the product.

const dir = mkdtempSync(join(tmpdir(), "pbx-x-fanout-"));
process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
const now = (): number => systemScheduler.now();
const newId = createUuidV7({ now, randomBytes: createRandomPool() });
const log = await createSqliteEventLog({
  path: join(dir, "events.sqlite"),
  newId,
  now,
  onTrouble: (error) => console.error(error),
});
// One set for all who may the same, as the product's own authenticator has it.
const permissions = new Set(permissionsByRole.admin);
const quiet = (): void => undefined;
const day = 86_400_000;
const realtime = new Realtime({
  log,
  authenticator: {
    authenticate: () =>
      Promise.resolve({
        ok: true,
        identity: {
          userId: "bench",
          displayName: "Bench",
          role: "admin",
          permissions,
          queueIds: [],
          tokenExpiresAtMs: now() + day,
        },
      }),
    onRevoked: () => quiet,
  },
  handlers: {},
  scheduler: systemScheduler,
  newId,
  serverVersion: "bench",
  logger: { info: quiet, warn: quiet },
  projection: new Projection(),
  numberOf: () => undefined,
  // The receivers count frames and do nothing else, pings neither.
  limits: { heartbeatTimeoutMs: day },
});
const http = createServer();
http.on("upgrade", (request, socket, head) => {
  if (!realtime.handleUpgrade(request, socket, head)) socket.destroy();
});
await new Promise<void>((resolve) => {
  http.listen(0, "127.0.0.1", resolve);
});

const event: NewEvent = {
  type: "CALL_RINGING",
  audience: { extensions: [{ id: "019a0000-0000-7000-8000-000000000002", number: "200" }] },
  callId: eventData().callId,
  data: eventData(),
};

serveParent(async (request) => {
  switch (request["do"]) {
    case "port":
      return (http.address() as AddressInfo).port;
    case "publish":
      await log.append(Array.from({ length: Number(request["events"]) }, () => event)).committed;
      return undefined;
    default:
      throw new Error("unknown request");
  }
});
