import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type NetworkFault, networkFaults } from "./fault-proxy.ts";
import { scenarios } from "./scenarios.ts";
import type { Sandbox } from "./start-sandbox.ts";

export interface ControlPage {
  readonly url: string;
  stop(): Promise<void>;
}

const speeds = [1, 5, 20, 100] as const;
const faults = Object.keys(networkFaults) as NetworkFault[];

/** A page with a button for every scenario and every fault of the network. */
export async function startControlPage(sandbox: Sandbox, { host = "127.0.0.1", port = 0 } = {}): Promise<ControlPage> {
  let last = "Nothing was played yet.";
  let isPlaying = false;
  const play = (name: string, speed: number): void => {
    if (isPlaying) return;
    isPlaying = true;
    last = `${name} is playing …`;
    sandbox
      .play(name, { speed })
      .then(
        () => (last = `${name} was played.`),
        (error: unknown) => (last = `${name} failed: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => (isPlaying = false));
  };
  const server = createServer((request, response) => {
    const [, kind, name = ""] = (request.url ?? "/").split("/");
    if (request.method === "POST" && isOwn(request)) {
      const [scenario = "", speed = "1"] = name.split("?speed=");
      if (kind === "play" && scenarios.some((each) => each.name === scenario)) play(scenario, Number(speed));
      const fault = faults.find((each) => each === name);
      if (kind === "network" && fault !== undefined) {
        sandbox.network.pull(fault);
        last = `${fault}: ${networkFaults[fault]}.`;
      }
      response.writeHead(303, { location: "/" }).end();
      return;
    }
    if (kind !== "") {
      response.writeHead(404).end();
      return;
    }
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'self' 'unsafe-inline'",
    };
    response.writeHead(200, headers).end(page(sandbox, last));
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the page has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A form of this page; another site's must not play anything. */
function isOwn({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || origin === `http://${host ?? ""}`;
}

function page({ url, users }: Sandbox, last: string): string {
  const button = (action: string, label: string): string =>
    `<form method="post" action="${action}"><button>${escaped(label)}</button></form>`;
  const rows = scenarios.map(
    ({ name, title }) =>
      `<tr><th>${escaped(name)}</th><td>${escaped(title)}</td><td>${speeds
        .map((speed) => button(`/play/${name}?speed=${speed}`, `×${speed}`))
        .join("")}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>PBX-X sandbox</title>
<style>body{font:16px system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}form{display:inline}
th{text-align:left}td,th{padding:.3rem .8rem .3rem 0}button{margin:.1rem}</style>
<h1>PBX-X sandbox</h1><p>Connect to <a href="${escaped(url)}">${escaped(url)}</a>. <output>${escaped(last)}</output></p>
<h2>Scenarios</h2><table>${rows.join("")}</table>
<h2>Network</h2><table>${faults
    .map((fault) => `<tr><td>${button(`/network/${fault}`, fault)}</td><td>${escaped(networkFaults[fault])}</td></tr>`)
    .join("")}</table>
<h2>Users</h2><table>${users
    .map(
      ({ email, role, number = "", password }) =>
        `<tr>${[email, role, number, password].map((text) => `<td>${escaped(text)}</td>`).join("")}</tr>`,
    )
    .join("")}</table></html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
