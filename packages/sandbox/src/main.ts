import { parseArgs } from "node:util";
import { startControlPage } from "./control-page.ts";
import { scenarios } from "./scenarios.ts";
import { startSandbox } from "./start-sandbox.ts";

const help = `pbx-x-sandbox [scenario …] [options]

Starts PBX-X without phones and plays scenarios, one after another.

  --speed N    1 to 100: waits are so many times shorter (default 1)
  --repeat     plays them again and again
  --host H     where to listen (default 127.0.0.1)
  --port N     for applications (default 8080); the control page has the next one
  --list       which scenarios there are
`;

const { values, positionals } = given();

if (values.help || values.list) {
  const list = scenarios.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join("\n");
  console.log(values.help ? `${help}\nScenarios:\n${list}` : list);
  process.exit(0);
}
const unknown = positionals.filter((name) => scenarios.every((each) => each.name !== name));
if (unknown.length > 0) fail(`There is no scenario "${unknown.join('", "')}"; --list shows which there are.`);
const [port, speed] = [Number(values.port), Number(values.speed)];
if (!Number.isInteger(port) || port < 0 || port > 65_534) fail("--port is a number from 0 to 65534.");
if (!(speed >= 1 && speed <= 100)) fail("--speed is a number from 1 to 100.");

const sandbox = await startSandbox({ host: values.host, port }).catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error)),
);
const control = await startControlPage(sandbox, { host: values.host, port: port === 0 ? 0 : port + 1 }).catch(
  (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
);
console.log(`PBX-X sandbox: ${sandbox.url}  (control page: ${control.url})\n`);
for (const { email, role, password } of sandbox.users)
  console.log(`  ${email.padEnd(32)} ${role.padEnd(11)} ${password}`);

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    void Promise.all([control.stop(), sandbox.stop()]).then(() => process.exit(0));
  });
}
do {
  for (const name of positionals) {
    if (stopping.signal.aborted) break;
    console.log(`${name} …`);
    await sandbox.play(name, { speed, signal: stopping.signal }).catch((error: unknown) => {
      if (!stopping.signal.aborted) fail(error instanceof Error ? error.message : String(error));
    });
  }
} while (values.repeat && positionals.length > 0 && !stopping.signal.aborted);

function given() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        speed: { type: "string", default: "1" },
        repeat: { type: "boolean", default: false },
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "8080" },
        list: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.) /);
    return fail(`${reason.replace(/\.?$/, ".")} --help shows what there is.`);
  }
}

function fail(message: string): never {
  console.error(`pbx-x-sandbox: ${message}`);
  process.exit(1);
}
