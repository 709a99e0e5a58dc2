import { parseDigestParams, printDigestParams } from "./auth-params.ts";
import { type DigestAlgorithm, digestAlgorithms, digestResponse, ha1 } from "./digest-hash.ts";

export interface DigestCredentials {
  readonly username: string;
  readonly password: string;
}

export interface DigestClient {
  /**
   * The value for Authorization, or undefined when no challenge can be answered. The strongest known algorithm is taken;
   * the nonce count rises with every use of a nonce.
   */
  authorize(
    challenges: readonly string[],
    request: { readonly method: string; readonly uri: string; readonly body?: Uint8Array },
  ): string | undefined;
}

/** RFC 7616 / RFC 8760 on the client's side, also for servers without qop. */
export function createDigestClient({ username, password }: DigestCredentials, randomText: () => string): DigestClient {
  let lastNonce = "";
  let count = 0;
  return {
    authorize: (challenges, { method, uri, body }) => {
      const known = challenges.flatMap((header) => {
        const params = parseDigestParams(header);
        const algorithm = digestAlgorithms.find(
          (name) => name.toLowerCase() === (params?.get("algorithm") ?? "MD5").toLowerCase(),
        );
        const [realm, nonce] = [params?.get("realm"), params?.get("nonce")];
        if (params === undefined || algorithm === undefined || realm === undefined || nonce === undefined) return [];
        return [{ params, algorithm, realm, nonce }];
      });
      const rank = (algorithm: DigestAlgorithm): number => digestAlgorithms.indexOf(algorithm);
      const best = known.toSorted((a, b) => rank(b.algorithm) - rank(a.algorithm))[0];
      if (best === undefined) return undefined;
      const { params, algorithm, realm, nonce } = best;
      count = nonce === lastNonce ? count + 1 : 1;
      lastNonce = nonce;
      const offered = params
        .get("qop")
        ?.split(",")
        .map((name) => name.trim().toLowerCase());
      const qop = offered?.includes("auth")
        ? { name: "auth" as const, nc: count.toString(16).padStart(8, "0"), cnonce: randomText() }
        : undefined;
      const response = digestResponse({
        algorithm,
        ha1: ha1({ username, realm, password, algorithm }),
        method,
        uri,
        nonce,
        ...(qop !== undefined && { qop }),
        ...(body !== undefined && { body }),
      });
      const opaque = params.get("opaque");
      return printDigestParams(
        [
          ["username", username],
          ["realm", realm],
          ["nonce", nonce],
          ["uri", uri],
          ["response", response],
          ["algorithm", algorithm],
          ...(qop === undefined
            ? []
            : ([
                ["qop", qop.name],
                ["nc", qop.nc],
                ["cnonce", qop.cnonce],
              ] as const)),
          ...(opaque === undefined ? [] : ([["opaque", opaque]] as const)),
        ],
        true,
      );
    },
  };
}
