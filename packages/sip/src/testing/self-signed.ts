import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface SelfSigned {
  readonly certPem: string;
  readonly keyPem: string;
}

/** A new certificate for `localhost`, 127.0.0.1 and ::1 (RFC 5280), valid for a day; for tests only. */
export function createSelfSigned(nowMs = Date.now()): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = der(0x30, der(0x31, der(0x30, oid(2, 5, 4, 3), der(0x0c, Buffer.from("localhost")))));
  const names = der(
    0x30,
    der(0x82, Buffer.from("localhost")),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
  );
  const subjectAltName = der(0x30, oid(2, 5, 29, 17), der(0x04, names));
  const certificate = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    der(0x30, utcTime(nowMs - hourMs), utcTime(nowMs + 24 * hourMs)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, subjectAltName)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", certificate, privateKey)]);
  const whole = der(0x30, certificate, ecdsaWithSha256, der(0x03, signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    certPem: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const hourMs = 3_600_000;
const ecdsaWithSha256 = der(0x30, oid(1, 2, 840, 10_045, 4, 3, 2));

/** Tag, length, contents (X.690 §8.1). */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length;
  const prefix = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...prefix]), body]);
}

function oid(first: number, second: number, ...others: readonly number[]): Buffer {
  const bytes = others.flatMap((value) =>
    value < 128 ? [value] : value < 16_384 ? [0x80 | (value >> 7), value & 127] : [],
  );
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}
