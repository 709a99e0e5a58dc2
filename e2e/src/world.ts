import { type Cti, connectCti, login } from "./cti.ts";
import { type ServerOptions, type ServerProcess, startServer } from "./server-process.ts";
import type { SippUser } from "./sipp.ts";

/** The demo world ([R12]): the real server with its seed, and a client that sees everything. */
export interface World {
  readonly server: ServerProcess;
  /** The administrator's socket, subscribed to calls, extensions and system. */
  readonly cti: Cti;
  readonly token: string;
  /** `host:port` of the PBX per transport. */
  readonly pbx: { readonly udp: string; readonly tcp: string; readonly tls: string };
  user(number: string): SippUser;
  tokenOf(email: string): Promise<string>;
  get(path: string): Promise<unknown>;
  patchExtension(number: string, changes: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
}

export const adminEmail = "admin@pbx-x.example";
export const annaEmail = "anna.schmidt@pbx-x.example";
export const lisaEmail = "lisa.weber@pbx-x.example";

export async function startWorld(options: ServerOptions = {}): Promise<World> {
  const server = await startServer(options);
  const token = await login(server.url, adminEmail, server.password(adminEmail));
  const cti = await connectCti(server.url, token);
  const answer = await cti.send("subscribe", { channels: ["calls", "extensions", "system"] });
  if (!answer.success) throw new Error(`subscribe failed: ${JSON.stringify(answer)}`);
  const request = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(`${server.url}/api/v1${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    server,
    cti,
    token,
    pbx: {
      udp: `127.0.0.1:${server.ready.sip.udp}`,
      tcp: `127.0.0.1:${server.ready.sip.tcp}`,
      tls: `127.0.0.1:${server.ready.sip.tls}`,
    },
    user: (number) => ({ number, password: server.sipPassword(number) }),
    tokenOf: (email) => login(server.url, email, server.password(email)),
    get: (path) => request(path),
    patchExtension: async (number, changes) => {
      const list = (await request(`/extensions?search=${number}`)) as { data: { id: string; number: string }[] };
      const id = list.data.find((extension) => extension.number === number)?.id ?? "";
      await request(`/extensions/${id}`, { method: "PATCH", body: JSON.stringify(changes) });
    },
    stop: async () => {
      cti.cut();
      await server.stop();
    },
  };
}
