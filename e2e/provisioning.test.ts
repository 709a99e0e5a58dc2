import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BaresipOptions, startBaresip } from "./src/baresip.ts";
import { freePort } from "./src/free-port.ts";
import { registerSipp } from "./src/sipp.ts";
import { startWorld, type World } from "./src/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

type Account = Pick<BaresipOptions, "number" | "password" | "pbx" | "transport">;
type Transport = NonNullable<Account["transport"]>;

const transports = ["udp", "tcp", "tls"] as const;

/** What each maker's phone would make of its file. */
const readers: Readonly<Record<string, (text: string) => Account>> = {
  yealink: (text) => {
    const value = (name: string): string =>
      new RegExp(`^${name.replaceAll(".", "\\.")} = (.*)$`, "m").exec(text)?.[1] ?? "";
    const server = "account.1.sip_server.1";
    return {
      number: value("account.1.auth_name"),
      password: value("account.1.password"),
      pbx: `${value(`${server}.address`)}:${value(`${server}.port`)}`,
      transport: transports[Number(value(`${server}.transport_type`))] ?? "udp",
    };
  },
  snom: (text) => {
    const [pbx = "", transport] = element(text, "user_outbound").split(";transport=");
    // One of the three, or baresip fails.
    return {
      number: element(text, "user_pname"),
      password: element(text, "user_pass"),
      pbx,
      transport: transport as Transport,
    };
  },
  grandstream: (text) => ({
    number: element(text, "P36"),
    password: element(text, "P34"),
    pbx: element(text, "P47"),
    transport: transports[Number(element(text, "P130"))] ?? "udp",
  }),
};

const element = (text: string, name: string): string =>
  new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(text)?.[1] ?? "";

const registered = (number: string, transport: string, seen: number) =>
  world.cti.waitFor(
    "EXTENSION_REGISTERED",
    (event) =>
      event.data["number"] === number &&
      event.data["transport"] === transport &&
      world.cti.events.indexOf(event) >= seen,
  );

describe("phones that fetch their settings", () => {
  it.each([
    ["yealink", "200", "tls", "00:15:65:00:00:01"],
    ["snom", "201", "tcp", "00:04:13:00:00:02"],
    ["grandstream", "202", "udp", "c0:74:ad:00:00:03"],
  ] as const)(
    "[F3] [F4] [F7] %s: baresip registers %s over %s with what the file says",
    async (vendor, number, transport, mac) => {
      const made = (await world.request("POST", "/devices", {
        mac,
        vendor,
        extensionId: await world.extensionId(number),
        // TLS is what a phone gets without being told.
        ...(transport !== "tls" && { transport }),
      })) as { id: string; file: string; secret: string; path: string };
      const authorization = `Basic ${Buffer.from(`${mac}:${made.secret}`).toString("base64")}`;
      const answer = await fetch(`${world.server.url}/provision/${made.file}`, { headers: { authorization } });
      expect(answer.status).toBe(200);
      const account = readers[vendor]?.(await answer.text());
      if (account === undefined) throw new Error(`nobody reads the file of ${vendor}`);
      expect(account).toMatchObject({ number, pbx: world.pbx[transport], transport });
      expect(account.password).not.toBe(world.server.sipPassword(number));
      const seen = world.cti.events.length;
      const phone = await startBaresip(account);
      try {
        await registered(number, transport, seen);
      } finally {
        await phone.stop();
      }
      // The extension's own password goes on.
      await (await world.startPhone(number)).stop();
      await world.request("DELETE", `/devices/${made.id}`);
      const user = { number, password: account.password };
      await expect(registerSipp({ user, pbx: world.pbx.udp, localPort: await freePort() })).rejects.toThrow("failed");
      expect(world.server.output()).not.toContain(made.secret);
      expect(world.server.output()).not.toContain(account.password);
    },
  );
});
