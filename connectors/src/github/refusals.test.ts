import { type Reply, reply } from '@gatehouse/host/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Absent } from './client.ts';
import { asked, clientOf, closeClients } from './fake/client.ts';
import { needs } from './need.ts';
import { listed } from './reading.ts';

afterEach(closeClients);

const planned = { ...needs.members, plan: 'GitHub Enterprise Cloud or Server' } as const;
const said = (message: string, headers: Record<string, string> = {}): Reply =>
  reply.status(403, { message, documentation_url: 'https://docs.github.com/rest' }, headers);
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: unknown) => error,
  );

describe('a limit that stays', () => {
  test.each([
    ['a secondary one', said(secondary)],
    ['a secondary one with Retry-After', said(secondary, { 'retry-after': '5' })],
    ['one of older servers', said('You have triggered an abuse detection mechanism. Please wait a few minutes.')],
    ['a primary one without headers', said('API rate limit exceeded for installation ID 1.')],
    ['one told by 429', reply.status(429, { message: secondary })],
  ])('is throttled whatever was asked for, never something that is not there: %s', async (_, answer) => {
    const { client } = await clientOf(answer);
    const throttled = { name: 'Fault', kind: 'throttled' };
    expect(await failureOf(client.page('/orgs/acme/organization-roles', planned))).toMatchObject(throttled);
    expect(await failureOf(client.get('/orgs/acme', needs.members))).toMatchObject(throttled);
    expect(await failureOf(client.graphql('query { viewer }', {}))).toMatchObject(throttled);
    const list = {
      path: '/orgs/acme/organization-roles',
      need: planned,
      toRecords: (items: readonly unknown[]) => ({ items, leftOut: [] }),
    };
    const first = listed(client, list, null)[Symbol.asyncIterator]().next();
    expect(await failureOf(first)).toMatchObject(throttled);
  });

  test('without a word about time is waited for as GitHub asks: a minute, and everybody', async () => {
    const { client, clock, waits } = await clientOf(reply.inTurn(said(secondary), reply.json({ id: 1 })));
    expect(await client.get('/orgs/acme', needs.members)).toEqual({ id: 1 });
    expect(clock.slept).toEqual([60_000]);
    expect(waits).toContainEqual(expect.objectContaining({ system: 'GitHub', reason: 'rate-limit' }));
  });

  test('on what the app asks as itself is throttled and no suspended installation', async () => {
    const { client } = await clientOf(said(secondary));
    expect(await failureOf(client.app.asApp('/app'))).toMatchObject({ kind: 'throttled' });
  });
});

describe('a 403 though the permission is held', () => {
  test.each([
    'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
    'This installation has been suspended',
    'Resource protected by organization SAML enforcement. You must grant your token access to this organization.',
  ])('that shuts everybody out empties no list: %s', async (message) => {
    const { client } = await clientOf(said(message));
    expect(await failureOf(client.page('/orgs/acme/organization-roles', planned))).toMatchObject({
      kind: 'unauthorized',
      advice: expect.stringContaining('IP allow list'),
    });
  });

  test.each([
    ['Upgrade to GitHub Pro or make this repository public to enable this feature.', true],
    ['Repository access blocked', true],
    ['Resource not accessible by integration', false],
  ])('says whether it is about this one thing: %s', async (message, isAboutThis) => {
    const { client } = await clientOf(said(message));
    const error = await failureOf(client.page('/repos/acme/secret/rulesets', needs.members));
    expect(error).toBeInstanceOf(Absent);
    expect(error).toMatchObject({ status: 403, isAboutThis });
  });
});

describe('a server in trouble', () => {
  test.each([500, 502, 503])('that answers GraphQL with %i is asked again', async (status) => {
    const page = '<html><body>Unicorn!</body></html>';
    const broken: Reply = (_, response) => void response.writeHead(status, { 'content-type': 'text/html' }).end(page);
    const { client } = await clientOf(reply.inTurn(broken, reply.json({ data: { viewer: 1 } })));
    expect(await client.graphql('query { viewer }', {})).toEqual({ viewer: 1 });
  });

  test('is asked no more often than the host says', async () => {
    const { client, server } = await clientOf(reply.status(500, { message: 'Server Error' }));
    expect(await failureOf(client.get('/orgs/acme', needs.members))).toMatchObject({ kind: 'unreachable' });
    expect(asked(server)).toHaveLength(3);
  });

  test.each([
    { type: 'SERVICE_UNAVAILABLE', message: 'Unavailable' },
    { type: 'INTERNAL', message: 'x' },
    { message: 'Timeout on validation of query' },
  ])('that says so inside of a GraphQL answer is unreachable: nothing is unknown because of it (%o)', async (error) => {
    const body = { data: { organization: null }, errors: [{ ...error, path: ['organization'] }] };
    const { client } = await clientOf(reply.json(body));
    expect(await failureOf(client.graphql('query { organization }', {}))).toMatchObject({ kind: 'unreachable' });
  });
});

test.each([
  '<?page=2>; rel="next"',
  '<members?page=2>; rel=next',
  '<https://HOST/api/v3/orgs/acme/members?page=2>; rel="next"',
  '</api/v3/orgs/acme/members?page=2>; title="more, and more"; REL="last next"',
])('a next link of any form is followed: %s', async (link) => {
  const answer: Reply = (request, response) =>
    reply.json([{ id: 1 }], { link: link.replace('HOST', request.headers.host ?? '') })(request, response);
  const { client } = await clientOf(answer);
  expect((await client.page('/orgs/acme/members?per_page=100', needs.members)).next).toBe('/orgs/acme/members?page=2');
});
