import { readFileSync } from "node:fs";
import { startChild } from "../child.ts";
import { passwordOf, startPbx } from "../pbx/server.ts";
import { watch } from "../pbx/watcher.ts";
import { register, targetNumber } from "./scenarios.ts";
import { startSipp } from "./sipp.ts";

/** A PBX under load: users 10000…, and 20000 at 127.0.0.1:6900 who answers. */
export interface SipPeer {
  readonly name: string;
  /** All processes of it. */
  readonly pids: readonly number[];
  readonly address: string;
  /** Registrations are no business of it. */
  readonly isForCallsOnly: boolean;
  /** Has the user to whom calls are passed on, too. */
  readonly hasTarget: boolean;
  credentials(number: string): string;
  stop(): Promise<void>;
}

export const calleePort = 6900;
export const targetPort = 6901;
export const calleeNumber = "20000";
export const userNumbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => String(10_000 + index));
export const row = (peer: SipPeer, number: string): string => `${number};${peer.credentials(number)};${calleeNumber}`;

export async function startOwnPeer(users: number, nodeOptions = ""): Promise<SipPeer> {
  const pbx = await startPbx({ nodeOptions });
  await pbx.addExtensions(userNumbers(users));
  await pbx.addExtensions([calleeNumber, targetNumber], 1000);
  const watcher = await watch(pbx.url, pbx.token);
  const peer: SipPeer = {
    name: "PBX-X, a socket subscribed to everything",
    pids: [pbx.pid],
    address: pbx.sip,
    isForCallsOnly: false,
    hasTarget: true,
    credentials: (number) => `[authentication username=${number} password=${passwordOf(number)}]`,
    stop: async () => {
      watcher.close();
      await pbx.stop();
    },
  };
  for (const [number, port] of [
    [calleeNumber, calleePort],
    [targetNumber, targetPort],
  ] as const) {
    const rows = [row(peer, number)];
    const run = await startSipp({
      scenario: register,
      target: peer.address,
      port,
      rows,
      total: 1,
      timeoutSeconds: 10,
    });
    const { successful } = await run.done;
    if (successful !== 1) throw new Error(`${number} could not register`);
  }
  return peer;
}

/**
 * An Asterisk that runs already, given as `PBXX_BENCH_ASTERISK=<host>:<port>,<pid file>`: endpoints 10000… with the
 * password `pw<number>`, and a dial plan that dials 20000 at 127.0.0.1:6900.
 */
export function asteriskPeer(env: NodeJS.ProcessEnv): SipPeer | undefined {
  const [address, pidFile] = (env["PBXX_BENCH_ASTERISK"] ?? "").split(",");
  if (address === undefined || address === "" || pidFile === undefined) return undefined;
  return {
    name: "Asterisk 22, dial plan",
    pids: [pidIn(pidFile)],
    address,
    isForCallsOnly: false,
    hasTarget: false,
    credentials: asteriskCredentials,
    stop: () => Promise.resolve(),
  };
}

/**
 * The same with calls that an application of ours controls over ARI, given as
 * `PBXX_BENCH_ASTERISK_ARI=<host>:<port>,<pid file>,<host>:<port> of HTTP,<user>:<password>,<application>`: its dial plan
 * hands each call over by `Stasis(<application>,in,${EXTEN})`.
 */
export async function startAriPeer(env: NodeJS.ProcessEnv): Promise<SipPeer | undefined> {
  const [address = "", pidFile, http, credentials, application] = (env["PBXX_BENCH_ASTERISK_ARI"] ?? "").split(",");
  if (pidFile === undefined || http === undefined || credentials === undefined || application === undefined) {
    return undefined;
  }
  const child = startChild(new URL("./ari-application.ts", import.meta.url));
  await child.ask({ do: "connect", place: { http, credentials, application } });
  return {
    name: "Asterisk 22, ARI application",
    pids: [pidIn(pidFile), child.pid],
    address,
    isForCallsOnly: true,
    hasTarget: false,
    credentials: asteriskCredentials,
    stop: () => child.stop(),
  };
}

const asteriskCredentials = (number: string): string => `[authentication username=${number} password=pw${number}]`;

function pidIn(file: string): number {
  return Number(readFileSync(file, "utf8").trim());
}
