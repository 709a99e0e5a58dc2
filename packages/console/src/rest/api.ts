import { accessToken } from "../session/auth.ts";
import { ApiError, readProblem } from "./api-error.ts";

/** A page of a list ([R2]). */
export interface Page<T> {
  readonly data: readonly T[];
  readonly meta: { readonly page: number; readonly limit: number; readonly total: number; readonly totalPages: number };
}

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly body?: unknown;
  /** A body as it is, with its type. */
  readonly raw?: { readonly type: string; readonly bytes: Blob };
  readonly signal?: AbortSignal;
}

/** A request with the present token; a refused token is renewed once. Throws `ApiError`. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  let response = await send(path, options, await accessToken());
  if (response.status === 401) response = await send(path, options, await accessToken("rejected"));
  if (!response.ok) throw await readProblem(response);
  return response;
}

/** The shape is the interface's contract; it is not checked again here. */
export async function api<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await request(path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** All pages of a list, four requests at a time. */
export async function allPages<T>(path: string, signal?: AbortSignal): Promise<readonly T[]> {
  const join = path.includes("?") ? "&" : "?";
  const read = (page: number): Promise<Page<T>> =>
    api<Page<T>>(`${path}${join}limit=100&page=${page}`, signal === undefined ? {} : { signal });
  const first = await read(1);
  const rows = [...first.data];
  for (let page = 2; page <= first.meta.totalPages; page += 4) {
    const pages = [page, page + 1, page + 2, page + 3].filter((each) => each <= first.meta.totalPages);
    for (const { data } of await Promise.all(pages.map(read))) rows.push(...data);
  }
  return rows;
}

async function send(path: string, { method = "GET", body, raw, signal }: RequestOptions, token: string) {
  const type = raw?.type ?? (body === undefined ? undefined : "application/json");
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(type !== undefined && { "content-type": type }) },
      ...(raw !== undefined && { body: raw.bytes }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, "The server does not answer.");
  }
}
