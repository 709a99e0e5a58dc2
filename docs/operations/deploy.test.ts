import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settingsTable } from "../../packages/server/src/config/settings-table.ts";
import { createRestTestbench, type RestTestbench } from "../../packages/server/src/rest/rest-testbench.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

let bench: RestTestbench;
let metrics: ReadonlySet<string>;
beforeAll(async () => {
  bench = await createRestTestbench();
  const { body } = await bench.app.inject("/metrics");
  const families = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  metrics = new Set(
    families.flatMap(([, name = "", type]) =>
      type === "histogram" ? [name, ...["bucket", "sum", "count"].map((part) => `${name}_${part}`)] : [name],
    ),
  );
});
afterAll(() => bench?.stop());

const unknownMetrics = (text: string): readonly string[] =>
  [...text.matchAll(/\bpbxx_\w+/g)].map(([name]) => name).filter((name) => !metrics.has(name));

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

describe("what is shipped for operations", () => {
  it("the dashboard has only figures that there are, and no panel lies over another", () => {
    const text = read("deploy/grafana/pbx-x.json");
    const { panels } = JSON.parse(text) as { panels: readonly Panel[] };
    expect(panels.length).toBeGreaterThan(15);
    expect(unknownMetrics(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join("\n"))).toEqual([]);
    for (const { targets, title } of panels) expect({ title, count: targets.length }).not.toMatchObject({ count: 0 });
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}:${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("the alert rules are rules, each with a severity and words, of figures that there are", () => {
    const { groups } = parse(read("deploy/prometheus/alerts.yml")) as {
      groups: readonly { rules: readonly Alert[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(8);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { expr, labels, annotations } of rules) {
      expect(unknownMetrics(expr)).toEqual([]);
      expect(["info", "warning", "critical"]).toContain(labels.severity);
      expect(annotations.summary).not.toBe("");
      const count = (sign: string): number => expr.split(sign).length;
      for (const [open, close] of ["()", "[]", "{}"]) expect(count(open ?? "")).toBe(count(close ?? ""));
    }
  });

  it("the page on metrics names only figures that there are", () => {
    expect(unknownMetrics(read("docs/operations/metrics.md"))).toEqual([]);
  });

  it("every setting that is named is one", () => {
    const known = new Set<string>([...settingsTable.map(({ name }) => name), "PBXX_PASSWORD", "PBXX_TEST_ASTERISK"]);
    const pages = filesOf("docs").filter((name) => name.endsWith(".md") && !name.includes("/.vitepress/"));
    const places = [...filesOf("deploy"), ...pages, "README.md", "README.de.md"];
    const unknown = places.flatMap((path) =>
      [...read(path).matchAll(/\bPBXX_[A-Z_]*[A-Z]\b(?!_)/g)]
        .filter(([name]) => !known.has(name))
        .map(([name]) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it("the unit has its sections, starts what there is, and gives nothing away", () => {
    const unit = read("deploy/systemd/pbx-x.service");
    const sections: Record<string, Record<string, string[]>> = {};
    let section = "";
    for (const line of unit.split("\n").filter((text) => text !== "" && !text.startsWith("#"))) {
      const heading = /^\[(\w+)\]$/.exec(line)?.[1];
      const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
      if (heading !== undefined) section = heading;
      expect(heading ?? key, line).not.toBe("");
      if (heading === undefined) ((sections[section] ??= {})[key] ??= []).push(value);
    }
    expect(Object.keys(sections)).toEqual(["Unit", "Service", "Install"]);
    const service = sections["Service"] ?? {};
    expect(service).toMatchObject({
      User: ["pbx-x"],
      StateDirectory: ["pbx-x"],
      NoNewPrivileges: ["yes"],
      ProtectSystem: ["strict"],
      CapabilityBoundingSet: [""],
    });
    const program = service["ExecStart"]?.[0]?.split(" ")[1]?.replace("/opt/pbx-x/", "") ?? "";
    expect(read(program)).toContain("main.ts");
    expect(read("deploy/systemd/pbx-x.env")).toMatch(/^(?:#.*\n|PBXX_\w+=.*\n)+$/);
  });

  it("whoever follows the guides has the console: what is installed is built, by the packages that only builds need", () => {
    for (const page of ["systemd", "upgrade"]) {
      const commands = read(`docs/operations/${page}.md`).replaceAll("sudo ", "");
      expect(commands).toContain("npm ci && npm run build && npm prune --omit=dev");
      expect(commands).not.toContain("npm ci --omit=dev");
    }
  });

  it("the compose file mounts the data, and its container may do nothing", () => {
    const compose = parse(read("deploy/docker/compose.yaml")) as {
      services: Record<string, { build: { context: string; dockerfile: string }; volumes: readonly string[] }>;
      volumes: object;
    };
    const service = compose.services["pbx-x"];
    expect(service).toMatchObject({ network_mode: "host", read_only: true, cap_drop: ["ALL"] });
    expect(service?.volumes.map((volume) => volume.split(":")[0])).toEqual(Object.keys(compose.volumes));
    expect(read(service?.build.dockerfile ?? "")).toContain("HEALTHCHECK");
  });

  it("the image is built in two stages, copies what there is, and runs as nobody in particular", () => {
    const lines = read("deploy/docker/Dockerfile").split("\n");
    expect(lines.filter((line) => line.startsWith("FROM "))).toHaveLength(2);
    expect(lines.indexOf("USER pbx-x")).toBeGreaterThan(
      lines.lastIndexOf(lines.find((line) => /^FROM [^ ]+$/.test(line)) ?? ""),
    );
    const copied = lines.flatMap((line) => /^COPY --from=build \/app\/(\S+) /.exec(line)?.[1] ?? []);
    const tracked = readdirSync(root);
    for (const path of copied) expect(tracked).toContain(path.split("/")[0]);
    const command = lines.findLast((line) => line.startsWith("CMD "))?.slice(4) ?? "[]";
    const [, program = ""] = JSON.parse(command) as string[];
    expect(read(program)).toContain("main.ts");
  });

  it("the proxies pass the socket on, tell who asks, and keep secrets out of their logs", () => {
    const nginx = read("deploy/proxy/nginx.conf");
    for (const header of ["Upgrade", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"]) {
      expect(nginx).toMatch(new RegExp(`proxy_set_header ${header} `));
    }
    expect(nginx).toContain("~^/provision/ 0;");
    const caddy = read("deploy/proxy/Caddyfile");
    expect(caddy).toContain("reverse_proxy 127.0.0.1:8080");
    expect(caddy).toContain("/provision/");
    for (const text of [nginx, caddy]) expect(text.split("{").length).toBe(text.split("}").length);
  });

  it("the program for backups says what it wants", async () => {
    const program = join(root, "deploy", "backup", "backup.mjs");
    const failure = await promisify(execFile)(process.execPath, [program]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining("usage") as string });
  });
});
