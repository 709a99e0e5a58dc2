// Your first event: PBX_URL=http://127.0.0.1:8080 PBX_TOKEN=… node examples/01-first-event.ts
import { connect } from "@pbx-x/client";

const { PBX_URL = "http://127.0.0.1:8080", PBX_TOKEN = "" } = process.env;
using client = connect({ url: PBX_URL, token: PBX_TOKEN, channels: ["calls"] });

for await (const { data } of client.events(["CALL_RINGING"])) {
  console.log(`${data.caller?.number ?? "somebody"} calls ${data.callee?.number ?? "somebody"}`);
  break;
}
