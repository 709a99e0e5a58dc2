import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.ts";

export interface BaresipOptions {
  readonly number: string;
  readonly password: string;
  /** `host:port` of the PBX for the transport. */
  readonly pbx: string;
  readonly transport?: "udp" | "tcp" | "tls";
  readonly answerMode?: "manual" | "auto" | "early";
  /** Hertz of the tone that it speaks. */
  readonly toneHz?: number;
  /** It speaks G.722 alone, and records what it hears at 16 kHz. */
  readonly isWide?: boolean;
  readonly registrationSeconds?: number;
  /** Numbers whose presence it watches. */
  readonly watches?: readonly string[];
  /** Whether it asks for the lamp of its mailbox; what it is told is in its output. */
  readonly watchesMailbox?: boolean;
  /** Certificate authority file for TLS. */
  readonly caFile?: string;
}

export interface Baresip {
  readonly number: string;
  /** Folder with the WAV files of what it heard (`…-dec.wav`) and said (`…-enc.wav`). */
  readonly soundDir: string;
  /** One command of its menu, e.g. `dial`, `accept`, `hangup`. */
  command(name: string, params?: string): Promise<string>;
  readonly heardFiles: () => Promise<readonly string[]>;
  /** Keys that the far side pressed, in all calls. */
  heardKeys(): string;
  output(): string;
  stop(): Promise<void>;
  /** Ends it without unregistering. */
  kill(): Promise<void>;
}

/** A real baresip, headless, driven over its control port. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-baresip-"));
  const soundDir = join(dir, "sound");
  await mkdir(soundDir);
  const [sipPort, controlPort, rtpPort] = [await freePort(), await freePort(), await freePort()];
  await writeFile(join(dir, "config"), configuration(options, { soundDir, sipPort, controlPort, rtpPort }));
  await writeFile(join(dir, "accounts"), account(options));
  const contacts = (options.watches ?? []).map((number) => `"${number}" <sip:${number}@${options.pbx}>;presence=p2p\n`);
  await writeFile(join(dir, "contacts"), contacts.join(""));
  const child = spawn("baresip", ["-f", dir], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output = (output + data.toString()).slice(-20_000);
    });
  }
  const control = await connectControl(controlPort, () => output);
  let keys = "";
  const seen: string[] = [];
  const client = controlClient(control, (event) => {
    if (event.type === "CALL_DTMF_START") keys += event.param ?? "";
    else if (event.type !== undefined) seen.push(event.type);
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    control.destroy();
    await endProcess(child, signal);
    await rm(dir, { recursive: true, force: true });
  };
  return {
    number: options.number,
    soundDir,
    command: (name, params) => pressed(client, seen, name, params),
    heardFiles: async () =>
      (await readdir(soundDir)).filter((file) => file.endsWith("-dec.wav")).map((file) => join(soundDir, file)),
    heardKeys: () => keys,
    output: () => output,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** What its own event says is done; it answers a key that came a moment too early as one that was taken. */
const doneBy: Readonly<Record<string, string>> = { accept: "CALL_ESTABLISHED", hangup: "CALL_CLOSED" };

/** Presses a key, and like a person once more while nothing happens. */
async function pressed(
  client: (name: string, params?: string) => Promise<string>,
  seen: readonly string[],
  name: string,
  params?: string,
): Promise<string> {
  const before = seen.length;
  const text = await client(name, params);
  const awaited = doneBy[name];
  if (awaited === undefined) return text;
  for (let turn = 1; turn < 40 && !seen.includes(awaited, before); turn += 1) {
    await delay(50);
    if (turn % 10 === 0) await client(name, params);
  }
  return text;
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), 5000);
  await exited;
  clearTimeout(late);
}

async function connectControl(port: number, output: () => string): Promise<Socket> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      once(socket, "error").then(() => false),
    ]);
    if (isOpen) return socket;
    socket.destroy();
    await delay(100);
  }
  throw new Error(`baresip does not open its control port:\n${output()}`);
}

/** Netstrings of JSON: `<length>:<text>,`. */
function controlClient(
  socket: Socket,
  onEvent: (event: { readonly type?: string; readonly param?: string }) => void,
): (name: string, params?: string) => Promise<string> {
  const waiting = new Map<string, (text: string) => void>();
  let buffer = Buffer.alloc(0);
  let counter = 0;
  socket.on("error", () => undefined);
  socket.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const colon = buffer.indexOf(":");
      if (colon < 0) return;
      const length = Number(buffer.subarray(0, colon).toString());
      if (buffer.length < colon + length + 2) return;
      const message = JSON.parse(buffer.subarray(colon + 1, colon + 1 + length).toString()) as {
        response?: boolean;
        token?: string;
        data?: string;
        event?: boolean;
        type?: string;
        param?: string;
      };
      if (message.event === true) onEvent(message);
      buffer = buffer.subarray(colon + length + 2);
      if (message.response === true && message.token !== undefined) {
        waiting.get(message.token)?.(message.data ?? "");
        waiting.delete(message.token);
      }
    }
  });
  return (name, params = "") =>
    new Promise((resolve, reject) => {
      counter += 1;
      const token = String(counter);
      const late = setTimeout(() => reject(new Error(`baresip does not answer to ${name}`)), 5000);
      waiting.set(token, (text) => {
        clearTimeout(late);
        resolve(text);
      });
      const text = JSON.stringify({ command: name, params, token });
      socket.write(`${Buffer.byteLength(text)}:${text},`);
    });
}

function account({
  number,
  password,
  pbx,
  transport = "udp",
  answerMode = "manual",
  registrationSeconds = 60,
}: BaresipOptions): string {
  return [
    `<sip:${number}@${pbx};transport=${transport}>`,
    `auth_user=${number}`,
    `auth_pass=${password}`,
    `regint=${registrationSeconds}`,
    `answermode=${answerMode}`,
    "audio_codecs=PCMA/8000/1,PCMU/8000/1",
    "dtmfmode=rtpevent",
  ]
    .join(";")
    .concat("\n");
}

interface Places {
  readonly soundDir: string;
  readonly sipPort: number;
  readonly controlPort: number;
  readonly rtpPort: number;
}

function configuration(
  { number, toneHz = 440, isWide = false, caFile, watches = [], watchesMailbox = false }: BaresipOptions,
  places: Places,
): string {
  const modules = [isWide ? "g722.so" : "g711.so", "ausine.so", "aubridge.so", "sndfile.so"].map(
    (name) => `module ${name}`,
  );
  return [
    `sip_listen 127.0.0.1:${places.sipPort}`,
    "net_interface 127.0.0.1",
    ...(caFile === undefined ? [] : [`sip_cafile ${caFile}`]),
    "call_local_timeout 60",
    "call_max_calls 4",
    `audio_player aubridge,null${number}`,
    `audio_source ausine,${toneHz}`,
    `audio_alert aubridge,null${number}`,
    // The sine source knows 48 kHz stereo only; baresip resamples.
    "ausrc_srate 48000",
    "ausrc_channels 2",
    `auplay_srate ${isWide ? 16_000 : 8000}`,
    "auplay_channels 1",
    "audio_txmode poll",
    `rtp_ports ${places.rtpPort}-${places.rtpPort + 40}`,
    "rtcp_mux no",
    "jitter_buffer_delay 5-10",
    "module_path /usr/lib/baresip/modules",
    ...modules,
    `snd_path ${places.soundDir}`,
    // Before the account: it subscribes without an end where the registration is done in the millisecond after its start.
    ...(watchesMailbox ? ["module mwi.so"] : []),
    "module_tmp uuid.so",
    "module_tmp account.so",
    "module_app contact.so",
    "module_app menu.so",
    ...(watches.length === 0 ? [] : ["module_app presence.so"]),
    "module_app ctrl_tcp.so",
    `ctrl_tcp_listen 127.0.0.1:${places.controlPort}`,
    "",
  ].join("\n");
}
