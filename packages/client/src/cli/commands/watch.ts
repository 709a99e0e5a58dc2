import { parseArgs, styleText } from "node:util";
import { type Channel, eventTable, parseChannel } from "@pbx-x/protocol/runtime";
import { Failure } from "../failure.ts";
import { openClient } from "../open-client.ts";
import { showEvent } from "../show-event.ts";

/** Live events until Ctrl-C; across interruptions, with a line where something could not be told. */
export async function watch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      channel: { type: "string", multiple: true, default: [] },
      type: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
    },
  });
  const channels = split(values.channel);
  for (const channel of channels) {
    const parsed = parseChannel(channel);
    if (!parsed.ok) throw new Failure(parsed.message, 2);
  }
  const types = split(values.type);
  const known = Object.keys(eventTable);
  for (const type of types) {
    if (!known.includes(type))
      throw new Failure(`There is no event type "${type}". There are: ${known.join(", ")}.`, 2);
  }
  const client = await openClient(env);
  const note = (text: string): void => console.error(styleText("dim", `── ${text}`));
  client.on("channelError", ({ channel, message }) => note(`${channel}: ${message}`));
  client.on("gap", ({ reason }) => note(`events may be missing here (${reason}); the state is right again`));
  client.on("resumed", ({ via, missed, downMs }) =>
    note(`back after ${Math.round(downMs / 1000)} s (${via}), ${missed} events followed`),
  );
  client.onAny((event) => {
    if (types.length > 0 ? !types.includes(event.type) : event.type === "CONNECTED") return;
    console.log(values.json ? JSON.stringify(event) : showEvent(event));
  });
  try {
    // A name that the server lists is one that it takes.
    const wanted = (channels.length > 0 ? channels : await allChannels(client)) as readonly Channel[];
    client.channels.want(wanted);
    await new Promise<void>((resolve) => {
      const stop = client.connection.subscribe(() => {
        const state = client.connection.get();
        if (state.at === "offline" && state.nextAttemptAt !== undefined) {
          note(
            `no connection (${state.cause.message}); next try in ${Math.max(0, Math.round((state.nextAttemptAt - Date.now()) / 1000))} s`,
          );
        }
        if (state.at !== "closed") return;
        stop();
        note(state.message);
        process.exitCode = 1;
        resolve();
      });
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => {
          stop();
          resolve();
        });
      }
      note(`watching ${wanted.join(", ")}; Ctrl-C ends`);
    });
  } finally {
    await client.close();
  }
}

async function allChannels(client: Awaited<ReturnType<typeof openClient>>): Promise<readonly string[]> {
  const { available } = await client.command("listChannels", {});
  const names = available.map(({ channel }) => channel).filter((channel) => !channel.includes("<"));
  const general = names.filter((channel) => !channel.includes(":"));
  return general.length > 0 ? general : names;
}

function split(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(",")).filter((value) => value !== "");
}
