import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@gatehouse/database';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { newId } from '@gatehouse/kernel';
import { createLog, hashPassword } from '@gatehouse/server';
import { type SignedIn, type TestClient, testClient, testPassword, tokenOf } from '@gatehouse/server/testing';
import { setGlobalPermission } from '../delegation/index.ts';
import { type IdentityKind, insertIdentity } from '../identities/index.ts';
import { migrations } from '../migrations.ts';
import type { VaultParts } from '../parts.ts';
import { startVault, type VaultOptions, type VaultProgram } from '../start.ts';

export interface TestVault extends AsyncDisposable {
  readonly vault: VaultProgram;
  readonly parts: VaultParts;
  readonly database: Database;
  readonly test: TestDatabase;
  readonly url: string;
  readonly home: string;
  /** Everything it logged, one JSON line each. */
  readonly log: readonly string[];
  /** The command line of this machine, which is a system administrator. */
  readonly operator: TestClient;
  /** Nobody. */
  readonly stranger: TestClient;
  /** What `operator` proves itself with. */
  readonly operatorToken: string;
  /** A new person who came through an invitation and is signed in. */
  signIn(person?: { readonly systemAdministrator?: boolean }): Promise<SignedIn>;
  /** An identity; an explicit one signs in with `testPassword`, and may log in. */
  identity(name: string, kind?: IdentityKind): Promise<string>;
  /** Another copy of the program on the same database and keys. */
  another(options?: Partial<VaultOptions>): Promise<VaultProgram>;
  close(): Promise<void>;
}

export const identityPassword = testPassword;
let hashed: Promise<string> | null = null;

/** The whole program on a free port of loopback, with a database of its own. */
export const testVault = async (options: Partial<VaultOptions> = {}): Promise<TestVault> => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-vault-'));
  const test = await testDatabase({ migrations });
  const log: string[] = [];
  const start = (more: Partial<VaultOptions>) =>
    startVault({
      ...{ databaseUrl: test.url, home, network: { port: 0 } },
      log: createLog('vault', 'trace', { write: (line: string) => void log.push(line) }),
      ...more,
    });
  const vault = await start(options);
  const { url, parts } = vault;
  if (!url) throw new Error('Tests start a copy that answers.');
  const token = (await readFile(join(home, 'vault.token'), 'utf8')).trim();
  const others: VaultProgram[] = [];
  const close = async () => {
    await Promise.all([vault, ...others].map((one) => one.close()));
    await test.close();
    await rm(home, { recursive: true, force: true });
  };
  return {
    ...{ vault, parts, database: test.database, test, url, home, log, close },
    operator: testClient(url, { authorization: `Bearer ${token}` }),
    operatorToken: token,
    stranger: testClient(url),
    signIn: async ({ systemAdministrator = false } = {}) => {
      const operator = testClient(url, { authorization: `Bearer ${token}` });
      const email = `person-${newId()}@example.com`;
      const { personId, link } = (await operator.post('/api/people', { email, name: 'Ada Keller' })).body;
      const client = testClient(url);
      await client.post('/api/welcome', { token: tokenOf(link), name: 'Ada Keller', password: testPassword });
      if (systemAdministrator)
        await operator.ask('PATCH', `/api/people/${personId}`, { body: { systemAdministrator } });
      return { ...client, personId, email, password: testPassword };
    },
    identity: async (name, kind = 'explicit') => {
      hashed ??= hashPassword(identityPassword);
      const passwordHash = kind === 'explicit' ? await hashed : null;
      const identityId = newId<string>();
      await test.database.system(async (tx) => {
        const identity = { identityId, kind, name, comment: '', passwordHash, personId: null };
        await insertIdentity(tx, identity, new Date());
        await setGlobalPermission(tx, identityId, { logIn: true, allAccess: false, ignorePasswordCheckout: false });
      });
      return identityId;
    },
    another: async (more = {}) => {
      const one = await start(more);
      others.push(one);
      return one;
    },
    [Symbol.asyncDispose]: close,
  };
};
