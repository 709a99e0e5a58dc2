import { connect, type PbxClient } from "@pbx-x/client";
import type { BenchPbx } from "../pbx/server.ts";
import { openSoakPhone, type SoakPhone } from "./soak-phone.ts";

/** What one actor of the traffic has for itself, so that no two meet. */
export interface Stage {
  readonly index: number;
  readonly phones: readonly [SoakPhone, SoakPhone, SoakPhone];
  /** Extension by number, for commands of the administrator. */
  readonly idOf: (number: string) => string;
  /** A number with a mailbox and without a phone. */
  readonly mailbox: string;
  readonly queue: string;
  readonly room: string;
  readonly client: PbxClient;
  /** The call that a number has dialled, once the event has told of it. */
  callOf(number: string): Promise<string>;
  rest(method: string, path: string, body?: object): Promise<unknown>;
  /** After a failure: nothing goes on any more. */
  clear(): Promise<void>;
}

export interface SoakWorld {
  readonly stages: readonly Stage[];
  readonly phones: number;
  readonly client: PbxClient;
  rest(method: string, path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Extensions, phones, queues with agents, rooms and mailboxes for so many actors. */
export async function buildWorld(pbx: BenchPbx, actors: number): Promise<SoakWorld> {
  const client = connect({ url: pbx.url, token: () => pbx.login(), channels: ["calls"] });
  await client.ready();
  const created = new Map<string, string>();
  client.on("CALL_CREATED", ({ data }) => void created.set(data.caller?.number ?? "", data.callId));
  client.on("CALL_ENDED", ({ data }) => {
    for (const [number, callId] of created) if (callId === data.callId) created.delete(number);
  });
  const rest = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${pbx.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await pbx.login()}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const numbersOf = (actor: number): readonly [string, string, string, string] => {
    const base = 2000 + actor * 10;
    return [`${base}`, `${base + 1}`, `${base + 2}`, `${base + 3}`];
  };
  await pbx.addExtensions(Array.from({ length: actors }, (_, actor) => numbersOf(actor)).flat());
  const ids = new Map<string, string>();
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const list = (await rest("GET", `/extensions?limit=100&page=${page}`)) as {
      readonly data: readonly { readonly id: string; readonly number: string }[];
      readonly meta: { readonly totalPages: number };
    };
    for (const { id, number } of list.data) ids.set(number, id);
    pages = list.meta.totalPages;
  }
  const idOf = (number: string): string => ids.get(number) ?? "";
  const stages: Stage[] = [];
  for (let actor = 0; actor < actors; actor += 1) {
    const [first, second, third, mailbox] = numbersOf(actor);
    await rest("PATCH", `/extensions/${idOf(mailbox)}`, { voicemailEnabled: true });
    const queue = `${3000 + actor}`;
    const { id: queueId } = (await rest("POST", "/queues", {
      name: `Queue ${actor}`,
      extensionNumber: queue,
      wrapUpTimeSeconds: 1,
      greetingEnabled: false,
    })) as { readonly id: string };
    const room = `${4000 + actor}`;
    await rest("POST", "/conferences", { name: `Room ${actor}`, number: room });
    const phones = await Promise.all([first, second, third].map((number) => openSoakPhone(number, pbx.sip)));
    const [one, two, three] = phones;
    if (one === undefined || two === undefined || three === undefined) throw new Error("a phone is missing");
    await client.agent.login({ extensionId: idOf(second), queueIds: [queueId] });
    stages.push({
      index: actor,
      phones: [one, two, three],
      idOf,
      mailbox,
      queue,
      room,
      client,
      rest,
      callOf: (number) => arrival(created, number),
      clear: async () => {
        await Promise.all(phones.map((phone) => phone.clear()));
      },
    });
  }
  return {
    stages,
    phones: actors * 3,
    client,
    rest,
    close: async () => {
      for (const { phones } of stages) await Promise.all(phones.map((phone) => phone.close()));
      await client.close();
    },
  };
}

async function arrival(created: ReadonlyMap<string, string>, number: string): Promise<string> {
  for (let turn = 0; turn < 500; turn += 1) {
    const callId = created.get(number);
    if (callId !== undefined) return callId;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no event told of the call of ${number}`);
}
