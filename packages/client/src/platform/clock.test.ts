import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, it } from "vitest";

const entry = new URL("../index.ts", import.meta.url).href;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A program that does nothing but connect, and tells its state. */
function program(port: number, options: object): ChildProcess {
  const source = `
    import { connect } from ${JSON.stringify(entry)};
    const options = { url: "http://127.0.0.1:${port}", token: "a token", ...${JSON.stringify(options)} };
    const { connection } = connect(options);
    connection.subscribe(() => console.log(JSON.stringify(connection.get())));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

function says(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (piece) => {
      if (String(piece).includes(word)) resolve();
    });
    child.once("exit", () => reject(new Error(`the program ended without "${word}"`)));
  });
}

it("[S23] a program lives through an outage and connects again", async () => {
  const port = await freePort();
  const child = program(port, { backoff: { maxMs: 200 } });
  await says(child, '"attempt":2');
  const server = createServer().listen(port, "127.0.0.1");
  const ended = once(child, "exit").then(() => "ended");
  const came = once(server, "connection").then(() => "came");
  expect(await Promise.race([came, ended])).toBe("came");
  server.close();
});

it("[S23] without keepAlive it ends by itself", async () => {
  const child = program(await freePort(), { keepAlive: false });
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
});
