import { createHash } from 'node:crypto';
import { connect, isIP } from 'node:net';
import { Fault, type Secret } from '@gatehouse/kernel';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { ChangeFault, changing, refusedBy, refusedNext } from './change-fault.ts';
import { answerMs, connectionFault, connectMs, databaseName, hostOf, tlsOf, untilAborted } from './databases.ts';
import type { Context, ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { checkName, checkPassword, passwordOf, signsIn, withoutSecrets } from './proofs.ts';

/**
 * An account of MariaDB: `app`, or `app@10.0.0.%` where its host part matters (without one a login account changes
 * `app@%`). MariaDB writes statements into its logs as they come, the binary log included, so only the hash of
 * `mysql_native_password` is sent. Servers that insist on seeing passwords (`strict_password_validation` with a
 * validation plug-in) are told apart and changed nothing: their logs would keep the password. Accounts can be verified at
 * MySQL as well, but not changed there: it takes no hash that could be made beforehand without its logs' help.
 */
export const mysql: Platform = {
  id: 'mysql',
  title: 'MariaDB account',
  proof: 'password',
  checkAccount: (account) => void partsOf(account),

  async verify(system, account, proof, context) {
    const { user, host } = partsOf(account);
    try {
      await withConnection(system, account, proof, context, async (connection) => {
        const [[row]] = await connection.query<RowDataPacket[]>({
          sql: 'select current_user() as name',
          timeout: answerMs,
        });
        const name: unknown = row?.name;
        // Servers may let in as somebody else: an anonymous account, or everybody without looking.
        const isOther =
          typeof name !== 'string' || (host === null ? !name.startsWith(`${user}@`) : name !== `${user}@${host}`);
        if (isOther)
          throw new Fault('misconfigured', `${system.name} let in another account than this one.`, String(name));
      });
      return true;
    } catch (error) {
      if (numberOf(error) === accessDenied) return false;
      throw signInFault(system, error);
    }
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      const { user, host } = partsOf(account);
      const password = passwordOf(next);
      checkPassword(password);
      const login = signsIn(account, by);
      partsOf(login.account);
      const whose = by.kind === 'self' ? '' : ` for '${user}'@'${host ?? '%'}'`;
      let isIn = false;
      try {
        await withConnection(system, login.account, login.proof, context, async (connection) => {
          isIn = true;
          sending();
          // A comment that only MariaDB reads: another server would take the hash for the password itself.
          await connection.query({
            sql: `set password${whose} = /*M!50000 '${nativeHash(password)}' */`,
            timeout: answerMs,
          });
        });
      } catch (error) {
        throw isIn ? changeFault(system, error, next) : signInFault(system, error);
      }
    }),
};

const withConnection = async (
  system: ManagedSystem,
  account: ManagedAccount,
  proof: Proof,
  { host }: Context,
  use: (connection: Connection) => Promise<void>,
): Promise<void> => {
  const tls = tlsOf(system);
  const { address, port } = system;
  if (tls !== null && isIP(address) !== 0)
    throw new Fault('misconfigured', `Enter ${system.name} by a name that its certificate has, not by its address.`);
  const stream = connect({ host: hostOf(system), port: port ?? 3306 });
  // Before the client listens to it, an error must not end the process.
  stream.on('error', () => undefined);
  let connection: Connection | null = null;
  const stop = () => {
    connection?.destroy();
    stream.destroy();
  };
  const timer = setTimeout(
    () => stream.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })),
    connectMs,
  );
  try {
    await untilAborted(host.signal, stop, async () => {
      connection = await createConnection({
        ...{ host: address, stream, user: partsOf(account).user, password: passwordOf(proof).reveal() },
        ...(account.instance !== '' && { database: account.instance }),
        ...(tls !== null && {
          ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(tls.ca !== undefined && { ca: String(tls.ca) }) },
        }),
        connectTimeout: connectMs,
      });
      clearTimeout(timer);
      await use(connection);
    });
  } finally {
    clearTimeout(timer);
    stop();
  }
};

/** The user and, after the last `@`, the host part. Throws a `misconfigured` Fault for what is no name. */
const partsOf = ({ name, instance }: ManagedAccount): { user: string; host: string | null } => {
  const { shape, words } = databaseName(80);
  checkName(name, shape, words);
  if (instance !== '') checkName(instance, databaseName(64).shape, words);
  const at = name.lastIndexOf('@');
  if (at <= 0) return { user: name, host: null };
  const host = name.slice(at + 1);
  checkName(host, /^[A-Za-z0-9_.:%/-]{1,255}$/, 'after its @ comes a host name, an address or a pattern with %.');
  return { user: name.slice(0, at), host };
};

/** Of `mysql_native_password`: SHA-1 twice. */
const nativeHash = (password: Secret): string => {
  const once = createHash('sha1').update(password.reveal()).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
};

/** Numbers of MariaDB's error messages. */
const accessDenied = 1045;
const numberOf = (error: unknown): number | null =>
  error instanceof Error && 'errno' in error && typeof error.errno === 'number' && error.errno >= 1_000
    ? error.errno
    : null;

const signInFault = (system: ManagedSystem, error: unknown): unknown => {
  const number = numberOf(error);
  const { name } = system;
  if (number === accessDenied) return refusedBy('unauthorized', `${name} refused the password.`, String(number));
  const state = states[number ?? 0];
  if (state !== undefined) return new Fault(state[0], state[1](name), String(number));
  if (number !== null)
    return new Fault('unexpected', `${name} refused the sign-in. The log of this server says why.`, String(number));
  if (error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return new Fault('misconfigured', `${name} does not encrypt connections, so no password was sent.`, 'no TLS');
  return connectionFault(system, error);
};

type State = readonly ['forbidden' | 'misconfigured' | 'unreachable', (name: string) => string];
const expired: State = [
  'forbidden',
  (name) => `The account's password at ${name} has expired, or must be changed first.`,
];
const locked: State = ['forbidden', (name) => `The account is locked at ${name}. Unlock it there.`];
const states: Readonly<Record<number, State>> = {
  1040: ['unreachable', (name) => `${name} has no connection left.`],
  1044: ['forbidden', (name) => `${name} does not let this account use the database.`],
  1049: ['misconfigured', (name) => `${name} has no such database. Enter one that the account may use, or none.`],
  1129: [
    'forbidden',
    (name) => `${name} has blocked this server after too many failures. An administrator can flush its hosts.`,
  ],
  1130: ['forbidden', (name) => `${name} takes no connections from here.`],
  1698: ['misconfigured', (name) => `${name} does not let this account in with a password.`],
  1820: expired,
  1862: expired,
  3118: locked,
  4151: locked,
  4161: ['forbidden', (name) => `${name} has blocked the account after too many wrong passwords.`],
};

/** An answer in due form means that nothing was changed. */
const changeFault = (system: ManagedSystem, error: unknown, next: Proof): unknown => {
  if (error instanceof Fault) return error;
  const number = numberOf(error);
  if (number === null || number === shuttingDown) return connectionFault(system, error);
  const { name } = system;
  const said = withoutSecrets(`${number} ${error instanceof Error ? error.message : ''}`, [next]);
  const refused = (advice: string) => new ChangeFault('not-made', new Fault('misconfigured', advice, said));
  if (number === 1044 || number === 1142 || number === 1227)
    return refusedBy('forbidden', `The login account may not change this account at ${name}.`, said);
  if (number === 1133) return refused(`${name} has no account of this name and host part.`);
  if (number === 1064) return refused(`${name} is not MariaDB, so its passwords are not changed.`);
  if (number === 1372)
    return refused(`${name} keeps this account's password by another plug-in than mysql_native_password.`);
  if (number === 1290)
    return refused(
      `${name} takes passwords only in the clear, which its logs would keep. Turn strict_password_validation off there.`,
    );
  return refusedNext(name, said);
};

const shuttingDown = 1053;
