/** A SharedWorker that holds the connection of a group ([T1]); its name says of which. */
import { Candidate } from "./candidate.ts";
import type { GroupMessage } from "./messages.ts";
import { Roster } from "./roster.ts";
import { browserWorld } from "./world.ts";

const { name, url } = JSON.parse(self.name) as { readonly name: string; readonly url: string };
const world = browserWorld(undefined);
if (world !== undefined) {
  const roster = new Roster(world, name, () => undefined);
  const bus = world.channel<GroupMessage>(name);
  bus.onMessage = (message) => roster.hear(message);
  new Candidate({ world, name, connect: { url } }, () => roster.beat).stand();
}
