import fc from "fast-check";
import { createRequest, createResponse } from "./build.ts";
import type { SipMessage } from "./message.ts";
import type { NameAddr } from "./name-addr.ts";
import type { SipUri, TelUri, Uri } from "./uri.ts";
import type { Via } from "./via.ts";

/** Text of any characters but line ends and lone surrogates. */
export const anyText = fc
  .string({ unit: "binary", maxLength: 20 })
  .map((text) => text.replaceAll(/[\r\n]/g, "").toWellFormed());

export const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,12}$/);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const host = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\.[a-z]{2,5}){0,2}$/),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address.toLowerCase()}]`),
);
const port = fc.option(fc.nat({ max: 65_535 }), { nil: undefined });
const params = (value: fc.Arbitrary<string>): fc.Arbitrary<ReadonlyMap<string, string | true>> =>
  fc
    .array(fc.tuple(word, fc.oneof(fc.constant(true as const), value)), { maxLength: 3 })
    .map((entries) => new Map(entries));

export const anySipUri: fc.Arbitrary<SipUri> = fc
  .record({
    scheme: fc.constantFrom("sip" as const, "sips" as const),
    user: fc.option(
      anyText.filter((text) => text !== ""),
      { nil: undefined },
    ),
    host,
    port,
    params: params(anyText),
    headers: fc.array(fc.tuple(word, anyText), { maxLength: 2 }).map((entries) => new Map(entries)),
  })
  .map(({ user, port: number, ...rest }) => ({
    ...rest,
    ...(user !== undefined && { user }),
    ...(number !== undefined && { port: number }),
  }));

export const anyTelUri: fc.Arbitrary<TelUri> = fc.record({
  scheme: fc.constant("tel" as const),
  number: fc.stringMatching(/^\+?[0-9*#]{1,15}$/),
  params: params(anyText),
});

export const anyUri: fc.Arbitrary<Uri> = fc.oneof(anySipUri, anyTelUri);

export const anyNameAddr: fc.Arbitrary<NameAddr> = fc
  .record({
    displayName: fc.option(
      anyText.filter((text) => text !== ""),
      { nil: undefined },
    ),
    uri: anyUri,
    params: params(anyText),
  })
  .map(({ displayName, ...rest }) => ({ ...rest, ...(displayName !== undefined && { displayName }) }));

export const anyVia: fc.Arbitrary<Via> = fc
  .record({ transport: fc.constantFrom("UDP", "TCP", "TLS", "WS", "WSS"), host, port, params: params(anyText) })
  .map(({ port: number, params: map, ...rest }) => {
    const branch = map.get("branch");
    return {
      ...rest,
      params: map,
      ...(number !== undefined && { port: number }),
      ...(typeof branch === "string" && { branch }),
    };
  });

const anyRequest = fc
  .record({
    method: token,
    uri: anyUri.map((uri) => ("headers" in uri ? { ...uri, headers: new Map<string, string>() } : uri)),
    from: anyNameAddr,
    to: anyNameAddr,
    callId: fc.stringMatching(/^[!-~]{1,30}$/),
    cseq: fc.nat({ max: 2 ** 31 - 1 }),
    via: fc.array(anyVia, { minLength: 1, maxLength: 3 }),
    subject: anyText,
    body: fc.uint8Array({ maxLength: 60 }),
  })
  .map(({ subject, ...parts }) =>
    createRequest({ ...parts, headers: [{ name: "Subject", value: subject.trim() }], contentType: "x/y" }),
  );

export const anyMessage: fc.Arbitrary<SipMessage> = fc.oneof(
  anyRequest,
  fc
    .tuple(anyRequest, fc.integer({ min: 100, max: 699 }), anyText, token)
    .map(([request, status, reason, toTag]) => createResponse(request, status, { reason: reason.trim(), toTag })),
);
