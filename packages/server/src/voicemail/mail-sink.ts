import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A real SMTP server for tests: on the loopback, reads every mail that it takes. */
export interface MailSink {
  readonly port: number;
  readonly mails: ParsedMail[];
  /** Connections so far. */
  readonly connections: number;
  /** Status with which recipients are refused; undefined: all are taken. */
  refusesWith: number | undefined;
  stop(): Promise<void>;
}

export async function startMailSink(
  login?: { readonly user: string; readonly password: string },
  port = 0,
): Promise<MailSink> {
  const mails: ParsedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: login === undefined,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === login?.user && password === login?.password;
      done(isRight ? null : new Error(`no such user: ${username} with ${password}`), isRight ? { user: username } : {});
    },
    onRcptTo: (_address, _session, done) => {
      if (sink.refusesWith === undefined) return done();
      done(Object.assign(new Error("not taken"), { responseCode: sink.refusesWith }));
    },
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        mails.push(mail);
        done();
      }, done);
    },
  });
  // Clients that hang up early are their own business.
  server.on("error", () => undefined);
  const listener = server.listen(port, "127.0.0.1");
  await once(listener, "listening");
  const sink: MailSink = {
    port: (listener.address() as AddressInfo).port,
    mails,
    get connections() {
      return connections;
    },
    refusesWith: undefined,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return sink;
}
