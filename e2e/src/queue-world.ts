import type { Answer, WireEvent } from "./cti.ts";
import { startWorld, type World } from "./world.ts";
import type { ServerOptions } from "./server-process.ts";

/** The demo world with a queue of a test's own, and what tests of queues ask again and again. */
export interface QueueWorld extends World {
  readonly queueId: string;
  /** Ids of extensions by number: 100, 200, 201, 202. */
  readonly ids: Readonly<Record<string, string>>;
  configure(changes: object, queueId?: string): Promise<void>;
  login(number: string, queueIds?: readonly string[]): Promise<Answer>;
  logout(number: string): Promise<Answer>;
  /** What comes from now on is new. */
  mark(): void;
  /** The first new event whose data has these fields, also nested ones. */
  next(type: string, data?: object): Promise<WireEvent>;
  /** Types of the new events, without the figures. */
  told(): readonly string[];
  newEvents(type: string): readonly WireEvent[];
}

/** The number of the queue. */
export const queueNumber = "320";

/** A world with an empty queue that says nothing, wraps up in no time and is watched by the administrator's socket. */
export async function startQueueWorld(settings: object = {}, options: ServerOptions = {}): Promise<QueueWorld> {
  const world = await startWorld(options);
  const { cti } = world;
  await cti.send("subscribe", { channels: ["queues", "agents"] });
  const ids: Record<string, string> = {};
  for (const number of ["100", "200", "201", "202"]) ids[number] = await world.extensionId(number);
  const { id: queueId } = (await world.request("POST", "/queues", {
    name: "Desk",
    extensionNumber: queueNumber,
    greetingEnabled: false,
    announcementIntervalSeconds: 0,
    wrapUpTimeSeconds: 0,
    ...settings,
  })) as { id: string };
  let seen = 0;
  const isNew = (event: WireEvent): boolean => cti.events.indexOf(event) >= seen;
  return {
    ...world,
    queueId,
    ids,
    configure: async (changes, id = queueId) => {
      await world.request("PATCH", `/queues/${id}`, changes);
    },
    login: (number, queueIds = [queueId]) => cti.send("agentLogin", { extensionId: ids[number], queueIds }),
    logout: (number) => cti.send("agentLogout", { extensionId: ids[number] }),
    mark: () => {
      seen = cti.events.length;
    },
    next: (type, data = {}) => cti.waitFor(type, (event) => isNew(event) && hasAll(event.data, data)),
    told: () => cti.events.slice(seen).flatMap(({ type }) => (type === "QUEUE_STATS_UPDATED" ? [] : [type])),
    newEvents: (type) => cti.events.slice(seen).filter((event) => event.type === type),
  };
}

function hasAll(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return actual === wanted;
  if (typeof actual !== "object" || actual === null) return false;
  const fields = new Map(Object.entries(actual));
  return Object.entries(wanted).every(([name, value]) => hasAll(fields.get(name), value));
}
