#!/usr/bin/env node
import { answer, call, calls, hangup } from "./commands/calls.ts";
import { login, logout } from "./commands/login.ts";
import { status } from "./commands/status.ts";
import { watch } from "./commands/watch.ts";
import { Failure } from "./failure.ts";

type Run = (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

const commands: Readonly<Record<string, { readonly usage: string; readonly about: string; readonly run: Run }>> = {
  login: {
    usage: "login --email <address> [--url http://host:8080]",
    about: "log in; asks for the password (or PBXX_PASSWORD)",
    run: login,
  },
  status: { usage: "status", about: "server, connection, registered phones, calls", run: status },
  watch: {
    usage: "watch [--channel calls,extensions] [--type CALL_ENDED] [--json]",
    about: "live events, also across interruptions",
    run: watch,
  },
  calls: { usage: "calls [--json]", about: "active calls", run: calls },
  call: { usage: "call <from> <to> [--auto-answer]", about: "ring <from>, then dial <to>", run: call },
  answer: { usage: "answer [<call id or its beginning>]", about: "let the ringing phone pick up", run: answer },
  hangup: { usage: "hangup [<call id or its beginning>]", about: "end a call", run: hangup },
  logout: { usage: "logout", about: "end the log-in and forget it", run: logout },
};

function help(): string {
  const lines = Object.values(commands).map(({ usage, about }) => `  ${usage.padEnd(66)} ${about}`);
  return ["usage: npm run pbxx -- <command>", "", ...lines].join("\n");
}

const [name, ...args] = process.argv.slice(2);
if (name === undefined || name === "--help" || name === "-h" || args.includes("--help")) {
  console.log(help());
  process.exit(name === undefined ? 2 : 0);
}
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  console.error(`There is no command "${name}".\n\n${help()}`);
  process.exit(2);
}
try {
  await command.run(args, process.env);
} catch (error) {
  const isWrongUse = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (error instanceof Failure || isWrongUse) {
    console.error(error.message);
    process.exitCode = error instanceof Failure ? error.exitCode : 2;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}
