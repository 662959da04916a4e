import { ChangeFault, changing, refusedNext } from './change-fault.ts';
import { databaseName } from './databases.ts';
import type { ManagedAccount, Platform, Proof } from './platform.ts';
import { checkName, checkPassword, passwordOf, signsIn } from './proofs.ts';
import { type Ask, withSqlServer } from './sql-server-connection.ts';
import { changeFault, loginFailed, numberOf, otherInstance, signInFault } from './sql-server-faults.ts';

/**
 * A login of SQL Server with a password of its own, on the instance that the account names. `ALTER LOGIN` takes the
 * password in the statement: its hash would escape the server's password policy and take the right to control the server.
 * SQL Server keeps such statements out of its traces, audits and caches, and they are sent over TLS.
 */
export const sqlServer: Platform = {
  id: 'sqlserver',
  title: 'SQL Server login',
  proof: 'password',
  checkAccount: (account) => checkAccount(account),

  async verify(system, account, proof, context) {
    checkAccount(account);
    try {
      await withSqlServer(system, toSignIn(account, proof), context, (ask) =>
        mustBeInstance(system.name, account, ask),
      );
      return true;
    } catch (error) {
      if (numberOf(error) === loginFailed) return false;
      throw signInFault(system, error);
    }
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkAccount(account);
      const password = passwordOf(next);
      checkPassword(password);
      if (password.reveal().length > 128) throw refusedNext('SQL Server', 'it takes 128 characters at most.');
      const login = signsIn(account, by);
      checkAccount(login.account);
      const old = by.kind === 'self' ? ` OLD_PASSWORD = ${literal(passwordOf(by.proof).reveal())}` : '';
      let isIn = false;
      try {
        const asked = toSignIn({ ...login.account, instance: account.instance }, login.proof);
        await withSqlServer(system, asked, context, async (ask) => {
          isIn = true;
          await mustBeInstance(system.name, account, ask);
          sending();
          await ask(`ALTER LOGIN ${identifier(account.name)} WITH PASSWORD = ${literal(password.reveal())}${old}`);
        });
      } catch (error) {
        if (error instanceof ChangeFault) throw error;
        throw isIn
          ? changeFault(system, error, by.kind === 'self' ? [next, by.proof] : [next])
          : signInFault(system, error);
      }
    }),
};

const toSignIn = ({ name, instance }: ManagedAccount, proof: Proof) => ({
  ...{ user: name, password: passwordOf(proof), instance: isDefault(instance) ? '' : instance },
});

const isDefault = (instance: string) => instance === '' || instance.toUpperCase() === 'MSSQLSERVER';

/** Several instances on one host have logins of the same names, and a port that was entered leads to any of them. */
const mustBeInstance = async (system: string, { instance }: ManagedAccount, ask: Ask): Promise<void> => {
  if (instance === '') return;
  const [found] = await ask(`SELECT CAST(SERVERPROPERTY('InstanceName') AS nvarchar(128))`);
  const isMeant =
    typeof found === 'string' ? found.toUpperCase() === instance.toUpperCase() : found === null && isDefault(instance);
  if (!isMeant) throw otherInstance(system, instance);
};

/** What stands in brackets is a name, whatever it has; what stands in quotes a text. Each ends with its sign alone. */
const identifier = (name: string): string => `[${name.replaceAll(']', ']]')}]`;
const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

const checkAccount = ({ name, instance }: ManagedAccount): void => {
  const { shape, words } = databaseName(128);
  checkName(name, shape, words);
  if (instance !== '')
    checkName(instance, /^[\p{L}_][\p{L}\p{Nd}_$#]{0,15}$/u, 'an instance has 1 to 16 letters, digits, _, $ and #.');
};
