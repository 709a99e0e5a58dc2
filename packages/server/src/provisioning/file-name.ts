import type { DeviceVendor } from "./device.ts";
import { grandstreamFile } from "./grandstream-file.ts";
import type { PhoneFacts } from "./phone-facts.ts";
import { snomFile } from "./snom-file.ts";
import { yealinkFile } from "./yealink-file.ts";

export interface AskedFile {
  readonly vendor: DeviceVendor;
  readonly mac: string;
}

/** Whose file a phone asks for ([F4]); undefined: of no single phone. */
export function parseFileName(name: string): AskedFile | undefined {
  const [, prefix = "", digits, extension] = /^(cfg|snom\w*-)?([0-9a-f]{12})\.(cfg|xml|htm|html)$/i.exec(name) ?? [];
  if (digits === undefined || extension === undefined) return undefined;
  const [mac, kind] = [digits.toLowerCase(), extension.toLowerCase()];
  if (prefix.toLowerCase() === "cfg") return kind === "xml" ? { vendor: "grandstream", mac } : undefined;
  if (kind === "cfg") return prefix === "" ? { vendor: "yealink", mac } : undefined;
  return { vendor: "snom", mac };
}

/** The name that a phone of this maker asks for. */
export function fileNameOf(vendor: DeviceVendor, mac: string): string {
  return { yealink: `${mac}.cfg`, snom: `${mac.toUpperCase()}.xml`, grandstream: `cfg${mac}.xml` }[vendor];
}

/** The file itself. */
export function printFile(
  vendor: DeviceVendor,
  facts: PhoneFacts,
): { readonly contentType: string; readonly text: string } {
  if (vendor === "yealink") return { contentType: "text/plain; charset=utf-8", text: yealinkFile(facts) };
  const text = vendor === "snom" ? snomFile(facts) : grandstreamFile(facts);
  return { contentType: "application/xml; charset=utf-8", text };
}
