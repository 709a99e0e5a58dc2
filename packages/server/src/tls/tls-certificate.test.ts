import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTlsCertificate } from "./tls-certificate.ts";

const nowMs = Date.UTC(2026, 5, 1);
const day = 24 * 3600_000;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pbx-x-tls-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe("TLS certificate", () => {
  it("is made at the first start for the machine's names, its key readable by its owner only", async () => {
    const made = await loadTlsCertificate({ dir, hosts: ["192.168.1.20", "pbx.example"], nowMs });
    const certificate = new X509Certificate(made.certPem);
    expect(certificate.checkHost("pbx.example")).toBe("pbx.example");
    expect(certificate.checkIP("192.168.1.20")).toBe("192.168.1.20");
    expect((await stat(join(dir, "key.pem"))).mode & 0o777).toBe(0o600);
  });

  it("is kept over a restart and renewed a month before its end", async () => {
    const first = await loadTlsCertificate({ dir, hosts: [], nowMs });
    const later = await loadTlsCertificate({ dir, hosts: [], nowMs: nowMs + 300 * day });
    expect(later.certPem).toBe(first.certPem);
    const renewed = await loadTlsCertificate({ dir, hosts: [], nowMs: nowMs + 380 * day });
    expect(renewed.certPem).not.toBe(first.certPem);
  });

  it("one that cannot be read stops with a clear error", async () => {
    const broken = await mkdtemp(join(tmpdir(), "pbx-x-tls-"));
    await writeFile(join(broken, "cert.pem"), "nonsense");
    await writeFile(join(broken, "key.pem"), "nonsense");
    await expect(loadTlsCertificate({ dir: broken, hosts: [], nowMs })).rejects.toThrow("cannot be used");
    await rm(broken, { recursive: true });
  });
});
