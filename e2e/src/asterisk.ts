import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { asteriskRoot, findAsterisk } from "../../tools/asterisk.mjs";
import { freePort } from "./free-port.ts";

export interface CarrierOptions {
  /** Of the account that may register. */
  readonly username: string;
  readonly password: string;
  /** To come back on after it was ended. */
  readonly port?: number;
}

/** A real Asterisk that plays the carrier: one account, and numbers behind it. */
export interface AsteriskCarrier {
  readonly port: number;
  /** A command of its console, and what it says. */
  console(command: string): Promise<string>;
  /** Calls a number of the PBX over the account's registration; the called party hears its own voice then. */
  call(number: string, caller: { readonly number: string; readonly name: string }): Promise<void>;
  /** Calls as `call` does, presses keys after the answer (`w`: half a second's pause) and hangs up. */
  callAndPress(number: string, caller: { readonly number: string; readonly name: string }, keys: string): Promise<void>;
  /** The contact that the account has registered; undefined when there is none. */
  contact(): Promise<string | undefined>;
  /** What it said so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Numbers of the carrier's world. */
export const carrierNumbers = {
  /** Rings a second, answers, and sends back what it hears. */
  echo: "0301234567",
  /** Answers with a tone of this frequency. */
  tone: "0301234568",
  busy: "0301234569",
} as const;
export const carrierToneHz = 1320;

/** The modules that a carrier needs. */
const modules = [
  "res_sorcery_config",
  "res_sorcery_memory",
  "res_sorcery_astdb",
  "res_pjproject",
  "res_pjsip",
  "res_pjsip_pubsub",
  "res_pjsip_session",
  "res_pjsip_authenticator_digest",
  "res_pjsip_endpoint_identifier_ip",
  "res_pjsip_endpoint_identifier_user",
  "res_pjsip_registrar",
  "res_pjsip_sdp_rtp",
  "res_pjsip_caller_id",
  "res_pjsip_nat",
  "res_pjsip_rfc3326",
  "res_pjsip_dlg_options",
  "chan_pjsip",
  "res_rtp_asterisk",
  "res_timing_timerfd",
  "codec_ulaw",
  "codec_alaw",
  "bridge_simple",
  "bridge_holding",
  "pbx_config",
  "app_dial",
  "app_echo",
  "app_playtones",
  "app_senddtmf",
  "func_callerid",
  "func_channel",
  "res_clioriginate",
];

export async function startCarrier(options: CarrierOptions): Promise<AsteriskCarrier> {
  const program = findAsterisk();
  if (program === undefined) throw new Error(`Asterisk is not in ${asteriskRoot}: node tools/asterisk.mjs gets it`);
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-asterisk-"));
  const port = options.port ?? (await freePort());
  const rtpPort = await freePort();
  await writeConfiguration(dir, { ...options, port, rtpPort, modules: program.modules, data: program.data });
  const configuration = join(dir, "etc", "asterisk.conf");
  const child = spawn(program.command, [...program.args, "-f", "-C", configuration], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output = (output + data.toString()).slice(-50_000);
    });
  }
  const run = (command: string): Promise<string> =>
    runToEnd(program.command, [...program.args, "-C", configuration, "-rx", command]);
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(dir, { recursive: true, force: true });
  };
  const callWith = async (number: string, caller: { number: string; name: string }, then: string): Promise<void> => {
    await run(`dialplan set global CALLER_NAME "${caller.name}"`);
    await run(`dialplan set global CALLER_NUMBER ${caller.number}`);
    await run(`channel originate Local/${number}@to-pbx application ${then}`);
  };
  try {
    await untilBooted(run, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    console: run,
    call: (number, caller) => callWith(number, caller, "Echo"),
    callAndPress: (number, caller, keys) => callWith(number, caller, `SendDTMF ${keys}`),
    contact: async () => /sip:\S+/.exec(await run(`pjsip show contacts`))?.[0],
    output: () => output,
    stop,
  };
}

interface Place extends CarrierOptions {
  readonly port: number;
  readonly rtpPort: number;
  readonly modules: string;
  readonly data: string;
}

async function writeConfiguration(dir: string, place: Place): Promise<void> {
  for (const folder of ["etc", "lib/keys", "run", "log", "spool", "agi", "cache"]) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  const { username, password, port, rtpPort } = place;
  const files: Readonly<Record<string, string>> = {
    "asterisk.conf": `
[directories]
astetcdir => ${dir}/etc
astmoddir => ${place.modules}
astvarlibdir => ${dir}/lib
astdbdir => ${dir}/lib
astkeydir => ${dir}/lib
astdatadir => ${place.data}
astagidir => ${dir}/agi
astspooldir => ${dir}/spool
astrundir => ${dir}/run
astlogdir => ${dir}/log
astcachedir => ${dir}/cache
[options]
verbose = 3
nocolor = yes
`,
    "modules.conf": `[modules]\nautoload=no\n${modules.map((name) => `load=${name}.so`).join("\n")}\n`,
    "logger.conf": "[general]\n[logfiles]\nconsole => notice,warning,error\n",
    "rtp.conf": `[general]\nrtpstart=${rtpPort}\nrtpend=${rtpPort + 39}\nrtcpinterval=2000\nicesupport=no\n`,
    "indications.conf": [
      "[general]\ncountry=de\n[de]\ndescription=Germany\nringcadence=1000,4000",
      "dial=425\nbusy=425/480,0/480\nring=425/1000,0/4000\ncongestion=425/240,0/240\n",
    ].join("\n"),
    "sorcery.conf": "",
    "pjsip.conf": `
[transport]
type=transport
protocol=udp
bind=127.0.0.1:${port}

[${username}]
type=endpoint
transport=transport
context=from-pbx
disallow=all
allow=alaw,ulaw
direct_media=no
rtp_symmetric=yes
force_rport=yes
rewrite_contact=yes
media_address=127.0.0.1
bind_rtp_to_media_address=yes
send_pai=yes
trust_id_inbound=yes
aors=${username}
auth=${username}

[${username}]
type=aor
max_contacts=1
remove_existing=yes
minimum_expiration=60

[${username}]
type=auth
auth_type=digest
username=${username}
password=${password}
`,
    "extensions.conf": `
[globals]
CALLER_NAME=
CALLER_NUMBER=

[from-pbx]
exten => ${carrierNumbers.echo},1,Ringing()
 same => n,Wait(1)
 same => n,Answer()
 same => n,Echo()
exten => ${carrierNumbers.tone},1,Answer()
 same => n,Playtones(${carrierToneHz})
 same => n,Wait(600)
exten => ${carrierNumbers.busy},1,Busy(5)

[to-pbx]
exten => _X!,1,Set(CALLERID(all)="\${CALLER_NAME}" <\${CALLER_NUMBER}>)
 same => n,Dial(PJSIP/\${EXTEN}@${username},60)
exten => _+X!,1,Set(CALLERID(all)="\${CALLER_NAME}" <\${CALLER_NUMBER}>)
 same => n,Dial(PJSIP/\${EXTEN}@${username},60)
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, "etc", name), text);
}

async function untilBooted(
  run: (command: string) => Promise<string>,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if ((await run("core waitfullybooted")).includes("fully booted")) return;
    await delay(200);
  }
  throw new Error(`Asterisk does not start:\n${output()}`);
}

async function runToEnd(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (data: Buffer) => (text += data.toString()));
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await once(child, "close");
  clearTimeout(late);
  return text;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 5000);
  await exited;
  clearTimeout(late);
}
