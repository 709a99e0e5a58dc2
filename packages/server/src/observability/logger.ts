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

/** Structured log (pino) that cannot carry a secret by its usual names, at any of the first levels. */
export function createLogger({ level }: LoggerSettings, destination?: pino.DestinationStream): Logger {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]);
  return pino({ level, base: null, redact: { paths, censor: "(not shown)" } }, destination ?? pino.destination(2));
}
