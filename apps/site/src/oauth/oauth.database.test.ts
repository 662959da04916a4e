import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askToken, raw, type TestSite, testSite } from '../testing/test-site.ts';

let host: TestSite;
beforeAll(async () => {
  // A proxy of this machine is believed, so that a test can come from any address.
  host = await testSite({ network: { port: 0, trustProxy: ['127.0.0.1', '::1'] } });
});
afterAll(() => host.close());

const use = (token: string, headers: Record<string, string> = {}) => {
  host.clock.move(100);
  return raw(host.url, 'GET', '/api/config/v1/jump-group', {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
};
const tokenOf = async (account: { clientId: string; secret: string }): Promise<string> => {
  host.clock.move(100);
  return (await askToken(host.url, account)).body.access_token;
};
const change = (id: number, fields: object) =>
  host.operator.ask('PATCH', `/api/api-accounts/${id}`, { body: JSON.parse(JSON.stringify(fields)) });
const denied = { error: 'access_denied', message: 'The resource owner or authorization server denied the request.' };
const unknownClient = { error: 'invalid_client', message: 'Client authentication failed.' };

describe('asking for a token', () => {
  test('client and secret come in a Basic header, a form or JSON', async () => {
    const { clientId, secret } = await host.account();
    const basic = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    const encoded = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString('base64')}`;
    const form = 'application/x-www-form-urlencoded';
    const inForm = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
    });
    const inJson = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    for (const [headers, body] of [
      [{ authorization: basic, 'content-type': form }, 'grant_type=client_credentials'],
      [{ authorization: encoded, 'content-type': form }, 'grant_type=client_credentials'],
      [{ authorization: basic, 'content-type': 'application/json' }, '{"grant_type":"client_credentials"}'],
      [{ authorization: basic }, '{"grant_type":"client_credentials"}'],
      [{ 'content-type': form }, inForm.toString()],
      [{ 'content-type': 'application/json' }, JSON.stringify(inJson)],
    ] as const) {
      host.clock.move(100);
      const answer = await raw(host.url, 'POST', '/oauth2/token', { headers: { ...headers }, body });
      expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3_600 } });
      expect(answer.body.access_token).toMatch(/^[A-Za-z0-9]{40}$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-ratelimit-limit')).toBe('15000');
      expect((await use(answer.body.access_token)).status).toBe(200);
    }
  });

  test('ids, secrets and tokens look as programs expect, and only hashes of them are kept', async () => {
    const account = await host.account();
    expect(account.clientId).toMatch(/^[0-9a-f]{40}$/);
    expect(account.secret).toMatch(/^[A-Za-z0-9+/]{44}$/);
    const token = await tokenOf(account);
    const { rows } = await sql<{ row: string }>`
      select row_to_json(a)::text as row from api_accounts a union all select row_to_json(t)::text from api_tokens t
      union all select row_to_json(s)::text from system_audit s`.execute(host.database.owner);
    const everything = `${rows.map(({ row }) => row).join('\n')}\n${host.log.join('\n')}`;
    for (const secret of [account.secret, token]) expect(everything).not.toContain(secret);
  });

  test.each([
    ['no grant type', '', 400, 'invalid_request'],
    ['another grant type', 'grant_type=password', 400, 'unsupported_grant_type'],
    ['a body that is no JSON', '{"grant_type"', 400, 'invalid_request'],
    ['a parameter that is no text', '{"grant_type":["client_credentials"]}', 400, 'invalid_request'],
    ['no client', 'grant_type=client_credentials', 401, 'invalid_client'],
    ['a body that is too long', `grant_type=client_credentials&x=${'x'.repeat(20_000)}`, 400, 'invalid_request'],
  ])('%s is told by its word', async (_what, body, status, error) => {
    const answer = await raw(host.url, 'POST', '/oauth2/token', { body });
    expect(answer).toMatchObject({ status, body: { error, message: expect.any(String) } });
  });

  test('a wrong secret, an unknown client and a locked account answer the same', async () => {
    const account = await host.account();
    const wrong = { ...account, secret: 'A'.repeat(44) };
    const unknown = { clientId: 'a'.repeat(40), secret: account.secret };
    for (const one of [wrong, unknown]) {
      const answer = await askToken(host.url, one);
      expect([answer.status, answer.body]).toEqual([401, unknownClient]);
    }
    for (let attempt = 1; attempt < 5; attempt += 1) await askToken(host.url, wrong);
    const locked = await askToken(host.url, account);
    expect([locked.status, locked.body]).toEqual([401, unknownClient]);
    const shown = (await host.operator.get(`/api/api-accounts/${account.id}`)).body;
    expect(shown).toMatchObject({
      failed_login_attempts: 5,
      failed_login_expiration: expect.stringMatching(/\+00:00$/),
    });
  });

  test('a locked account opens again after a while, or when an administrator says so', async () => {
    const account = await host.account();
    const lock = async () => {
      for (let attempt = 0; attempt < 5; attempt += 1)
        await raw(host.url, 'POST', '/oauth2/token', {
          headers: { 'x-forwarded-for': `198.51.100.${attempt}` },
          body: new URLSearchParams({
            ...{ grant_type: 'client_credentials', client_id: account.clientId, client_secret: 'wrong' },
          }).toString(),
        });
      expect((await askToken(host.url, account)).status).toBe(401);
    };
    await lock();
    host.clock.move(15 * 60_000);
    expect((await askToken(host.url, account)).status).toBe(200);
    await lock();
    await host.operator.post(`/api/api-accounts/${account.id}/unlock`, {});
    expect((await askToken(host.url, account)).status).toBe(200);
  });

  test('an address that tries many clients is slowed down', async () => {
    const from = { 'x-forwarded-for': '198.51.100.200' };
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 52; attempt += 1) {
      const answer = await raw(host.url, 'POST', '/oauth2/token', {
        headers: from,
        body: `grant_type=client_credentials&client_id=${String(attempt).padStart(40, '0')}&client_secret=x`,
      });
      statuses.add(answer.status);
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60);
    }
    expect([...statuses]).toEqual([401, 429]);
  });
});

describe('using a token', () => {
  test('it works for an hour and no longer', async () => {
    const token = await tokenOf(await host.account());
    host.clock.move(3_590_000);
    expect((await use(token)).status).toBe(200);
    host.clock.move(10_000);
    const ended = await use(token);
    expect([ended.status, ended.body]).toEqual([401, denied]);
  });

  test('thirty are valid at once, and one more ends the oldest', async () => {
    const account = await host.account();
    const tokens: string[] = [];
    for (let number = 0; number < 31; number += 1) tokens.push(await tokenOf(account));
    const statuses = [];
    for (const token of tokens) statuses.push((await use(token)).status);
    expect(statuses).toEqual([401, ...Array(30).fill(200)]);
  });

  test.each([
    ['another secret', async (id: number) => host.operator.post(`/api/api-accounts/${id}/secret`, {})],
    ['switching the account off', async (id: number) => change(id, { enabled: false })],
    ['deleting the account', async (id: number) => host.operator.ask('DELETE', `/api/api-accounts/${id}`)],
    ['another network', async (id: number) => change(id, { ip_addresses: '203.0.113.0/24' })],
  ])('%s ends it at once', async (_what, end) => {
    const account = await host.account();
    const token = await tokenOf(account);
    expect((await use(token)).status).toBe(200);
    expect((await end(account.id)).status).toBeLessThan(300);
    const ended = await use(token);
    expect([ended.status, ended.body]).toEqual([401, denied]);
  });

  test('switching an account on again does not bring its tokens back', async () => {
    const account = await host.account();
    const token = await tokenOf(account);
    await change(account.id, { enabled: false });
    expect((await askToken(host.url, account)).body).toEqual(denied);
    await change(account.id, { enabled: true });
    expect((await use(token)).status).toBe(401);
    expect((await askToken(host.url, account)).status).toBe(200);
  });

  test('an account without the permission is told so, and cannot do anything', async () => {
    const token = await tokenOf(await host.account({ perm_configuration: false, perm_command: 'full_access' }));
    const answer = await use(token);
    expect([answer.status, answer.body]).toEqual([403, { message: expect.stringContaining('permission') }]);
  });

  test('with the switch off there are no tokens and no answers', async () => {
    const account = await host.account();
    const token = await tokenOf(account);
    await host.operator.ask('PATCH', '/api/options', { body: { enableXmlApi: false } });
    expect(await askToken(host.url, account)).toMatchObject({ status: 403, body: { error: 'unauthorized_client' } });
    expect((await use(token)).status).toBe(403);
    await host.operator.ask('PATCH', '/api/options', { body: { enableXmlApi: true } });
    expect((await use(token)).status).toBe(200);
  });
});

describe('limits', () => {
  test('twenty requests a second, over all tokens and addresses of an account', async () => {
    const account = await host.account();
    const tokens = [await tokenOf(account), await tokenOf(account)];
    host.clock.stop();
    host.clock.move(2_000);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        raw(host.url, 'GET', number % 2 ? '/api/config/v1/user' : '/api/config/v1/jump-group', {
          headers: { authorization: `Bearer ${tokens[number % 2]}` },
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect([answers.filter(({ status }) => status === 200).length, refused.length]).toEqual([20, 10]);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toBe('1');
      expect(body.message).toMatch(/Too many requests/);
    }
    const remaining = answers.map(({ headers }) => Number(headers.get('x-ratelimit-remaining')));
    expect(Math.min(...remaining)).toBe(15_000 - 32);
    host.clock.go();
  });

  test('fifteen thousand an hour', async () => {
    const account = await host.account();
    const token = await tokenOf(account);
    await use(token);
    await sql`update api_use set in_hour = 14999 where account_id = ${account.id}`.execute(host.database.owner);
    const last = await use(token);
    expect([last.status, last.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    const over = await use(token);
    expect(over.status).toBe(429);
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(1);
    expect((await askToken(host.url, account)).status).toBe(429);
    host.clock.move(3_600_000);
    expect((await askToken(host.url, account)).status).toBe(200);
  });
});

describe('networks', () => {
  test.each([
    ['192.168.0.0/255.255.0.0', '192.168.77.1', '192.169.0.1'],
    ['192.168.100.0/24', '192.168.100.9', '192.168.101.9'],
    ['10.1.1.1\n192.168.100.16', '192.168.100.16', '192.168.100.17'],
    ['fe80:0:0:0:0:0:0:0/16', 'fe80::12', 'fe81::12'],
    ['2001:db8::/32', '2001:db8:1::1', '2001:db9::1'],
  ])('%j lets %s in and keeps %s out, for tokens and their use', async (ip_addresses, inside, outside) => {
    const account = await host.account({ ip_addresses });
    const ask = (address: string) =>
      raw(host.url, 'POST', '/oauth2/token', {
        headers: { 'x-forwarded-for': address },
        body: new URLSearchParams({
          ...{ grant_type: 'client_credentials', client_id: account.clientId, client_secret: account.secret },
        }).toString(),
      });
    expect(await ask(outside)).toMatchObject({ status: 401, body: denied });
    const answer = await ask(inside);
    expect(answer.status).toBe(200);
    const token = answer.body.access_token;
    expect((await use(token, { 'x-forwarded-for': inside })).status).toBe(200);
    expect((await use(token, { 'x-forwarded-for': outside })).status).toBe(401);
  });

  test.each([
    '192.168.0.0/33',
    '192.168.0.0/255.0.255.0',
    'example.com',
    '1.2.3',
    '10.0.0.0/8/8',
    'fe80::/129',
    '10.0.0.0/',
  ])('%j is no network, and is refused with its field', async (ip_addresses) => {
    const answer = await host.operator.post('/api/api-accounts', { name: `Refused ${ip_addresses}`, ip_addresses });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'ip_addresses' }] } });
  });

  test('an address that a stranger claims in a header counts only behind a proxy that is trusted', async () => {
    await using other = await testSite();
    const account = await other.account({ ip_addresses: '203.0.113.0/24' });
    const answer = await raw(other.url, 'POST', '/oauth2/token', {
      headers: { 'x-forwarded-for': '203.0.113.9' },
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_id: account.clientId, client_secret: account.secret },
      }).toString(),
    });
    expect(answer).toMatchObject({ status: 401, body: denied });
  });
});
