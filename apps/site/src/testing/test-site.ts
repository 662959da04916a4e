import { type Clock, newId, type PersonId, systemClock } from '@gatehouse/kernel';
import { ok, type TestClient, type TestProgram, testClient, testProgram } from '@gatehouse/server/testing';
import { migrations } from '../migrations.ts';
import { type Site, type SiteOptions, startSite } from '../start.ts';

export interface TestSite extends Omit<TestProgram<Site>, 'program' | 'another' | 'signIn'> {
  readonly site: Site;
  /** What `operator` says who it is with. */
  readonly operatorHeader: string;
  readonly clock: Clock & { move(ms: number): void; stop(): void; go(): void };
  person(more?: { readonly systemAdministrator?: boolean }): Promise<SiteUser>;
  account(fields?: object): Promise<Credentials>;
  /** A client of the Configuration API with a token of its own. */
  program(fields?: object): Promise<Program>;
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
  const clock = movableClock();
  const running = await testProgram('site', migrations, (given) => startSite({ ...given, clock, ...options }));
  const { program: site, url, operator } = running;
  const operatorHeader = `Bearer ${running.operatorToken}`;
  await ok(operator.ask('PATCH', '/api/options', { body: { enableXmlApi: true } }));

  const account: TestSite['account'] = async (fields = {}) => {
    const made = await ok(
      operator.post('/api/api-accounts', { name: `Account ${newId()}`, perm_configuration: true, ...fields }),
    );
    const secret = await ok(operator.post(`/api/api-accounts/${made.body.id}/secret`, {}));
    return { id: made.body.id, clientId: secret.body.client_id, secret: secret.body.client_secret };
  };
  return {
    ...{ ...running, site, operatorHeader, clock, account },
    person: async (more) => {
      const person = await running.signIn(more);
      const found = await ok(operator.get(`/api/users?search=${encodeURIComponent(person.email)}`));
      return { ...person, userId: found.body.items[0].id };
    },
    program: async (fields) => {
      const made = await account(fields);
      const answer = await ok(askToken(url, made));
      const token: string = answer.body.access_token;
      return { ...unhurried(testClient(url, { authorization: `Bearer ${token}` }), clock), account: made, token };
    },
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
    sleep: systemClock.sleep,
  };
};
