export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** RFC 9457 problem document ([R1]). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly FieldProblem[];
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content too large",
  415: "Unsupported media type",
  422: "Not possible now",
  429: "Too many requests",
  503: "Unavailable",
};

export type ProblemOptions = Pick<Problem, "detail" | "instance" | "errors">;

export function createProblem(status: number, options: ProblemOptions = {}): Problem {
  return { type: "about:blank", title: titles[status] ?? "Internal error", status, ...options };
}

/** Thrown by a route to answer with a problem. */
export class ProblemError extends Error {
  readonly statusCode: number;
  readonly options: ProblemOptions;
  readonly retryAfterSeconds: number | undefined;

  constructor(statusCode: number, detail: string, options: ProblemOptions = {}, retryAfterSeconds?: number) {
    super(detail);
    this.name = "ProblemError";
    this.statusCode = statusCode;
    this.options = { detail, ...options };
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
