import { connect, type Socket } from 'node:net';
import { Fault, type Secret } from '@gatehouse/kernel';
import type { Connection, ConnectionConfiguration } from 'tedious';
import { answerMs, connectMs, hostOf, tlsOf, untilAborted } from './databases.ts';
import type { Context, ManagedSystem } from './platform.ts';
import { findInstancePort } from './sql-server-browser.ts';

/** Runs a statement; answers the first column of its rows. @throws SqlServerError, or an error of the connection */
export type Ask = (statement: string) => Promise<readonly unknown[]>;

/** What the server answered instead of doing it. */
export class SqlServerError extends Error {
  override readonly name = 'SqlServerError';
  readonly number: number;
  /** Of 20 and more: the server ended the connection. */
  readonly severity: number;

  constructor(number: number, severity: number, message: string) {
    super(message);
    this.number = number;
    this.severity = severity;
  }
}

export interface SignIn {
  readonly user: string;
  readonly password: Secret;
  /** '' for the default one. */
  readonly instance: string;
}

type Encrypt = 'strict' | boolean;

/** Signs in, lets `use` ask, and ends the connection, which leads to the system's own address and nowhere else. */
export const withSqlServer = async (
  system: ManagedSystem,
  signIn: SignIn,
  { host }: Context,
  use: (ask: Ask) => Promise<void>,
): Promise<void> => {
  const port =
    system.port ?? (signIn.instance === '' ? 1433 : await findInstancePort(system, signIn.instance, host.signal));
  const isEncrypted = tlsOf(system) !== null;
  try {
    await once(system, port, signIn, isEncrypted, host.signal, use);
  } catch (error) {
    // A server that takes strict encryption alone hangs up on everything else before it is told anything.
    if (!isEncrypted || !(error instanceof HungUp)) throw error;
    await once(system, port, signIn, 'strict', host.signal, use);
  }
};

/** The connection ended before anything was agreed on it. */
class HungUp extends Error {}

const once = async (
  system: ManagedSystem,
  port: number,
  signIn: SignIn,
  encrypt: Encrypt,
  signal: AbortSignal,
  use: (ask: Ask) => Promise<void>,
): Promise<void> => {
  // Only here: the client brings a good part of a cloud along, which takes a while to load.
  const { Connection, Request } = await import('tedious');
  let socket: Socket | null = null;
  const connection = new Connection(
    configuration(system, port, signIn, encrypt, async () => {
      // Asked again, the server that let it in sends its clients on to another one.
      if (socket !== null) throw sentOn(system.name);
      socket = connect({ host: hostOf(system), port });
      // Before the client listens to it, an error must not end the process.
      socket.on('error', () => undefined);
      return connected(socket);
    }),
  );
  connection.on('error', () => undefined);
  const stop = () => {
    connection.close();
    socket?.destroy();
  };
  const ask: Ask = (statement) =>
    new Promise((resolve, reject) => {
      const rows: unknown[] = [];
      const request = new Request(statement, (error) => (error ? reject(toTold(error)) : resolve(rows)));
      request.on('row', (columns: readonly { readonly value: unknown }[]) => rows.push(columns[0]?.value));
      connection.execSqlBatch(request);
    });
  try {
    await untilAborted(signal, stop, async () => {
      await signedIn(connection, encrypt);
      await use(ask);
    });
  } finally {
    stop();
  }
};

const configuration = (
  { address, trust }: ManagedSystem,
  port: number,
  { user, password }: SignIn,
  encrypt: Encrypt,
  connector: () => Promise<Socket>,
): ConnectionConfiguration => ({
  // The certificate has to be for this name, whatever address it leads to.
  server: address,
  authentication: { type: 'default', options: { userName: user, password: password.reveal() } },
  options: {
    ...{ port, connector, encrypt, trustServerCertificate: false },
    cryptoCredentialsDetails: {
      minVersion: 'TLSv1.2',
      ...(trust.kind === 'certificate' && trust.authorities !== null && { ca: trust.authorities }),
    },
    // Every login may use it; its own database may be gone.
    database: 'master',
    ...{ appName: 'gatehouse', connectTimeout: connectMs, requestTimeout: answerMs, cancelTimeout: 2_000 },
    maxRetriesOnTransientErrors: 0,
  },
});

const sentOn = (name: string) =>
  new Fault('misconfigured', `${name} sends its clients on to another server. Enter that one.`);

const connected = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });

const signedIn = (connection: Connection, encrypt: Encrypt): Promise<void> =>
  new Promise((resolve, reject) => {
    let isSecure = false;
    // The first says what it is about; the last may be a mere "login failed".
    let told: SqlServerError | null = null;
    connection.on('secure', () => {
      isSecure = true;
    });
    connection.on('errorMessage', (error) => {
      told ??= new SqlServerError(error.number, error.class, error.message);
    });
    connection.connect((error) => {
      if (!error) resolve();
      else if (told !== null) reject(told);
      else reject(encrypt === true && !isSecure && hasHungUp(error) ? new HungUp('hung up', { cause: error }) : error);
    });
  });

const hasHungUp = (error: Error): boolean => {
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return (
    code === 'ECONNRESET' || code === 'EPIPE' || (cause instanceof Error && /end of message stream/.test(cause.message))
  );
};

/** An error with a number is the server's; of several the first counts. Others stay as they are. */
const toTold = <E>(error: E): E | SqlServerError => {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (typeof first !== 'object' || first === null || !('number' in first) || typeof first.number !== 'number')
    return error;
  const severity = 'class' in first && typeof first.class === 'number' ? first.class : 0;
  return new SqlServerError(first.number, severity, 'message' in first ? String(first.message) : '');
};
