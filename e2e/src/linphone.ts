import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.ts";

export interface LinphoneOptions {
  readonly number: string;
  readonly password: string;
  /** `host:port` of the PBX, by UDP. */
  readonly pbx: string;
}

export interface Linphone {
  readonly number: string;
  /** One line of its console, e.g. `call 202`, `answer`, `transfer 1 --to-call 2`. */
  command(line: string): void;
  output(): string;
  stop(): Promise<void>;
}

/** A real linphonec, headless, driven over its standard input; it says nothing and hears into nowhere. */
export async function startLinphone(options: LinphoneOptions): Promise<Linphone> {
  const dir = await mkdtemp(join(tmpdir(), "pbx-x-linphone-"));
  await mkdir(join(dir, ".local", "share", "linphone"), { recursive: true });
  const [sipPort, rtpPort] = [await freePort(), await freePort()];
  const file = join(dir, "linphonerc");
  await writeFile(file, configuration(options, sipPort, rtpPort));
  const child = spawn("linphonec", ["-c", file], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, HOME: dir, XDG_DATA_HOME: join(dir, ".local", "share") },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output = (output + data.toString()).slice(-20_000);
    });
  }
  child.stdin.on("error", () => undefined);
  const command = (line: string): void => void child.stdin.write(`${line}\n`);
  command("soundcard use files");
  return {
    number: options.number,
    command,
    output: () => output,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        command("quit");
        await Promise.race([exited, delay(3000)]);
        child.kill("SIGKILL");
        await exited;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function configuration({ number, password, pbx }: LinphoneOptions, sipPort: number, rtpPort: number): string {
  const codec = (mime: string): readonly string[] => [`mime=${mime}`, "rate=8000", "channels=1", "enabled=1"];
  const sections: Readonly<Record<string, readonly string[]>> = {
    sip: [
      "default_proxy=0",
      // Bound to 127.0.0.1 alone it opens no UDP port.
      `sip_port=${sipPort}`,
      "sip_tcp_port=0",
      "sip_tls_port=0",
      "register_only_when_network_is_up=0",
      "guess_hostname=0",
      `contact="${number}" <sip:${number}@127.0.0.1:${sipPort}>`,
      "use_ipv6=0",
      "media_encryption=none",
      "ping_with_options=0",
    ],
    net: ["mtu=1300"],
    rtp: [`audio_rtp_port=${rtpPort}`, "audio_jitt_comp=60", "rtcp_mux_enabled=0"],
    sound: ["playback_dev_id=null", "capture_dev_id=null", "echocancellation=0"],
    video: ["enabled=0", "capture=0", "display=0"],
    misc: ["store_ringtone=0", "contacts-vcard-list="],
    audio_codec_0: codec("PCMA"),
    audio_codec_1: codec("PCMU"),
    auth_info_0: [`username=${number}`, `userid=${number}`, `passwd=${password}`],
    proxy_0: [
      `reg_proxy=<sip:${pbx};transport=udp>`,
      `reg_route=<sip:${pbx};transport=udp;lr>`,
      `reg_identity=sip:${number}@127.0.0.1`,
      "reg_expires=60",
      "reg_sendregister=1",
      "publish=0",
    ],
  };
  return Object.entries(sections)
    .map(([name, lines]) => [`[${name}]`, ...lines, ""].join("\n"))
    .join("\n");
}
