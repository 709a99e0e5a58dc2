// @vitest-environment jsdom
import { createElement, Fragment, memo, type ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { createTestbench } from "../client-testbench.ts";
import {
  PbxProvider,
  useAllowed,
  useCall,
  useCallIds,
  useCalls,
  useChannels,
  useChannelStatus,
  useCommand,
  useConnection,
  useExtension,
  useExtensionNumbers,
  usePbx,
  usePbxEvent,
  usePending,
  useSelector,
} from "./index.ts";
import { createReactTestbench, type ReactTestbench } from "./react-testbench.ts";

function changeExtension({ bench }: ReactTestbench, number: string, isDnd: boolean): void {
  const timestamp = new Date(bench.clock.wall()).toISOString();
  const data = { extensionId: `id-${number}`, number, changes: { dndEnabled: isDnd } };
  bench.server.append({ type: "EXTENSION_STATUS_CHANGED", timestamp, data }, ["extensions"]);
}

function text(element: () => string): () => ReactElement {
  return () => createElement(Fragment, null, element());
}

describe("hooks for React", () => {
  it("[M7] [D9] a mounted component wants its channels; strict mode sends no frame more, unmounting releases them", async () => {
    const testbench = await createReactTestbench({ channels: [] });
    const { bench, page } = testbench;
    const View = text(() => {
      useChannels(["calls", "extensions"]);
      return `${useConnection().at} ${useChannelStatus("calls").is}`;
    });
    await testbench.render(createElement(View));
    expect(page.textContent).toBe("live pending");
    await testbench.pass(100);
    expect(page.textContent).toBe("live live");
    const frames = bench.server.received.filter(({ command }) => command !== "ping");
    expect(frames.map(({ command, params }) => [command, params])).toEqual([
      ["subscribe", { channels: ["calls", "extensions"], snapshot: true }],
    ]);
    await testbench.unmount();
    await testbench.pass(1500);
    expect(bench.client.channels.status("calls").is).toBe("unwanted");
  });

  it("[M3] a channel that was granted is live with all that it brings, not a moment before", async () => {
    const testbench = await createReactTestbench({ channels: [] });
    for (const number of ["200", "201", "202"]) changeExtension(testbench, number, false);
    await testbench.pass(100);
    const shown = new Set<string>();
    const View = text(() => {
      useChannels(["extensions"]);
      const moment = `${useChannelStatus("extensions").is} ${useExtensionNumbers().length}`;
      shown.add(moment);
      return moment;
    });
    await testbench.render(createElement(View));
    const { channels } = testbench.bench.client;
    const told: string[] = [];
    channels.subscribe(() => told.push(`${channels.status("extensions").is} ${channels.published("extensions").is}`));
    await testbench.bench.pass(100);
    // At once for those that are no view: a page that is not seen draws no frames.
    expect(told).toEqual(["live pending"]);
    // Drawn anew for another reason, while the answer waits for the next frame.
    await testbench.render(createElement(View));
    await testbench.frame();
    expect([...shown]).toEqual(["unwanted 0", "pending 0", "live 3"]);
  });

  it("[M3] [M5] parent and child show the same moment, and only with the next frame", async () => {
    const testbench = await createReactTestbench();
    const { bench, page } = testbench;
    const Child = text(() => ` ${useCalls().length}`);
    const Parent = (): ReactElement =>
      createElement(
        Fragment,
        null,
        useCallIds().length,
        createElement(Child),
        ` ${useCalls()
          .map(({ state }) => state)
          .join()}`,
      );
    await testbench.render(createElement(Parent));
    bench.call("a", "CALL_CREATED");
    await bench.server.flushAll();
    expect([page.textContent, bench.client.state.calls().length]).toEqual(["0 0 ", 1]);
    await testbench.frame();
    expect(page.textContent).toBe("1 1 initiated");
    bench.call("a", "CALL_ENDED");
    await testbench.frame();
    expect(page.textContent).toBe("0 0 ");
  });

  it("[M4] of 2,000 rows only the changed ones render: 50 updates, 50 renders, the list not once", async () => {
    const testbench = await createReactTestbench({ channels: ["extensions"] });
    const numbers = Array.from({ length: 2000 }, (_, index) => String(1000 + index));
    for (const number of numbers) changeExtension(testbench, number, false);
    await testbench.frame();
    const renders = { rows: 0, lists: 0 };
    const Row = memo(({ number }: { readonly number: string }) => {
      renders.rows += 1;
      return createElement("li", null, `${number} ${String(useExtension(number)?.dndEnabled)}`);
    });
    const List = (): ReactElement => {
      renders.lists += 1;
      return createElement(
        "ul",
        null,
        ...useExtensionNumbers().map((number) => createElement(Row, { key: number, number })),
      );
    };
    await testbench.render(createElement(List), { isStrict: false });
    expect(renders).toEqual({ rows: 2000, lists: 1 });
    for (const number of numbers.slice(100, 150)) changeExtension(testbench, number, true);
    await testbench.frame();
    expect(renders).toEqual({ rows: 2050, lists: 1 });
    expect(testbench.page.children[0]?.children[100]?.textContent).toBe("1100 true");
    for (let times = 0; times < 50; times += 1) changeExtension(testbench, "1000", times % 2 === 0);
    changeExtension(testbench, "1000", true);
    await testbench.frame();
    expect(renders.rows).toBe(2051);
  });

  it("[M4] a selector is asked again only when what it read has changed, and a new function keeps an equal result", async () => {
    const testbench = await createReactTestbench({ channels: ["calls", "extensions"] });
    const results = new Set<unknown>();
    let asked = 0;
    const View = text(() => {
      useConnection();
      const names = useSelector(
        (read) => {
          asked += 1;
          return [...read("calls").values()].map(({ callId }) => callId);
        },
        (a, b) => a.join() === b.join(),
      );
      results.add(names);
      return names.join();
    });
    await testbench.render(createElement(View), { isStrict: false });
    await testbench.render(createElement(View), { isStrict: false });
    const before = asked;
    changeExtension(testbench, "200", true);
    await testbench.frame();
    expect([asked, results.size]).toEqual([before, 1]);
    testbench.bench.call("a", "CALL_CREATED");
    await testbench.frame();
    expect([testbench.page.textContent, results.size]).toEqual(["a", 2]);
  });

  it("[M7] [K8] a command shows that it is under way and how it failed; others see it as pending", async () => {
    const testbench = await createReactTestbench();
    const { bench, page } = testbench;
    bench.call("a", "CALL_CREATED");
    await testbench.frame();
    let hold: () => void = () => undefined;
    const Button = text(() => {
      const command = useCommand("hold");
      hold = () => void command.run({ callId: "a" });
      return `${command.isPending ? "…" : ""}${command.error?.code ?? ""}`;
    });
    const Other = text(() => ` ${usePending("a").length}${usePending().length} ${String(useAllowed("a")?.hangup.ok)}`);
    await testbench.render(createElement(Fragment, null, createElement(Button), createElement(Other)));
    expect(page.textContent).toBe(" 00 true");
    bench.server.goSilent();
    await testbench.frame();
    await testbench.pass(0);
    await testbench.act(hold);
    expect(page.textContent).toBe("… 11 true");
    await testbench.pass(11_000);
    expect(page.textContent).toBe("TIMED_OUT 00 true");
  });

  it("[M7] listeners hear with the function of the last render and stop with the component", async () => {
    const testbench = await createReactTestbench();
    const heard: string[] = [];
    const View = ({ name }: { readonly name: string }): null => {
      usePbxEvent("CALL_CREATED", ({ data }, { source }) => heard.push(`${name} ${data.callId} ${source}`));
      return null;
    };
    await testbench.render(createElement(View, { name: "one" }));
    await testbench.render(createElement(View, { name: "two" }));
    testbench.bench.call("a", "CALL_CREATED");
    await testbench.frame();
    await testbench.unmount();
    testbench.bench.call("b", "CALL_CREATED");
    await testbench.frame();
    expect(heard).toEqual(["two a live"]);
    expect(testbench.bench.client.connection.get().at).toBe("live");
  });

  it("[M5] a server renders the empty state, without a subscription", async () => {
    const { client, ...bench } = await createTestbench();
    bench.call("a", "CALL_CREATED");
    await bench.server.flushAll();
    const View = text(
      () => `${useConnection().at} ${useCalls().length} ${useCall("a") === undefined} ${usePbx() === client}`,
    );
    const html = renderToString(createElement(PbxProvider, { client }, createElement(View)));
    expect(html).toBe("idle 0 true true");
  });

  it("[M7] hooks without a provider say what is missing", () => {
    expect(() => renderToString(createElement(text(() => useConnection().at)))).toThrow("<PbxProvider client={…}>");
  });
});
