import type { T } from "../words/use-words.ts";
import type { Secret } from "./secret-dialog.tsx";

export interface SipPorts {
  readonly udp?: number;
  readonly tcp?: number;
  readonly tls?: number;
}

/** What is entered in a phone. */
export function phoneSecret(
  t: T,
  {
    number,
    password,
    host,
    ports,
  }: { readonly number: string; readonly password: string; readonly host: string; readonly ports: SipPorts },
): Secret {
  const port = ports.udp ?? ports.tcp ?? 5060;
  const server = port === 5060 ? host : `${host}:${port}`;
  const rows = [
    { label: t("admin.phoneServer"), value: server },
    { label: t("admin.phoneUser"), value: number },
    { label: t("admin.phonePassword"), value: password },
  ];
  return {
    title: `${t("admin.phone")} ${number}`,
    rows,
    qr: rows.map(({ label, value }) => `${label}: ${value}`).join("\n"),
  };
}

/** 24 letters and digits that cannot be mistaken for each other. */
export function newSipPassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from(crypto.getRandomValues(new Uint32Array(24)), (value) => letters[value % letters.length]).join("");
}
