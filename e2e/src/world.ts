import { type Baresip, type BaresipOptions, startBaresip } from "./baresip.ts";
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
  /** Any request of the administrator; throws with status and body where it is refused. */
  request(method: string, path: string, body?: object): Promise<unknown>;
  /** Starts a registered baresip for an extension and waits until the socket has told so; it ends with the world. */
  startPhone(number: string, options?: PhoneOptions): Promise<Baresip>;
  extensionId(number: string): Promise<string>;
  patchExtension(number: string, changes: Readonly<Record<string, unknown>>): Promise<void>;
  /** How much of something the engine has in use now, by its figures. */
  inUse(what: string): Promise<number>;
  stop(): Promise<void>;
}

export type PhoneOptions = Partial<Omit<BaresipOptions, "number" | "password" | "pbx">>;

export const adminEmail = "admin@pbx-x.example";
export const annaEmail = "anna.schmidt@pbx-x.example";
export const lisaEmail = "lisa.weber@pbx-x.example";

export async function startWorld(options: ServerOptions = {}): Promise<World> {
  const server = await startServer(options);
  const token = await login(server.url, adminEmail, server.password(adminEmail));
  const cti = await connectCti(server.url, token);
  const answer = await cti.send("subscribe", { channels: ["calls", "extensions", "system"] });
  if (!answer.success) throw new Error(`subscribe failed: ${JSON.stringify(answer)}`);
  const request = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const extensionId = async (number: string): Promise<string> => {
    const list = (await request("GET", `/extensions?search=${number}`)) as { data: { id: string; number: string }[] };
    const found = list.data.find((extension) => extension.number === number);
    if (found === undefined) throw new Error(`there is no extension ${number}`);
    return found.id;
  };
  const { udp, tcp, tls } = server.ready.sip;
  const pbx = { udp: `127.0.0.1:${udp}`, tcp: `127.0.0.1:${tcp}`, tls: `127.0.0.1:${tls}` };
  const user = (number: string): SippUser => ({ number, password: server.sipPassword(number) });
  const phones: Baresip[] = [];
  return {
    server,
    cti,
    token,
    pbx,
    user,
    startPhone: async (number, phone = {}) => {
      const seen = cti.events.length;
      const started = await startBaresip({ ...user(number), pbx: pbx[phone.transport ?? "udp"], ...phone });
      phones.push(started);
      await cti.waitFor(
        "EXTENSION_REGISTERED",
        (event) => event.data["number"] === number && cti.events.indexOf(event) >= seen,
      );
      return started;
    },
    tokenOf: (email) => login(server.url, email, server.password(email)),
    get: (path) => request("GET", path),
    request,
    extensionId,
    patchExtension: async (number, changes) => {
      await request("PATCH", `/extensions/${await extensionId(number)}`, changes);
    },
    inUse: async (what) => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`^pbxx_engine_in_use\\{what="${what}"\\} (\\d+)$`, "m").exec(text)?.[1]);
    },
    stop: async () => {
      await Promise.all(phones.map((phone) => phone.stop()));
      cti.cut();
      await server.stop();
    },
  };
}
