import pino, { type Logger } from "pino";

export interface LoggerSettings {
  readonly level: string;
  readonly format: "text" | "json";
}

const secrets = [
  "token",
  "password",
  "sipPassword",
  "authorization",
  "secret",
  "accessToken",
  "refreshToken",
  "nonceSecret",
];

/**
 * Structured log (pino) that cannot carry a secret by its usual names, at any of the first levels. `json`: a line of JSON
 * per entry; `text`: lines for people. Both go to standard error.
 */
export async function createLogger(
  { level, format }: LoggerSettings,
  destination?: pino.DestinationStream,
): Promise<Logger> {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]);
  const stream = destination ?? (format === "text" ? await forPeople() : pino.destination(2));
  return pino({ level, base: null, redact: { paths, censor: "(not shown)" } }, stream);
}

async function forPeople(): Promise<pino.DestinationStream> {
  const { default: pretty } = await import("pino-pretty");
  return pretty({ destination: 2, sync: true, colorize: process.stderr.isTTY, translateTime: "SYS:HH:MM:ss" });
}
