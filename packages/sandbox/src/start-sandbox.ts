import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type PbxClient } from "@pbx-x/client";
import { createLogger, parseSettings, startServer, systemScheduler } from "@pbx-x/server";
import { createFakeEngine, type FakeEngine } from "@pbx-x/telephony/fake";
import { Directory, login } from "./directory.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { Player } from "./player.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

export interface SandboxOptions {
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Of all its users; default one of the sandbox's own. */
  readonly password?: string;
}

/** A running sandbox. */
export interface Sandbox {
  /** Where applications connect to; faults happen on the way to it. */
  readonly url: string;
  readonly users: readonly SandboxUser[];
  readonly network: Pick<FaultProxy, "pull">;
  /** Access token of a user of {@link Sandbox.users}. */
  tokenOf(email: string): Promise<string>;
  /** Plays a scenario, by its name or of your own; rejects where it does not go as it should. */
  play(
    scenario: string | Scenario,
    options?: { readonly speed?: number; readonly signal?: AbortSignal },
  ): Promise<void>;
  stop(): Promise<void>;
}

export interface SandboxUser {
  readonly email: string;
  readonly number?: string;
  readonly role: string;
  readonly password: string;
}

const admin = { email: "admin@pbx-x.example", role: "admin" } as const;
/** The people of the demo world. */
const people = [
  { number: "100", email: "max.mustermann@pbx-x.example", role: "supervisor" },
  { number: "200", email: "anna.schmidt@pbx-x.example", role: "agent" },
  { number: "201", email: "lisa.weber@pbx-x.example", role: "agent" },
  { number: "202", email: "tom.mueller@pbx-x.example", role: "user" },
] as const;

/** A third of an access token's life. */
const tokenServesMs = 300_000;
/** A prompt lasts so long here. */
const promptMs = 800;

/** Starts the real server with the demo world and no phones but those that scenarios play. */
export async function startSandbox({
  host = "127.0.0.1",
  port = 0,
  password = "sandbox-password",
}: SandboxOptions = {}): Promise<Sandbox> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-sandbox-"));
  const parsed = parseSettings({
    PBXX_DATA_DIR: dir,
    PBXX_HTTP_HOST: "127.0.0.1",
    PBXX_HTTP_PORT: "0",
    PBXX_ADMIN_PASSWORD: password,
    // One administrator makes thousands of extensions here.
    PBXX_REST_REQUESTS_PER_MINUTE: "1000000",
  });
  if (!parsed.ok) throw new Error(parsed.message);
  let made: FakeEngine | undefined;
  const server = await startServer({
    settings: parsed.settings,
    logger: await createLogger({ level: "fatal", format: "json" }),
    scheduler: systemScheduler,
    version: "sandbox",
    createEngine: async (newId) => (made = createFakeEngine({ scheduler: systemScheduler, newId, autoRing: true })),
  });
  const engine = made;
  if (engine === undefined) throw new Error("the server made no engine");
  const direct = `http://127.0.0.1:${server.httpPort}`;
  const passwords = new Map<string, string>([[admin.email, password]]);
  for (const { email } of people) {
    passwords.set(email, new RegExp(`^${email}  (\\S+)$`, "m").exec(server.firstStart ?? "")?.[1] ?? "");
  }
  const clients = new Map<string, PbxClient>();
  const passwordOf = (email: string): string => passwords.get(email) ?? "";
  const tokens = new Map<string, { readonly token: Promise<string>; readonly at: number }>();
  // The server lets nobody log in again and again.
  const tokenOf = (email: string): Promise<string> => {
    const known = tokens.get(email);
    if (known !== undefined && Date.now() - known.at < tokenServesMs) return known.token;
    const token = login(direct, email, passwordOf(email));
    tokens.set(email, { token, at: Date.now() });
    token.catch(() => tokens.delete(email));
    return token;
  };
  const directory = new Directory(direct, () => tokenOf(admin.email));
  await prepare(directory);
  const proxy = await startFaultProxy(server.httpPort, { host, port });
  const clientOf = async (number: string): Promise<PbxClient> => {
    const email = people.find((person) => person.number === number)?.email ?? admin.email;
    const known = clients.get(email) ?? connect({ url: direct, token: () => tokenOf(email), channels: ["me"] });
    clients.set(email, known);
    await known.ready();
    return known;
  };
  const observer = connect({
    url: direct,
    token: () => tokenOf(admin.email),
    channels: ["calls", "extensions", "queues", "agents", "conferences", "parking", "voicemail", "system"],
  });
  await observer.ready();
  const stopPrompts = endPrompts(engine);
  const player = new Player({ engine, directory, observer, clientOf });
  return {
    url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${proxy.port}`,
    users: [admin, ...people].map((user) => ({ ...user, password: passwordOf(user.email) })),
    network: proxy,
    tokenOf,
    play: (wanted, { speed, signal } = {}) => {
      const scenario = typeof wanted === "string" ? scenarios.find(({ name }) => name === wanted) : wanted;
      if (scenario !== undefined) return player.play(scenario, speed, signal);
      const known = scenarios.map(({ name }) => name).join(", ");
      return Promise.reject(new Error(`There is no such scenario; there are: ${known}.`));
    },
    stop: async () => {
      stopPrompts();
      for (const client of [observer, ...clients.values()]) await client.close();
      await proxy.stop();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The line is switched on, mailboxes too, and every number is reached from outside under itself. */
async function prepare(directory: Directory): Promise<void> {
  await directory.request("PATCH", `/trunks/${await directory.trunkId()}`, { isEnabled: true, password: "sandbox" });
  for (const number of ["100", "200", "201", "202", "300", "310"]) {
    await directory.request("POST", "/rules/inbound", {
      name: `To ${number}`,
      didPattern: number,
      destination: { kind: "internal", number },
    });
  }
  for (const { number } of people) {
    await directory.request("PATCH", `/extensions/${await directory.extensionId(number)}`, { voicemailEnabled: true });
  }
}

/** What is played comes to its end, as it does with a real engine. */
function endPrompts(engine: FakeEngine): () => void {
  let seen = new Set<string>();
  const timer = setInterval(() => {
    const playing = engine.performed.filter((operation) => operation.op === "play");
    for (const { playbackId, source, legId } of playing) {
      if (seen.has(playbackId) || (source.kind === "file" && source.isLooped) || source.kind === "tone") continue;
      const end = setTimeout(() => {
        if (engine.hearsPlayback(legId) === source) engine.finishPlayback(playbackId);
      }, promptMs);
      end.unref();
    }
    seen = new Set(playing.map(({ playbackId }) => playbackId));
  }, 100);
  timer.unref();
  return () => clearInterval(timer);
}
