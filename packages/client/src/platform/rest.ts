/** One GET of the REST interface with the client's token. Rejects where nothing answers within the time. */
export type RestGet = (path: string) => Promise<Response>;

export function restGet(fetchIt: typeof fetch, baseUrl: URL, token: () => string): RestGet {
  return (path) =>
    fetchIt(new URL(`api/v1/${path}`, baseUrl), {
      headers: { authorization: `Bearer ${token()}` },
      signal: AbortSignal.timeout(10_000),
    });
}
