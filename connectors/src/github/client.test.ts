import { inspect } from 'node:util';
import { type Reply, reply } from '@gatehouse/host/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Absent } from './client.ts';
import { asked, clientOf, closeClients } from './fake/client.ts';
import { needs } from './need.ts';

afterEach(closeClients);

/** Each reply in turn, the last one from then on. */
const inTurn = (...replies: readonly Reply[]): Reply => {
  let at = 0;
  return (request, response) => (replies[Math.min(at++, replies.length - 1)] ?? reply.status(500))(request, response);
};

describe('a refusal becomes the fault that it is', () => {
  test('403 without the permission names the permission and the page', async () => {
    const { client } = await clientOf(reply.status(403, { message: 'Resource not accessible by integration' }), {});
    await expect(client.page('/orgs/acme/members', needs.members)).rejects.toMatchObject({
      kind: 'forbidden',
      advice: expect.stringMatching(/organization permission Members: read-only.+installations\/1/),
    });
  });

  test('404 without the permission is the same as 403', async () => {
    const { client } = await clientOf(reply.status(404, { message: 'Not Found' }), {});
    await expect(client.page('/orgs/acme/hooks', needs.organizationWebhooks)).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  test.each([403, 404, 409, 410, 422, 451])(
    '%i with the permission says that the thing is not there',
    async (status) => {
      const { client } = await clientOf(reply.status(status, { message: 'no' }));
      const error = await client.page('/orgs/acme/members', needs.members).catch((error: unknown) => error);
      // plugin-paginate-rest takes 409 for an empty repository, which is an empty list.
      if (status === 409) expect(error).toMatchObject({ items: [], next: null });
      else expect(error).toMatchObject({ name: 'Absent', status });
    },
  );

  test('401 that stays is unauthorized, after one more token', async () => {
    const { client, server } = await clientOf(reply.status(401, { message: 'Bad credentials' }));
    await expect(client.get('/orgs/acme', needs.members)).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(server.requests.filter(({ url }) => url.endsWith('/access_tokens'))).toHaveLength(2);
  });

  test('500 is tried again, and is unreachable when it stays', async () => {
    const { client, server } = await clientOf(reply.status(500, { message: 'Server Error' }));
    await expect(client.get('/orgs/acme', needs.members)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(asked(server).length).toBeGreaterThan(1);
  });

  test('429 that stays is throttled', async () => {
    const { client } = await clientOf(reply.status(429, { message: 'slow down' }, { 'retry-after': '3' }));
    await expect(client.get('/orgs/acme', needs.members)).rejects.toMatchObject({ kind: 'throttled' });
  });

  test('a web page instead of an answer is unexpected', async () => {
    const { client } = await clientOf(reply.html());
    await expect(client.get('/orgs/acme', needs.members)).rejects.toMatchObject({ kind: 'unexpected' });
  });

  test('truncated JSON is unexpected, and nothing of it is shown', async () => {
    const { client } = await clientOf(
      reply.text('[{"type":"Repository","config":{"url":"https://hooks.example/services/T0/B0/x7Kq', {
        'content-type': 'application/json',
      }),
    );
    const fault = await client.page('/orgs/acme/hooks', needs.members).catch((error: unknown) => error);
    expect(fault).toMatchObject({ kind: 'unexpected', detail: expect.stringContaining('broken off') });
    // Nothing of it is shown, because it may be a secret that was just begun.
    expect(inspect(fault, { depth: 10 })).not.toContain('x7Kq');
  });
});

describe('a limit is waited for by the host, which says so', () => {
  test('a secondary limit with Retry-After', async () => {
    const limit = reply.status(403, { message: 'You have exceeded a secondary rate limit.' }, { 'retry-after': '30' });
    const { client, clock, waits, server } = await clientOf(inTurn(limit, reply.json({ id: 1 })));
    expect(await client.get('/orgs/acme', needs.members)).toEqual({ id: 1 });
    expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(30_000);
    expect(waits).toContainEqual(expect.objectContaining({ system: 'GitHub', reason: 'rate-limit', bucket: 'core' }));
    expect(asked(server)).toHaveLength(2);
  });

  test('a primary limit that is used up', async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 120);
    const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    const limit = reply.status(403, { message: 'API rate limit exceeded for installation' }, headers);
    const { client, clock, waits } = await clientOf(inTurn(limit, reply.json({ id: 1 })));
    expect(await client.get('/orgs/acme', needs.members)).toEqual({ id: 1 });
    expect(Math.max(...clock.slept)).toBeGreaterThan(100_000);
    expect(waits).toContainEqual(expect.objectContaining({ reason: 'rate-limit' }));
  });

  test('a secondary limit that does not say how long is a minute', async () => {
    const limit = reply.status(403, { message: 'You have exceeded a secondary rate limit.' });
    const { client, clock } = await clientOf(inTurn(limit, reply.json({ id: 1 })));
    expect(await client.get('/orgs/acme', needs.members)).toEqual({ id: 1 });
    expect(Math.max(...clock.slept)).toBe(60_000);
  });

  test('GraphQL that is used up is answered with 200', async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 60);
    const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    const limit = reply.json({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, headers);
    const { client, clock } = await clientOf(inTurn(limit, reply.json({ data: { viewer: 1 } })));
    expect(await client.graphql('query { viewer }', {})).toEqual({ viewer: 1 });
    expect(Math.max(...clock.slept)).toBeGreaterThan(40_000);
  });
});

describe('a list', () => {
  test('that leads back into itself is unexpected', async () => {
    const answer: Reply = (request, response) => {
      const [, number = '1'] = /page=(\d)/.exec(request.url) ?? [];
      const next = number === '3' ? '1' : String(Number(number) + 1);
      const link = `<http://${request.headers.host}/api/v3/orgs/acme/members?page=${next}>; rel="next"`;
      return reply.json([], { link })(request, response);
    };
    const { client } = await clientOf(answer);
    const all = async () => {
      for await (const _ of client.pages('/orgs/acme/members?page=1', needs.members));
    };
    await expect(all()).rejects.toMatchObject({ kind: 'unexpected', detail: expect.stringContaining('page=1') });
  });

  test('whose next link has characters that octokit would fill in is asked for as it is', async () => {
    const next = '/api/v3/orgs/acme/audit-log?phrase=created:today&after=a{b}';
    const answer: Reply = (request, response) =>
      request.url.includes('after=')
        ? reply.json([{ id: 2 }])(request, response)
        : reply.json([{ id: 1 }], { link: `<http://${request.headers.host}${next}>; rel="next"` })(request, response);
    const { client, server } = await clientOf(answer);
    const items: unknown[] = [];
    for await (const page of client.pages('/orgs/acme/audit-log', needs.members)) items.push(...page.items);
    expect(items).toEqual([{ id: 1 }, { id: 2 }]);
    const query = new URL(asked(server).at(-1)?.url ?? '', server.origin).searchParams;
    expect(Object.fromEntries(query)).toEqual({ phrase: 'created:today', after: 'a{b}' });
  });

  test('of an Enterprise Server may not lead out of its API', async () => {
    const answer: Reply = (request, response) =>
      reply.json([], { link: `<http://${request.headers.host}/elsewhere>; rel="next"` })(request, response);
    const { client } = await clientOf(answer);
    await expect(client.page('/orgs/acme/members', needs.members)).rejects.toMatchObject({ kind: 'unexpected' });
  });
});

test('what GraphQL refuses in part is absent, not null', async () => {
  const body = {
    data: { organization: { samlIdentityProvider: null, name: 'Acme' } },
    errors: [{ type: 'FORBIDDEN', path: ['organization', 'samlIdentityProvider'], message: 'no' }],
  };
  const { client } = await clientOf(reply.json(body));
  expect(await client.graphql('query { organization }', {})).toEqual({ organization: { name: 'Acme' } });
});

test('an error of the thing asked for keeps its status, so that a run can begin again', () => {
  expect(new Absent(410, '/x', null)).toMatchObject({ status: 410 });
});
