import { createInterface } from "node:readline";
import { Failure } from "./failure.ts";

/** Asks without showing what is typed; from a pipe the first line counts. */
export function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const isTerminal = stdin.isTTY;
  if (isTerminal) stderr.write(prompt);
  const lines = createInterface({ input: stdin, terminal: isTerminal });
  return new Promise((resolve, reject) => {
    if (isTerminal) {
      // The interface echoes by writing to its output; it has none, so nothing is shown.
      stdin.setRawMode(true);
    }
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    lines.once("close", () => {
      if (isTerminal) {
        stdin.setRawMode(false);
        stderr.write("\n");
      }
      reject(new Failure("No password was given."));
    });
  });
}
