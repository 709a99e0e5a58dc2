import { describe, expect, test } from "vitest";
import { parseDigestParams, printDigestParams } from "./auth-params.ts";
import { createDigestClient } from "./digest-client.ts";
import { type DigestAlgorithm, digestResponse, ha1 } from "./digest-hash.ts";
import { createDigestServer, type DigestServerOptions, type DigestVerdict } from "./digest-server.ts";

describe("response values that the RFCs print", () => {
  const mufasa = { username: "Mufasa", realm: "http-auth@example.org", password: "Circle of Life" };
  const nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

  test.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ] as const)("RFC 7616 §3.9.1, %s", (algorithm, expected) => {
    const response = digestResponse({
      algorithm,
      ha1: ha1({ ...mufasa, algorithm }),
      method: "GET",
      uri: "/dir/index.html",
      nonce,
      qop: { name: "auth", nc: "00000001", cnonce },
    });
    expect(response).toBe(expected);
  });

  test("RFC 2617 §3.5", () => {
    const secret = ha1({
      username: "Mufasa",
      realm: "testrealm@host.com",
      password: "Circle Of Life",
      algorithm: "MD5",
    });
    expect(secret).toBe("939e7578ed9e3c518a452acee763bce9");
    const parts = { algorithm: "MD5", ha1: secret, method: "GET", uri: "/dir/index.html" } as const;
    const old = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    const qop = { name: "auth", nc: "00000001", cnonce: "0a4f113b" } as const;
    expect(digestResponse({ ...parts, nonce: old, qop })).toBe("6629fae49393a05397450978507c4ef1");
    expect(digestResponse({ ...parts, nonce: old })).toBe("670fd8c2df070c60b045671b8b24ff02");
  });

  test("auth-int counts the body in", () => {
    const parts = { algorithm: "MD5", ha1: "x", method: "INVITE", uri: "sip:a", nonce: "n" } as const;
    const qop = { name: "auth-int", nc: "00000001", cnonce: "c" } as const;
    const response = (body: string): string => digestResponse({ ...parts, qop, body: Buffer.from(body) });
    expect(response("one")).not.toBe(response("two"));
  });
});

describe("parameters of the header", () => {
  test("are read with any spacing, quoting and case, with commas in their values", () => {
    expect(parseDigestParams('digest  Realm="a, \\"b\\"" ,nonce=n1,, QOP="auth,auth-int"')).toEqual(
      new Map([
        ["realm", 'a, "b"'],
        ["nonce", "n1"],
        ["qop", "auth,auth-int"],
      ]),
    );
  });

  test.each(["", "Digest", "Basic YTpi", 'Digest realm="a", realm="b"', "Digest realm", "Digest =x", "Digest a b=c"])(
    "'%s' is refused",
    (header) => {
      expect(parseDigestParams(header)).toBeUndefined();
    },
  );

  test("qop has quotes in a challenge and none in an answer (RFC 7616 §3.4)", () => {
    expect(printDigestParams([["qop", "auth"]], false)).toBe('Digest qop="auth"');
    expect(printDigestParams([["qop", "auth"]], true)).toBe("Digest qop=auth");
  });
});

const anna = { username: "100", realm: "pbx.test", password: "secret" };
const secretsOf = (username: string) =>
  username === "100"
    ? { md5: ha1({ ...anna, algorithm: "MD5" }), sha256: ha1({ ...anna, algorithm: "SHA-256" }) }
    : undefined;

function openBench(options: Partial<DigestServerOptions> = {}) {
  let nowMs = 1_000_000;
  let count = 0;
  const randomText = (): string => `random${(count += 1)}`;
  const server = createDigestServer({
    realm: "pbx.test",
    secret: Buffer.from("key of the nonces"),
    now: () => nowMs,
    randomText,
    ...options,
  });
  const register = { method: "REGISTER", uri: "sip:pbx.test" };
  return {
    server,
    register,
    client: (password = "secret", username = "100") => createDigestClient({ username, password }, randomText),
    verify: (header: string | undefined, method = "REGISTER"): DigestVerdict =>
      server.verify(header ?? "", { method }, secretsOf),
    pass: (ms: number): void => void (nowMs += ms),
  };
}

/** Authorization as a phone without qop writes it (RFC 2069). */
function withoutQop(challenge: string, password = "secret"): string {
  const nonce = parseDigestParams(challenge)?.get("nonce") ?? "";
  const uri = "sip:pbx.test";
  const secret = ha1({ ...anna, password, algorithm: "MD5" });
  const response = digestResponse({ algorithm: "MD5", ha1: secret, method: "REGISTER", uri, nonce });
  return `Digest username="100", realm="pbx.test", nonce="${nonce}", uri="${uri}", response="${response}"`;
}

describe("a challenge and its answer (RFC 8760)", () => {
  test("every algorithm has a challenge of its own, and the client takes the strongest", () => {
    const { server, client, verify, register } = openBench();
    const challenges = server.challenge();
    expect(challenges.map((header) => parseDigestParams(header)?.get("algorithm"))).toEqual(["MD5", "SHA-256"]);
    const header = client().authorize(challenges, register);
    expect(parseDigestParams(header ?? "")?.get("algorithm")).toBe("SHA-256");
    expect(verify(header)).toEqual({ ok: true, username: "100" });
  });

  test.each(["MD5", "SHA-256"] satisfies DigestAlgorithm[])("%s alone is enough", (algorithm) => {
    const { server, client, verify, register } = openBench({ algorithms: [algorithm] });
    expect(verify(client().authorize(server.challenge(), register))).toEqual({ ok: true, username: "100" });
  });

  test("of several secrets each is right, any other is wrong", () => {
    const { server, client, register } = openBench();
    const secretOf = (password: string) => ({
      md5: ha1({ ...anna, password, algorithm: "MD5" }),
      sha256: ha1({ ...anna, password, algorithm: "SHA-256" }),
    });
    const known = ["one", "other"].map(secretOf);
    const verdicts = ["one", "other", "third"].map((password) => {
      const header = client(password).authorize(server.challenge(), register) ?? "";
      return server.verify(header, { method: "REGISTER" }, () => known).ok;
    });
    expect(verdicts).toEqual([true, true, false]);
    const header = client().authorize(server.challenge(), register) ?? "";
    expect(server.verify(header, { method: "REGISTER" }, () => [])).toMatchObject({ ok: false, reason: "wrong" });
  });

  test("the client counts the uses of a nonce, and begins anew with another", () => {
    const { server, client, verify, register } = openBench();
    const phone = client();
    const [first, second] = [server.challenge(), server.challenge()];
    const headers = [first, first, second].map((challenge) => phone.authorize(challenge, register));
    expect(headers.map((header) => parseDigestParams(header ?? "")?.get("nc"))).toEqual([
      "00000001",
      "00000002",
      "00000001",
    ]);
    expect(headers.map((header) => verify(header).ok)).toEqual([true, true, true]);
  });

  test("the client gives opaque back, and answers nothing that it does not know", () => {
    const { client, register } = openBench();
    const header = client().authorize(['Digest realm="r", nonce="n", opaque="o"'], register);
    expect(parseDigestParams(header ?? "")?.get("opaque")).toBe("o");
    expect(client().authorize(['Digest realm="r", nonce="n", algorithm=SHA-512'], register)).toBeUndefined();
    expect(client().authorize(["Basic realm=r"], register)).toBeUndefined();
  });
});

describe("what the server refuses", () => {
  test("a wrong password, an unknown user, another method: all of them the same", () => {
    const { server, client, verify, register } = openBench();
    const challenge = server.challenge();
    expect(verify(client("wrong").authorize(challenge, register))).toMatchObject({ ok: false, reason: "wrong" });
    expect(verify(client("secret", "999").authorize(challenge, register))).toMatchObject({
      ok: false,
      reason: "wrong",
    });
    expect(verify(client().authorize(challenge, register), "INVITE")).toMatchObject({ ok: false, reason: "wrong" });
  });

  test("the same answer a second time, and an older count: stale, so that the phone tries again", () => {
    const { server, client, verify, register } = openBench();
    const phone = client();
    const challenge = server.challenge();
    const [first, second] = [phone.authorize(challenge, register), phone.authorize(challenge, register)];
    expect(verify(second).ok).toBe(true);
    expect(verify(second)).toMatchObject({ ok: false, reason: "stale" });
    expect(verify(first)).toMatchObject({ ok: false, reason: "stale" });
    expect(server.challenge(true)[0]).toMatch(/, stale=true$/);
  });

  test("an answer without qop is good for one request", () => {
    const { server, verify } = openBench();
    const [challenge = ""] = server.challenge();
    const header = withoutQop(challenge);
    expect(verify(header)).toEqual({ ok: true, username: "100" });
    expect(verify(header)).toMatchObject({ ok: false, reason: "stale" });
    expect(verify(withoutQop(server.challenge()[0] ?? "", "wrong"))).toMatchObject({ reason: "wrong" });
  });

  test("a nonce that is too old, from the future, or of somebody else", () => {
    const { server, client, verify, register, pass } = openBench({ nonceLifetimeMs: 1000 });
    const challenge = server.challenge();
    pass(1001);
    expect(verify(client().authorize(challenge, register))).toMatchObject({ ok: false, reason: "stale" });
    const later = server.challenge();
    pass(-500);
    expect(verify(client().authorize(later, register))).toMatchObject({ ok: false, reason: "stale" });
    const foreign = createDigestServer({
      realm: "pbx.test",
      secret: Buffer.from("another key"),
      now: () => 1_000_000,
      randomText: () => "x",
    });
    expect(verify(client().authorize(foreign.challenge(), register))).toMatchObject({ ok: false, reason: "stale" });
  });

  test("an answer whose nonce was forgotten, because too many came after it, cannot be used again", () => {
    const { server, client, verify, register, pass } = openBench({ maxNonces: 2 });
    const headers = [1, 2, 3, 4].map(() => {
      pass(1);
      return client().authorize(server.challenge(), register);
    });
    expect(headers.map((header) => verify(header).ok)).toEqual([true, true, true, true]);
    expect(headers.map((header) => verify(header).ok)).toEqual([false, false, false, false]);
  });

  test.each([
    ["nothing", ""],
    ["another scheme", "Basic MTAwOnNlY3JldA=="],
    ["no user", 'Digest realm="pbx.test", nonce="n", uri="u", response="r"'],
    ["no response", 'Digest username="100", realm="pbx.test", nonce="n", uri="u"'],
    ["qop without a count", 'Digest username="100", realm="pbx.test", nonce="n", uri="u", response="r", qop=auth'],
    [
      "a count that is none",
      'Digest username="100", realm="pbx.test", nonce="n", uri="u", response="r", qop=auth, cnonce="c", nc=1',
    ],
  ])("%s: malformed", (_, header) => {
    expect(openBench().verify(header)).toMatchObject({ ok: false, reason: "malformed" });
  });

  test.each([
    ["another realm", 'realm="other.test"'],
    ["an algorithm that was not offered", 'realm="pbx.test", algorithm=SHA-512-256'],
  ])("%s: wrong", (_, parts) => {
    const header = `Digest username="100", ${parts}, nonce="n", uri="u", response="r"`;
    expect(openBench().verify(header)).toMatchObject({ ok: false, reason: "wrong" });
  });
});
