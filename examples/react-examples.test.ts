import { connect, type PbxClient } from "@pbx-x/client";
import { createElement, type ReactElement } from "react";
import type { Root } from "react-dom/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox, type Step } from "../packages/sandbox/src/index.ts";
import { OperatorPanel } from "./05-operator-panel.tsx";
import { Wallboard } from "./06-queue-wallboard.tsx";
import { AgentDesktop } from "./07-agent-desktop.tsx";
import { startPage } from "./02-browser-login.ts";
import { openPage } from "./dom.ts";

const clients: PbxClient[] = [];
let sandbox: Sandbox;
let page: HTMLElement;
let root: Root;

beforeAll(async () => {
  sandbox = await startSandbox();
  page = openPage();
}, 60_000);
afterEach(() => root?.unmount());
afterAll(async () => {
  for (const client of clients) await client.close();
  await sandbox?.stop();
});

function connectAs(email: string): PbxClient {
  const client = connect({ url: sandbox.url, token: () => sandbox.tokenOf(email) });
  clients.push(client);
  return client;
}

async function render(element: ReactElement): Promise<void> {
  // React looks for the page when it is loaded.
  const { createRoot } = await import("react-dom/client");
  root = createRoot(page);
  root.render(element);
}

const text = (): string => page.textContent;
const later = { timeout: 10_000 };

function play(...steps: readonly Step[]): Promise<void> {
  return sandbox.play({ name: "own", title: "own", shows: [], steps }, { speed: 100 });
}

function click(label: string): void {
  const button = [...page.querySelectorAll("button")].find((each) => each.textContent === label);
  if (button === undefined || button.disabled) throw new Error(`"${label}" cannot be clicked: ${page.innerHTML}`);
  button.click();
}

describe("example", () => {
  it("2: a form logs in and shows the connection", async () => {
    page.innerHTML = '<form><input name="email"><input name="password"></form><output></output>';
    const [form, output] = [page.querySelector("form"), page.querySelector("output")];
    if (form === null || output === null) throw new Error("the page has no form");
    startPage(form, output, sandbox.url);
    const submit = (password: string): void => {
      (form.elements.namedItem("email") as HTMLInputElement).value = "admin@pbx-x.example";
      (form.elements.namedItem("password") as HTMLInputElement).value = password;
      form.dispatchEvent(new window.Event("submit", { cancelable: true }));
    };
    submit("wrong");
    await expect.poll(() => output.textContent, later).toBe("E-mail or password is wrong.");
    submit(sandbox.users[0]?.password ?? "");
    await expect.poll(() => output.textContent, later).toBe("live");
    page.innerHTML = "";
  });

  it("5: the operator panel shows phones and calls as they come and go", async () => {
    await render(createElement(OperatorPanel, { client: connectAs("admin@pbx-x.example") }));
    await expect.poll(text, later).toContain("200 Anna Schmidt: no phone");
    await play({ do: "phone", number: "200" });
    await expect.poll(text, later).toContain("200 Anna Schmidt: free");
    await play({ do: "incoming", call: "a", from: "+491701234567", to: "200" });
    await expect.poll(text, later).toContain("200 Anna Schmidt: ringing");
    await play({ do: "answer", number: "200" });
    await expect.poll(text, later).toContain("200 Anna Schmidt: answered");
    await play({ do: "hangup", number: "200" });
    await expect.poll(text, later).toContain("200 Anna Schmidt: free");
  });

  it("6: the wallboard shows who waits", async () => {
    await render(createElement(Wallboard, { client: connectAs("admin@pbx-x.example") }));
    await play(
      { do: "incoming", call: "a", from: "+491701234567", to: "300" },
      { do: "until", event: "QUEUE_CALL_ENTERED" },
    );
    await expect.poll(text, later).toMatch(/Support1 waiting, the first since .*0 of 0 agents free/);
    await play({ do: "hangupCaller", call: "a" }, { do: "until", event: "QUEUE_CALL_ABANDONED" });
    await expect.poll(text, later).toMatch(/Support0 waiting0 of 0 agents free/);
  });

  it("7: an agent logs in, takes a call, wraps up, takes a break, and goes home", async () => {
    const client = connectAs("anna.schmidt@pbx-x.example");
    await client.ready();
    await expect.poll(() => client.actor.get().extensionId).toBeDefined();
    const token = await sandbox.tokenOf("admin@pbx-x.example");
    const answer = await fetch(`${sandbox.url}/api/v1/queues`, { headers: { authorization: `Bearer ${token}` } });
    const { data } = (await answer.json()) as { data: readonly { id: string; name: string }[] };
    const queueIds = data.filter(({ name }) => name === "Support").map(({ id }) => id);
    const extensionId = client.actor.get().extensionId ?? "";
    await play({ do: "phone", number: "200" });
    await render(createElement(AgentDesktop, { client, extensionId, number: "200", queueIds }));
    const heading = (): string | undefined => page.querySelector("h1")?.textContent;
    await expect.poll(heading, later).toBe("offline");
    click("Log in");
    await expect.poll(heading, later).toBe("available");
    await play(
      { do: "incoming", call: "b", from: "+491701234567", to: "300" },
      { do: "until", event: "QUEUE_AGENT_OFFERED" },
      { do: "answer", number: "200" },
      { do: "until", event: "QUEUE_CALL_ANSWERED" },
    );
    await expect.poll(text, later).toContain("+491701234567: answered");
    click("Hold");
    await expect.poll(text, later).toContain("+491701234567: held");
    click("Back");
    await expect.poll(text, later).toContain("+491701234567: answered");
    click("Hang up");
    await expect.poll(heading, later).toBe("wrap_up");
    click("Done");
    await expect.poll(heading, later).toBe("available");
    click("Break");
    await expect.poll(heading, later).toBe("break");
    click("Available");
    await expect.poll(heading, later).toBe("available");
    click("Log out");
    await expect.poll(heading, later).toBe("offline");
  }, 60_000);
});
