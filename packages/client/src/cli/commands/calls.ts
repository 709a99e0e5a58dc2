import { parseArgs, styleText } from "node:util";
import type { Call, Channel } from "@pbx-x/protocol/runtime";
import type { PbxClient } from "../../client.ts";
import { isPbxError } from "../../commands/pbx-error.ts";
import { Failure } from "../failure.ts";
import { openClient } from "../open-client.ts";

const channels: readonly Channel[] = ["calls", "queues", "me"];

/** Lists the active calls. */
export async function calls(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } });
  await withClient(env, (client) => {
    const list = client.state.calls();
    if (values.json) console.log(JSON.stringify(list, undefined, 2));
    else if (list.length === 0) console.log("No calls.");
    else for (const call of list) console.log(lineOf(call));
  });
}

/** Dials for a phone: rings it first, then calls the other number; follows the call until it is answered or ended. */
export async function call(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { "auto-answer": { type: "boolean", default: false } },
  });
  const [from, to] = positionals;
  if (from === undefined || to === undefined) throw new Failure("Who calls whom? For example: call 200 201", 2);
  await withClient(env, async (client) => {
    const request = client.call.originate({ from, to, autoAnswer: values["auto-answer"] });
    const { callId } = request;
    const isOver = new Promise<void>((resolve) => {
      client.on("CALL_RINGING", ({ data }) => {
        if (data.callId === callId) console.log(`${data.callee?.number ?? to} rings`);
      });
      client.on("QUEUE_CALL_ENTERED", ({ data }) => {
        if (data.callId !== callId) return;
        console.log(`waits in the queue ${data.queueName} until an agent takes it`);
        resolve();
      });
      client.on("CALL_ANSWERED", ({ data }) => {
        if (data.callId !== callId) return;
        console.log(styleText("green", `answered by ${data.answeredBy.number}`));
        resolve();
      });
      client.on("CALL_ENDED", ({ data }) => {
        if (data.callId !== callId) return;
        console.log(styleText("red", `ended: ${data.hangupCause}`));
        process.exitCode = 1;
        resolve();
      });
    });
    await request;
    console.log(`call ${callId}: ${from} is rung, then ${to}. To end it: hangup ${callId}`);
    await isOver;
  });
}

export async function hangup(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await withClient(env, async (client) => {
    const { callId } = chosen(client, args);
    await client.call.hangup({ callId });
    console.log(`call ${callId} is being ended`);
  });
}

export async function answer(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await withClient(env, async (client) => {
    const { callId } = chosen(client, args);
    await client.call.answer({ callId });
    console.log(`call ${callId}: the phone was told to answer`);
  });
}

/** A call by its id, by the beginning of it, or the only one there is. */
function chosen(client: PbxClient, args: readonly string[]): Call {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [given] = positionals;
  const list = client.state.calls();
  const found = given === undefined ? list : list.filter(({ callId }) => callId.startsWith(given));
  const [first] = found;
  if (first === undefined)
    throw new Failure(given === undefined ? "There is no call." : `There is no call "${given}".`);
  if (found.length > 1) throw new Failure(`Which one?\n${found.map(lineOf).join("\n")}`, 2);
  return first;
}

async function withClient(env: NodeJS.ProcessEnv, run: (client: PbxClient) => void | Promise<void>): Promise<void> {
  const client = await openClient(env, channels);
  try {
    await run(client);
  } catch (error) {
    if (isPbxError(error)) throw new Failure(`${error.message} (${error.code})`);
    throw error;
  } finally {
    await client.close();
  }
}

function lineOf({ callId, state, caller, callee, startedAt }: Call): string {
  const since = startedAt === undefined ? "" : ` since ${new Date(startedAt).toLocaleTimeString("en-GB")}`;
  return `${callId}  ${(caller?.number ?? "?").padEnd(14)} → ${(callee?.number ?? "?").padEnd(14)} ${state}${since}`;
}
