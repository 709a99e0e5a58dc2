import { connect as connectAlone, type PbxClient } from "../client.ts";
import type { ConnectOptions } from "../options.ts";
import { SharedClient, type ShareOptions } from "./shared-client.ts";
import { browserWorld } from "./world.ts";

export { SharedClient, type ShareOptions } from "./shared-client.ts";
export type { ChannelLike, ShareWorld } from "./world.ts";

/**
 * As `connect` of the main entry, with one connection for all tabs of a user ([T1]): in a SharedWorker where there is
 * one, else in one of the tabs, else each on its own. Not being able to share is no error; a diagnostic tells.
 */
export function connect(options: ConnectOptions & ShareOptions): PbxClient {
  const { share = "off", user, ...rest } = options;
  if (share === "off") return connectAlone(rest);
  if (user === undefined)
    throw new TypeError('share: "auto" needs `user`, so that tabs of different users do not meet.');
  const world = browserWorld(startWorker);
  if (world === undefined) {
    rest.onDiagnostic?.({ at: Date.now(), what: "share", detail: "own connection: this browser cannot share" });
    return connectAlone(rest);
  }
  const client = new SharedClient(rest, user, world);
  client.connect();
  return client;
}

/** Bundlers know this form and make a file of its own of the worker, whose name is the one after compiling. */
function startWorker(name: string, onError: () => void): void {
  const worker = new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module", name });
  worker.onerror = onError;
}
