import { Fault } from '@gatehouse/kernel';
import pg from 'pg';
import { ChangeFault, changing, refusedBy, refusedNext } from './change-fault.ts';
import {
  answerMs,
  codeOf,
  connectionFault,
  connectMs,
  databaseName,
  hostOf,
  tlsOf,
  untilAborted,
} from './databases.ts';
import type { Context, ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { checkName, checkPassword, passwordOf, signsIn, withoutSecrets } from './proofs.ts';
import { scramVerifier } from './scram.ts';

/**
 * A role of PostgreSQL. What is sent is a SCRAM verifier made here: the password itself is never in a statement, so it is
 * in no log of the server. Servers that check passwords by an extension see no password to check; they check ours no more
 * than their own `\password`.
 */
export const postgresql: Platform = {
  id: 'postgresql',
  title: 'PostgreSQL role',
  proof: 'password',
  checkAccount: (account) => checkAccount(account),

  async verify(system, account, proof, context) {
    checkAccount(account);
    try {
      await withClient(system, account, proof, context, async () => undefined);
      return true;
    } catch (error) {
      if (codeOf(error) === invalidPassword) return false;
      throw signInFault(system, error);
    }
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkAccount(account);
      const password = passwordOf(next);
      checkPassword(password);
      // Others are normalised by each side in its own way, and then fit nowhere.
      if (!/^[\x20-\x7e]+$/.test(password.reveal()))
        throw refusedNext('PostgreSQL', 'it takes letters, digits and signs of ASCII only.');
      const login = signsIn(account, by);
      checkAccount(login.account);
      const verifier = await scramVerifier(password);
      let isIn = false;
      try {
        await withClient(system, login.account, login.proof, context, async (client) => {
          isIn = true;
          const statement = `alter role ${client.escapeIdentifier(account.name)} password ${client.escapeLiteral(verifier)}`;
          sending();
          await client.query(statement);
        });
      } catch (error) {
        throw isIn ? changeFault(system, error, next) : signInFault(system, error);
      }
    }),
};

const withClient = async (
  system: ManagedSystem,
  account: ManagedAccount,
  proof: Proof,
  { host }: Context,
  use: (client: pg.Client) => Promise<void>,
): Promise<void> => {
  const password = passwordOf(proof);
  const tls = tlsOf(system);
  let isAsked = false;
  const client = new pg.Client({
    ...{ host: hostOf(system), port: system.port ?? 5432, user: account.name },
    database: account.instance === '' ? 'postgres' : account.instance,
    // A server that asks for none lets anybody in, and has proved nothing.
    password: () => {
      isAsked = true;
      return password.reveal();
    },
    ssl: tls ?? false,
    ...{ connectionTimeoutMillis: connectMs, query_timeout: answerMs, statement_timeout: answerMs },
    ...{ application_name: 'gatehouse', fallback_application_name: 'gatehouse' },
  });
  client.on('error', () => undefined);
  const stop = () => void client.end().catch(() => undefined);
  try {
    await untilAborted(host.signal, stop, async () => {
      await client.connect();
      if (!isAsked)
        throw new Fault(
          'misconfigured',
          `${system.name} lets this role in without a password. Ask for one in pg_hba.conf.`,
        );
      await use(client);
    });
  } finally {
    stop();
  }
};

const checkAccount = ({ name, instance }: ManagedAccount): void => {
  const { shape, words } = databaseName(63);
  checkName(name, shape, words);
  if (instance !== '' && !shape.test(instance)) throw new Fault('misconfigured', `The database is not one: ${words}`);
};

/** SQLSTATE, Appendix A of PostgreSQL's manual. */
const invalidPassword = '28P01';
const isState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);

const signInFault = (system: ManagedSystem, error: unknown): unknown => {
  if (error instanceof ChangeFault) return error;
  const code = codeOf(error);
  const { name } = system;
  if (code === invalidPassword) return refusedBy('unauthorized', `${name} refused the password.`, code);
  const advice = states[code];
  if (advice !== undefined) return new Fault(advice[0], advice[1](name), code);
  if (isState(code))
    return new Fault('unexpected', `${name} refused the sign-in. The log of this server says why.`, code);
  if (error instanceof Error && /does not support SSL/.test(error.message))
    return new Fault('misconfigured', `${name} does not encrypt connections, so no password was sent.`, 'no TLS');
  return connectionFault(system, error);
};

const states: Readonly<
  Record<string, readonly ['forbidden' | 'misconfigured' | 'unreachable', (name: string) => string]>
> = {
  28000: ['forbidden', (name) => `${name} does not let this role sign in: it may not at all, or not from here.`],
  '3D000': ['misconfigured', (name) => `${name} has no such database. Enter one that the role may sign in to.`],
  42501: ['forbidden', (name) => `${name} does not let this role sign in to the database.`],
  53300: ['unreachable', (name) => `${name} has no connection left for this role.`],
  '57P03': ['unreachable', (name) => `${name} is starting or stopping.`],
};

/** An answer in due form means that nothing was changed, unless it says that the session was ended. */
const changeFault = (system: ManagedSystem, error: unknown, next: Proof): unknown => {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  if (!isState(code) || /^(?:08|57P)/.test(code)) return connectionFault(system, error);
  const said = withoutSecrets(error instanceof Error ? error.message : '', [next]);
  if (code === '42501')
    return refusedBy('forbidden', `The login account may not change this role at ${system.name}.`, said);
  if (code === '42704')
    return new ChangeFault('not-made', new Fault('misconfigured', `${system.name} has no role of this name.`, said));
  return refusedNext(system.name, said);
};
