/** One GET of the REST interface with the client's token. Rejects where nothing answers within the time. */
export function restGet(
  { fetch: fetchIt, baseUrl, token }: { readonly fetch: typeof fetch; readonly baseUrl: URL; readonly token: string },
  path: string,
): Promise<Response> {
  return fetchIt(new URL(`api/v1/${path}`, baseUrl), {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  });
}
