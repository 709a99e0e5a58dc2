// The installed client SDK in whatever runs this (Deno, Bun, Node): logs in, is live, sends a command, sees events, loses
// its line and comes back. Arguments: address of the sandbox, of its control page, its administrator's password.
import { connect } from "@pbx-x/client";

const [url, control, password] = (globalThis.Deno?.args ?? process.argv.slice(2)).map(String);

const press = (action) => fetch(new URL(action, control), { method: "POST" }).then((answer) => answer.text());

const login = await fetch(`${url}/api/v1/auth/login`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ email: "admin@pbx-x.example", password }),
});
const { tokens } = await login.json();
const client = connect({
  url,
  token: () => Promise.resolve(tokens.accessToken),
  channels: ["calls", "extensions"],
  keepAlive: true,
});
await client.ready();

const ended = client.waitFor("CALL_ENDED", () => true, { timeoutMs: 20_000 });
await press("play/inbound?speed=100");
await ended;
console.log("event");

const { extensionId } = client.state.extension("202");
const isOn = () => client.state.extension("202")?.dndEnabled;
await client.extension.setDnd({ extensionId, enabled: true }).visible();
console.log(`command ${isOn()}`);

const resumed = new Promise((resolve) => client.on("resumed", resolve));
await press("network/cut");
const { via } = await resumed;
await client.extension.setDnd({ extensionId, enabled: false }).visible();
console.log(`${via} ${isOn()}`);

await client.close();
console.log(client.connection.get().at);
