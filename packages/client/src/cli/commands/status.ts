import type { PbxClient } from "../../client.ts";
import { readCredentials } from "../credentials.ts";
import { openClient } from "../open-client.ts";

/** Who is logged in where, and what is going on there. */
export async function status(_args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { url, email } = await readCredentials(env);
  const startedAt = performance.now();
  const client = await openClient(env);
  const readyMs = performance.now() - startedAt;
  try {
    await tell(client, { url, email, readyMs });
  } finally {
    await client.close();
  }
}

async function tell(
  client: PbxClient,
  { url, email, readyMs }: { readonly url: string; readonly email: string; readonly readyMs: number },
): Promise<void> {
  const version = client.serverVersion ?? "";
  const { available } = await client.command("listChannels", {});
  const general = available
    .map(({ channel }) => channel)
    .filter((name) => ["calls", "extensions", "me"].includes(name));
  const answer = await client.command("subscribe", { channels: general, snapshot: true });
  const tables = answer.snapshot?.tables;
  const numbers = new Set(tables?.registrations.map(({ number }) => number));
  const state = client.connection.get();
  console.log(`server      ${url}${version === "" ? "" : ` (${version})`}`);
  console.log(`user        ${email}`);
  console.log(`connection  ${state.at}, ready after ${Math.round(readyMs)} ms`);
  console.log(`position    ${answer.epoch} #${answer.seq}`);
  console.log(
    `phones      ${tables?.registrations.length ?? 0} registered (${[...numbers].toSorted().join(", ") || "none"})`,
  );
  console.log(`calls       ${tables?.calls.length ?? 0}`);
}
