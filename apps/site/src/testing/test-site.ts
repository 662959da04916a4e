import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@gatehouse/database';
import { testDatabase } from '@gatehouse/database/testing';
import { type Clock, newId, type PersonId } from '@gatehouse/kernel';
import { createLog } from '@gatehouse/server';
import { type TestClient, testClient, testPassword, tokenOf } from '@gatehouse/server/testing';
import { migrations } from '../migrations.ts';
import { type Site, type SiteOptions, startSite } from '../start.ts';

export interface TestSite extends AsyncDisposable {
  readonly site: Site;
  readonly database: Database;
  readonly url: string;
  /** Everything it logged, one JSON line each. */
  readonly log: readonly string[];
  /** The command line of this machine. */
  readonly operator: TestClient;
  /** What it says who it is with. */
  readonly operatorHeader: string;
  readonly clock: Clock & { move(ms: number): void; stop(): void; go(): void };
  person(more?: { readonly systemAdministrator?: boolean }): Promise<SiteUser>;
  account(fields?: object): Promise<Credentials>;
  /** A client of the Configuration API with a token of its own. */
  program(fields?: object): Promise<Program>;
  close(): Promise<void>;
}

export interface SiteUser extends TestClient {
  readonly personId: PersonId;
  readonly userId: number;
  readonly email: string;
}

export interface Program extends TestClient {
  readonly account: Credentials;
  readonly token: string;
}

export interface Credentials {
  readonly id: number;
  readonly clientId: string;
  readonly secret: string;
}

/** The whole program on a free port of loopback, with a database of its own; the switch for programs is on. */
export const testSite = async (options: Partial<SiteOptions> = {}): Promise<TestSite> => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-site-'));
  const test = await testDatabase({ migrations });
  const log: string[] = [];
  const clock = movableClock();
  const site = await startSite({
    ...{ databaseUrl: test.url, home, network: { port: 0 }, clock },
    log: createLog('site', 'trace', { write: (line: string) => void log.push(line) }),
    ...options,
  });
  const { url } = site;
  const token = (await readFile(join(home, 'site.token'), 'utf8')).trim();
  const operatorHeader = `Bearer ${token}`;
  const operator = testClient(url, { authorization: operatorHeader });
  await expectOk(operator.ask('PATCH', '/api/options', { body: { enableXmlApi: true } }));

  const account: TestSite['account'] = async (fields = {}) => {
    const made = await expectOk(
      operator.post('/api/api-accounts', { name: `Account ${newId()}`, perm_configuration: true, ...fields }),
    );
    const secret = await expectOk(operator.post(`/api/api-accounts/${made.body.id}/secret`, {}));
    return { id: made.body.id, clientId: secret.body.client_id, secret: secret.body.client_secret };
  };
  const close = async () => {
    await site.close();
    await test.close();
    await rm(home, { recursive: true, force: true });
  };
  return {
    ...{ site, database: test.database, url, log, operator, operatorHeader, clock, account, close },
    person: async ({ systemAdministrator = false } = {}) => {
      const email = `person-${newId()}@example.com`;
      const invited = await expectOk(operator.post('/api/people', { email, name: 'Ada Keller' }));
      const client = testClient(url);
      await expectOk(
        client.post('/api/welcome', {
          ...{ token: tokenOf(invited.body.link), name: 'Ada Keller', password: testPassword },
        }),
      );
      const { personId } = invited.body;
      if (systemAdministrator)
        await expectOk(operator.ask('PATCH', `/api/people/${personId}`, { body: { systemAdministrator } }));
      const found = await expectOk(operator.get(`/api/users?search=${encodeURIComponent(email)}`));
      return { ...client, email, personId, userId: found.body.items[0].id };
    },
    program: async (fields) => {
      const made = await account(fields);
      const answer = await expectOk(askToken(url, made));
      const token: string = answer.body.access_token;
      return { ...unhurried(testClient(url, { authorization: `Bearer ${token}` }), clock), account: made, token };
    },
    [Symbol.asyncDispose]: close,
  };
};

/** A program that stays below twenty requests a second of the site's clock, however fast the test asks. */
const unhurried = (client: TestClient, clock: TestSite['clock']): TestClient => {
  const ask: TestClient['ask'] = (...asked) => {
    clock.move(100);
    return client.ask(...asked);
  };
  return {
    ...client,
    ask,
    get: (path, options) => ask('GET', path, options),
    post: (path, body, options) => ask('POST', path, { ...options, ...(body !== undefined && { body }) }),
  };
};

/** The token request that most programs send: a Basic header and a form. */
export const askToken = (url: string, { clientId, secret }: Omit<Credentials, 'id'>) =>
  raw(url, 'POST', '/oauth2/token', {
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });

/** A request with exactly these headers and this body. */
export const raw = async (
  url: string,
  method: string,
  path: string,
  { headers = {}, body }: { readonly headers?: Record<string, string>; readonly body?: string } = {},
) => {
  const response = await fetch(new URL(path, url), {
    ...{ method, headers, signal: AbortSignal.timeout(30_000) },
    // As bytes, so that no type is added.
    ...(body !== undefined && { body: Buffer.from(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
};

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
const parse = (text: string): any => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const expectOk = async <T extends { status: number; text: string }>(asked: Promise<T>): Promise<T> => {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
};

const movableClock = (): TestSite['clock'] => {
  let ahead = 0;
  let stopped: number | null = null;
  return {
    now: () => new Date((stopped ?? Date.now()) + ahead),
    move: (ms) => {
      ahead += ms;
    },
    stop: () => {
      stopped = Date.now();
    },
    go: () => {
      stopped = null;
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
};
