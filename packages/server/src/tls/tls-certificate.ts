import { X509Certificate } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";

export interface TlsCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly expiresAtMs: number;
}

export interface TlsCertificateOptions {
  /** `cert.pem` and `key.pem` are kept here; put your own in their place. */
  readonly dir: string;
  /** Names and addresses that phones reach this machine by. */
  readonly hosts: readonly string[];
  readonly nowMs: number;
}

const lifeMs = 397 * 24 * 3600_000;
const renewBeforeMs = 30 * 24 * 3600_000;

/**
 * The certificate for SIP over TLS: the one in the folder, else a self-signed one, made at the first start and renewed a
 * month before its end. A certificate that somebody put there is never overwritten, not even when it has expired.
 */
export async function loadTlsCertificate({ dir, hosts, nowMs }: TlsCertificateOptions): Promise<TlsCertificate> {
  const [certFile, keyFile] = [join(dir, "cert.pem"), join(dir, "key.pem")];
  const kept = await readPair(certFile, keyFile);
  if (kept !== undefined && !(isOwn(kept.certPem) && kept.expiresAtMs - nowMs < renewBeforeMs)) return kept;
  // Much code, which a later start does not need.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMs - 3600_000),
    notAfterDate: new Date(nowMs + lifeMs),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: ["localhost", ...hosts].map(alternativeName) },
    ],
  });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(keyFile, made.private, { mode: 0o600 });
  await writeFile(certFile, made.cert);
  return { certPem: made.cert, keyPem: made.private, expiresAtMs: nowMs + lifeMs };
}

const commonName = "PBX-X";

/** Whether phones can check the certificate in the folder: it is not the self-signed one. */
export async function isCheckable(dir: string): Promise<boolean> {
  const kept = await readPair(join(dir, "cert.pem"), join(dir, "key.pem"));
  return kept !== undefined && !isOwn(kept.certPem);
}

async function readPair(certFile: string, keyFile: string): Promise<TlsCertificate | undefined> {
  try {
    const [certPem, keyPem] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    return { certPem, keyPem, expiresAtMs: Date.parse(new X509Certificate(certPem).validTo) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Error(`the TLS certificate in ${certFile} cannot be used`, { cause: error });
  }
}

function isOwn(certPem: string): boolean {
  const { issuer, subject } = new X509Certificate(certPem);
  return issuer === subject && subject === `CN=${commonName}`;
}

function alternativeName(host: string): { type: 7; ip: string } | { type: 2; value: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}
