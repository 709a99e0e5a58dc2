/** A problem document (RFC 9457) that the server answered with; `status` 0 where nothing answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, fields: readonly FieldError[] = [], retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** Reads the answer of a request that was refused. */
export async function readProblem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { title, detail, errors } = (typeof body === "object" && body !== null ? body : {}) as {
    readonly title?: string;
    readonly detail?: string;
    readonly errors?: readonly FieldError[];
  };
  const wait = Number(response.headers.get("retry-after"));
  const message = detail ?? title ?? `The server answered ${response.status}.`;
  return new ApiError(response.status, message, errors ?? [], Number.isFinite(wait) && wait > 0 ? wait : undefined);
}
