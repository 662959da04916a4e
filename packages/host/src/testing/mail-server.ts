import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { makeCertificate } from './certificate.ts';

/** A mail as the server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  /** Null: nobody signed in. */
  readonly user: string | null;
  /** Headers and parts, with quoted-printable undone. */
  readonly message: string;
}

export interface MailServerOptions {
  /** Whether it encrypts from the first byte, offers to, or cannot. Default `starttls`. */
  readonly security?: 'tls' | 'starttls' | 'none';
  /** Who may sign in; left out: nobody has to. */
  readonly account?: { readonly name: string; readonly password: string };
}

/** A real SMTP server on a free port of loopback, in this process. */
export interface TestMailServer {
  readonly port: number;
  /** What its certificate is vouched for by, PEM. */
  readonly certificate: string;
  readonly taken: readonly TakenMail[];
  /** What it answers at a step from now on; null: it works again. `drop` takes the mail and breaks off before it says so. */
  refuse(step: 'sender' | 'recipient' | 'message' | 'drop', code: number | null, words?: string): void;
  close(): Promise<void>;
}

export const startMailServer = async (options: MailServerOptions = {}): Promise<TestMailServer> => {
  const { security = 'starttls', account } = options;
  const { key, certificate } = makeCertificate();
  const taken: TakenMail[] = [];
  const refusals = new Map<string, Error>();
  const server = new SMTPServer({
    ...{ key, cert: certificate, secure: security === 'tls', hideSTARTTLS: security === 'none' },
    ...{ authOptional: account === undefined, allowInsecureAuth: true, logger: false, closeTimeout: 500 },
    ...(security === 'none' && { disabledCommands: ['STARTTLS'] }),
    onAuth: ({ username, password }, _session, done) =>
      username === account?.name && password === account?.password
        ? done(null, { user: username })
        : // As careless servers do: what was sent comes back.
          done(Object.assign(new Error(`Who is ${username} with ${password}?`), { responseCode: 535 })),
    onMailFrom: (_address, _session, done) => done(refusals.get('sender') ?? null),
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody@') ? refusal(550, 'No such user') : (refusals.get('recipient') ?? null)),
    onData(stream, session, done) {
      const { envelope, secure, user } = session;
      void text(stream).then((raw) => {
        const refused = refusals.get('message');
        if (refused !== undefined) return done(refused);
        taken.push({
          ...{
            from: envelope.mailFrom ? envelope.mailFrom.address : '',
            to: envelope.rcptTo.map((one) => one.address),
          },
          ...{ isEncrypted: secure, user: user === undefined ? null : String(user), message: readable(raw) },
        });
        if (refusals.has('drop')) for (const connection of server.connections) connection._socket?.destroy();
        else done(null, 'taken');
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo; // it listens at a port
  return {
    ...{ port, certificate, taken },
    refuse(step, code, words = 'No') {
      if (code === null) refusals.delete(step);
      else refusals.set(step, refusal(code, words));
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

const refusal = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code });

const readable = (raw: string): string =>
  raw
    .replaceAll('\r\n', '\n')
    // Each part says for itself how it was written.
    .split(/^(?=--)/m)
    .map((part) => (/^Content-Transfer-Encoding: quoted-printable$/im.test(part) ? unquoted(part) : part))
    .join('');

const unquoted = (part: string): string =>
  part
    .replaceAll(/=\n/g, '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
