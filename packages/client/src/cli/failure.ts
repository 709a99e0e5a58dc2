/** Something to tell the user in one line, and how the program ends: 1 did not work, 2 wrong use. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: 1 | 2;
  /** The server's answer, where one was given. */
  readonly status: number | undefined;

  constructor(message: string, exitCode: 1 | 2 = 1, status?: number) {
    super(message);
    this.exitCode = exitCode;
    this.status = status;
  }
}
