import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Fault } from '@gatehouse/kernel';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import type { LogLine } from '../exchange.ts';
import { lookupAt } from '../lookup-at.ts';
import { isHost } from '../ssh/open-ssh.ts';
import { trustOf } from '../trust.ts';
import { isHeaderText, requireAddress } from './addresses.ts';
import type { Mail, MailBounds, Mailer, MailServer } from './mail.ts';
import { MailFault, toMailFault } from './mail-faults.ts';

export interface MailSurroundings {
  /** Aborting it ends what is under way with the signal's reason. */
  readonly signal: AbortSignal;
  /** One line for each connection; holds neither addresses nor what was written. */
  log?(line: LogLine): void;
}

const defaults: MailBounds = { connectMs: 10_000, totalMs: 60_000, mostCharacters: 2_000_000 };
const mostRecipients = 50;

/** Sends mail by one server. No traffic until something is asked. @throws Fault for settings that cannot be right */
export const openMailer = (server: MailServer, around: MailSurroundings): Mailer => {
  const { system, host, port, security, account, allowsPlainPassword = false } = server;
  const bounds = { ...defaults, ...server.bounds };
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (!isHost(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Fault('misconfigured', `The address of ${system} is not one. Enter a name or an address, and a port.`);
  if (account !== null && security === 'none' && !allowsPlainPassword)
    throw new Fault(
      'misconfigured',
      `The password would go to ${system} unencrypted. Choose STARTTLS or TLS, or allow it for this server.`,
    );
  const secureContext = trustOf(system, server.certificateAuthorities);
  const secrets = account === null ? [] : spellings(account.name, account.password.reveal());
  // An address has no server name (RFC 6066 3), but is compared with the certificate all the same.
  const tls = { host, servername: isIP(host) === 0 ? host : '', secureContext };

  /** One errand on a connection of its own: `work` gets the library, and everything ends with the time or the signal. */
  const errand = async <T>(method: string, work: (with_: Connected) => Promise<T>): Promise<T> => {
    around.signal.throwIfAborted();
    const began = performance.now();
    const late = AbortSignal.timeout(bounds.totalMs);
    const signal = AbortSignal.any([around.signal, late]);
    let socket: Socket | null = null;
    let isHandedOver = false;
    const stop = () => void socket?.destroy();
    signal.addEventListener('abort', stop, { once: true });
    const tell = (problem?: string) =>
      around.log?.({
        ...{ system, method, path: place, status: null, attempt: 1, bytes: 0 },
        tookMs: Math.round(performance.now() - began),
        ...(problem === undefined ? {} : { problem }),
      });
    try {
      socket = await connected(server, tls, bounds.connectMs, signal);
      const onHandedOver = () => {
        isHandedOver = true;
      };
      const done = await work(libraryOf(server, { tls, bounds, socket, onHandedOver }));
      tell();
      return done;
    } catch (error) {
      const fault =
        error instanceof MailFault
          ? error
          : toMailFault(late.aborted ? outOfTime(error) : error, { system, place, secrets, isHandedOver });
      tell(fault.problem);
      around.signal.throwIfAborted();
      throw fault;
    } finally {
      signal.removeEventListener('abort', stop);
      socket?.destroy();
    }
  };

  return {
    check: () => errand('CHECK', async (library) => void (await library.verify())),
    async send(mail) {
      const { from, to } = requireMail(mail, bounds);
      return errand('SEND', async (library) => {
        const { id, subject, text, html, isAutomatic = false } = mail;
        const sent = await library.sendMail({
          from: { name: from.name ?? '', address: from.address },
          to: to.map(({ name = '', address }) => ({ name, address })),
          ...{ subject, text, ...(html !== undefined && { html }) },
          messageId: `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
          headers: isAutomatic ? { 'Auto-Submitted': 'auto-generated' } : {},
          ...{ disableFileAccess: true, disableUrlAccess: true },
        });
        return {
          answer: sent.response.slice(0, 500),
          refused: [...sent.rejected],
        };
      });
    },
  };
};

type Connected = ReturnType<typeof libraryOf>;

const libraryOf = (
  { host, port, security, account }: MailServer,
  around: {
    readonly tls: object;
    readonly bounds: MailBounds;
    readonly socket: Socket;
    onHandedOver(): void;
  },
) => {
  const { tls, bounds, socket, onHandedOver } = around;
  const options: SMTPTransportOptions = {
    ...{ host, port, tls, connectionTimeout: bounds.connectMs, greetingTimeout: bounds.connectMs },
    ...{ secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...{ socketTimeout: bounds.totalMs, maxResponseSize: 64 * 1024 },
    ...(account !== null && {
      auth: { user: account.name, pass: account.password.reveal() },
      // A server that does not ask for a sign-in is told of it all the same, so that it cannot be left out unseen.
      forceAuth: true,
    }),
    // The only word that the library gives of the end of a mail. Everything else that it would log holds what was written.
    logger: { info: (entry: unknown) => isEndOfMail(entry) && onHandedOver() },
    getSocket: (_options, done) => done(null, { connection: socket, secured: security === 'tls' }),
  };
  return createTransport(options);
};

const isEndOfMail = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && 'tnx' in entry && entry.tnx === 'message';

/** Made here and not by the library, so that it is found where the caller said, and ends when the caller says. */
const connected = async (
  { host, port, security, addresses }: MailServer,
  tls: { readonly servername: string },
  connectMs: number,
  signal: AbortSignal,
): Promise<Socket> => {
  const lookup = addresses === undefined ? {} : { lookup: lookupAt(addresses) };
  const socket =
    security === 'tls'
      ? connectTls({ port, ...tls, ...lookup, host })
      : connectPlain({ host, port, noDelay: true, ...lookup });
  // One listener that stays: an error between two steps must not end the process.
  socket.on('error', () => undefined);
  const done = Promise.withResolvers<void>();
  const failed = (error: Error) => done.reject(Object.assign(error, { command: 'CONN' }));
  const stop = () => failed(new Error('given up'));
  const timer = setTimeout(() => failed(outOfTime(null)), connectMs);
  signal.addEventListener('abort', stop, { once: true });
  socket.once(security === 'tls' ? 'secureConnect' : 'connect', done.resolve).once('error', failed);
  try {
    await done.promise;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.off('error', failed);
  }
};

const outOfTime = (error: unknown): Error => {
  const command = error instanceof Error && 'command' in error ? error.command : 'CONN';
  return Object.assign(new Error('it took too long'), { code: 'ETIMEDOUT', command });
};

/** @throws MailFault for what would be another mail on the way than the one that was meant */
const requireMail = (mail: Mail, { mostCharacters }: MailBounds): Pick<Mail, 'from' | 'to'> => {
  const { id, from, to, subject, text, html = '' } = mail;
  requireAddress(from, 'sender');
  for (const one of to) requireAddress(one, 'recipient');
  const refuse = (advice: string) =>
    new MailFault({ kind: 'misconfigured', problem: 'message', advice, detail: 'not sent' });
  if (to.length === 0 || to.length > mostRecipients) throw refuse(`A mail goes to one to ${mostRecipients} addresses.`);
  if (!/^[0-9a-f-]{36}$/.test(id)) throw refuse('A mail cannot be sent: its id is none.');
  if (!isHeaderText(subject)) throw refuse('The subject is not one line of plain text.');
  if (text.length + html.length > mostCharacters) throw refuse('The mail is too long.');
  return { from, to };
};

/** How a password may come back in what a server says: as it is, and as it was sent. */
const spellings = (name: string, password: string): readonly string[] => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return [password, base64(password), base64(`\0${name}\0${password}`)];
};
