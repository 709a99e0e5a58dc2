import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brandId, type ExtensionId, type LegId } from "@pbx-x/telephony";
import { createFakeEngine, createManualScheduler, type FakeEngine, type ManualScheduler } from "@pbx-x/telephony/fake";
import { permissions } from "@pbx-x/protocol/runtime";
import { CallService } from "../calls/call-service.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { CommandContext } from "../realtime/command-handler.ts";
import { openDatabase } from "../storage/open-database.ts";
import { defaultExtension } from "./default-extension.ts";
import { engineConfiguration } from "./engine-configuration.ts";
import type { Extension } from "./extension.ts";
import { createExtensionCommands } from "./extension-commands.ts";
import { createExtensionService } from "./extension-service.ts";
import { createExtensionSettings } from "./extension-settings.ts";
import { FeatureCodeService } from "./feature-code-service.ts";

/** Extensions in their real database, changed by commands and by the fake engine's phones. */
export interface ExtensionTestbench {
  readonly engine: FakeEngine;
  readonly scheduler: ManualScheduler;
  readonly events: readonly NewEvent[];
  /** Changed settings noted for the administrator: number, names. */
  readonly audited: readonly (readonly [string, unknown])[];
  readonly commands: ReturnType<typeof createExtensionCommands>;
  readonly featureCodes: FeatureCodeService;
  extension(number: string): Extension;
  as(number: string | undefined, rights?: "own" | "all"): CommandContext;
  /** A registered phone of the extension dials; resolves when the fake engine has nothing more to do. */
  dial(number: string, dialled: string): Promise<LegId>;
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export async function createExtensionTestbench(): Promise<ExtensionTestbench> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-extensions-"));
  const db = await openDatabase(join(dir, "pbx-x.sqlite"));
  const scheduler = createManualScheduler();
  const newId = (): string => crypto.randomUUID();
  const engine = createFakeEngine({ scheduler, newId });
  const events: NewEvent[] = [];
  const append = (added: readonly NewEvent[]) => {
    events.push(...added);
    return { firstSeq: events.length - added.length + 1, lastSeq: events.length, committed: Promise.resolve() };
  };
  const publish = (added: readonly NewEvent[]): number => append(added).lastSeq;
  const extensions = await createExtensionService({ db, realm: "pbx-x.test", now: () => scheduler.now(), publish });
  for (const number of ["200", "201", "202"]) {
    await extensions.create(defaultExtension(`id-${number}`, number, `Phone ${number}`, `user-${number}`), "secret");
  }
  const silent = { warn: () => undefined, error: () => undefined };
  const bindingsOf = () => [];
  const calls = new CallService({ engine, log: { append }, extensions, bindingsOf, scheduler, newId, logger: silent });
  const audited: (readonly [string, unknown])[] = [];
  const settings = createExtensionSettings({
    extensions,
    audit: { write: (_userId, _action, subject, details) => void audited.push([subject, details?.["changed"]]) },
    route: (dialled) => calls.route(dialled),
  });
  const featureCodes = new FeatureCodeService({
    agents: () => false,
    settings,
    perform: (operation) => engine.perform(operation),
    scheduler,
    newId,
    onError: (error) => {
      throw error;
    },
  });
  let carriedOut = Promise.resolve();
  calls.services.add("feature_code", (offered, { code }) => {
    carriedOut = featureCodes.offered(offered, code);
  });
  engine.subscribe((event) => {
    calls.onTelephony(event);
    featureCodes.onTelephony(event);
  });
  await engine.start();
  const configuration = engineConfiguration("pbx-x.test", extensions, []);
  await engine.perform({ op: "applyConfiguration", configuration });
  const extension = (number: string): Extension => {
    const found = extensions.byNumber(number);
    if (found === undefined) throw new Error(`no extension ${number}`);
    return found;
  };
  const settle = async (): Promise<void> => {
    await carriedOut;
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    engine,
    scheduler,
    events,
    audited,
    commands: createExtensionCommands({ settings }),
    featureCodes,
    extension,
    as: (number, rights = "own") => ({
      via: "command",
      commandId: "c1",
      identity: {
        userId: `user-${number}`,
        displayName: number ?? "nobody",
        role: rights === "all" ? "admin" : "user",
        permissions: new Set(permissions.filter((permission) => rights === "all" || permission.endsWith(".own"))),
        ...(number !== undefined && { extensionId: `id-${number}`, extensionNumber: number }),
        queueIds: [],
        tokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
      },
    }),
    dial: async (number, dialled) => {
      const legId = engine.call(engine.register(brandId<ExtensionId>(extension(number).id)), dialled);
      await settle();
      return legId;
    },
    settle,
    stop: async () => {
      await db.destroy();
      await rm(dir, { recursive: true });
    },
  };
}
