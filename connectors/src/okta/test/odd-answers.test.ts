import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Event, Factor, Grant, Policy, Resource, Role } from '@gatehouse/connector-kit';
import { describe, expect, test } from 'vitest';
import { toFactor } from '../factors.ts';
import { toPolicy } from '../policies.ts';
import { targetOf, toRoleGrant } from '../role-assignments.ts';
import { flagAt, numberAt, timeAt } from '../shapes.ts';
import { LogEvent, toEvent } from '../system-log.ts';
import { openBench } from './bench.ts';
import { openReplay, type Replayed } from './recordings.ts';

const notFound: Replayed = { status: 404, body: { errorCode: 'E0000007', errorSummary: 'Not found: Resource' } };
const ok = (body: unknown): Replayed => ({ status: 200, body });

/** Runs streams over these answers by path; what is not among them is an empty list. */
const readOver = async (streams: readonly string[], answers: Readonly<Record<string, Replayed>>) => {
  await using replay = await openReplay((_, path) => answers[path.split('?')[0] ?? ''] ?? ok([]));
  await using bench = await openBench();
  const outcome = await bench.run({ streams, settings: { domain: replay.origin } });
  return { outcome, only: outcome.streams[0], store: bench.store };
};

describe('an odd item', () => {
  test('of a list is left out and said, and the others are read', async () => {
    const { only, store } = await readOver(['apps'], {
      '/api/v1/apps': ok([
        { id: '0oa1' },
        null,
        { id: null, label: 'x' },
        { id: 42, label: 'by number' },
        { id: '0oa2' },
      ]),
    });
    expect(only).toMatchObject({ state: 'done', fault: null, health: 'warning', caveats: [{ code: 'unreadable' }] });
    expect(only?.caveats[0]?.advice).toContain('2 records');
    expect([...store.records('apps').keys()]).toEqual(['0oa1', '42', '0oa2']);
  });

  test('among the members of a group costs neither the others nor other groups', async () => {
    const { only, store } = await readOver(['memberships'], {
      '/api/v1/groups/rules': ok([]),
      '/api/v1/groups': ok([{ id: 'g1' }, {}, { id: 'g2' }]),
      '/api/v1/groups/g1/users': ok([{ id: 'ada' }, { id: '' }]),
      '/api/v1/groups/g2/users': ok([{ id: 'bob' }]),
    });
    expect(only).toMatchObject({ state: 'done', caveats: [{ code: 'unreadable' }] });
    expect([...store.records('memberships').keys()]).toEqual(['g1/ada', 'g2/bob']);
  });

  test('among the keys of an application costs neither the others nor other applications', async () => {
    const saml = (id: string) => ({ id, signOnMode: 'SAML_2_0', credentials: { signing: { kid: 'k1' } } });
    const { only, store } = await readOver(['app-credentials'], {
      '/api/v1/apps': ok([saml('a1'), saml('a2')]),
      '/api/v1/apps/a1/credentials/keys': ok([{ kid: 'k1', id: null }, { alg: 'RS256' }, { kid: null, id: 'i2' }]),
      '/api/v1/apps/a2/credentials/keys': ok({ jwks: { keys: [{ kid: 'k3' }] } }),
    });
    expect(only).toMatchObject({ state: 'done', fault: null, caveats: [{ code: 'unreadable' }] });
    const ids = ['a1/certificate/k1', 'a1/certificate/i2', 'a2/certificate/k3'];
    expect([...store.records('app-credentials').keys()]).toEqual(ids);
  });

  test('of another kind of list is still a fault: an object is no list, and a list of strangers deletes nothing', async () => {
    const wrong = await readOver(['apps'], { '/api/v1/apps': ok({ items: [] }) });
    expect(wrong.only).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
    const strangers = await readOver(['apps'], { '/api/v1/apps': ok([{ name: 'a' }, { name: 'b' }]) });
    expect(strangers.only).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
    expect(strangers.only?.fault?.detail).toContain('id');
  });
});

describe('what went away or has nothing in it', () => {
  test('a custom role without permissions, or whose permissions are not told, is still a role', async () => {
    const { only, store } = await readOver(['roles'], {
      '/api/v1/iam/roles': ok({ roles: [{ id: 'cr1', label: 'Bare' }, { id: 'cr2' }, { id: 'cr3' }], _links: {} }),
      '/api/v1/iam/roles/cr1/permissions': ok({ permissions: null, _links: { self: { href: 'x' } } }),
      '/api/v1/iam/roles/cr2/permissions': ok({ _links: { self: { href: 'x' } } }),
      '/api/v1/iam/roles/cr3/permissions': notFound,
    });
    expect(only).toMatchObject({ state: 'done', fault: null });
    const found = (id: string) => store.records('roles').get(id) as Role | undefined;
    expect(found('cr1')).toMatchObject({ name: 'Bare', permissions: [], privilege: 'none' });
    expect(found('cr2')).toMatchObject({ privilege: 'none' });
    expect(found('cr3')).toMatchObject({ privilege: null });
  });

  test('a resource set, a binding or a client that was deleted since it was listed costs no other', async () => {
    const client = { application_type: 'service', grant_types: ['client_credentials'] };
    const { outcome, store } = await readOver(['resource-sets', 'role-assignments'], {
      '/api/v1/iam/assignees/users': ok({ value: [{ id: 'ada' }] }),
      '/api/v1/users/ada/roles': ok([{ id: 'r1', type: 'SUPER_ADMIN', assignmentType: 'USER' }]),
      '/api/v1/iam/resource-sets': ok({ 'resource-sets': [{ id: 'gone' }, { id: 'kept' }] }),
      '/api/v1/iam/resource-sets/gone/resources': notFound,
      '/api/v1/iam/resource-sets/kept/resources': ok({ resources: [] }),
      '/api/v1/iam/resource-sets/gone/bindings': notFound,
      '/api/v1/iam/resource-sets/kept/bindings': ok({ roles: [{ id: 'cr1' }, { id: 'cr2' }] }),
      '/api/v1/iam/resource-sets/kept/bindings/cr1/members': notFound,
      '/api/v1/iam/resource-sets/kept/bindings/cr2/members': ok({
        members: [{ id: 'm1', _links: { self: { href: 'https://x/api/v1/users/bob' } } }],
      }),
      '/api/v1/iam/roles/cr2/permissions': ok({ permissions: [{ label: 'okta.users.read' }, {}] }),
      '/api/v1/apps': ok([{ id: 'svc', signOnMode: 'OPENID_CONNECT', settings: { oauthClient: client } }]),
      '/oauth2/v1/clients/svc/roles': { status: 405, body: { errorCode: 'E0000022', errorSummary: 'not supported' } },
    });
    expect(outcome.streams.map(({ stream, fault }) => [stream, fault])).toEqual([
      ['resource-sets', null],
      ['role-assignments', null],
    ]);
    expect([...store.records('resource-sets').keys()]).toEqual(['kept']);
    const grants = [...store.records('role-assignments').values()] as Grant[];
    expect(grants.map(({ principalId, roleId }) => [principalId, roleId])).toEqual([
      ['ada', 'SUPER_ADMIN'],
      ['bob', 'cr2'],
    ]);
  });

  test('a list that an organisation does not have is none, also where Okta answers 404 for it', async () => {
    const { only } = await readOver(['authenticators'], { '/api/v1/authenticators': notFound });
    expect(only).toMatchObject({ state: 'done', fault: null, records: 0 });
    // Everybody has users: there it is something else.
    const users = await readOver(['users'], { '/api/v1/users': notFound });
    expect(users.only?.fault?.kind).toBe('unexpected');
  });
});

describe('a value', () => {
  test('that is a number or a flag in words, or a moment as a number, is understood', () => {
    const item = { n: '12', yes: 'true', no: 'FALSE', ms: 1_700_000_000_000, s: 1_700_000_000, few: 12, odd: 'x' };
    expect([numberAt(item, 'n'), numberAt(item, 'odd'), flagAt(item, 'yes'), flagAt(item, 'no')]).toEqual([
      ...[12, null, true, false],
    ]);
    expect([timeAt(item, 'ms'), timeAt(item, 's'), timeAt(item, 'few'), flagAt(item, 'odd')]).toEqual([
      ...[new Date(1_700_000_000_000), new Date(1_700_000_000_000), null, null],
    ]);
  });

  test('that is missing or new is unknown, not off', () => {
    const policy = toPolicy({ policy: { id: 'p' }, as: 'access', rules: [{ id: 'r' }], appIds: [] });
    expect(policy).toMatchObject({ status: null, settings: { rules: [{ enabled: null }] } } satisfies Partial<Policy>);
    const factor: Factor = toFactor('u', { id: 'f', status: 'BLOCKED_BY_SOMETHING_NEW' }, null);
    expect(factor.status).toBeNull();
    const holder = { kind: 'account', id: 'u', path: '' } as const;
    expect(toRoleGrant(holder, { id: 'r' }, [])).toMatchObject({ roleId: null, privilege: null });
    // A target that is not named is a limit all the same.
    expect(targetOf('groups', {})).toBe('group:unknown');
  });

  test('that is missing in a status of a thing is unknown', async () => {
    const { store } = await readOver(['apps', 'zones'], {
      '/api/v1/apps': ok([
        { id: 'a', visibility: null, _links: null, settings: null, credentials: null, features: null },
      ]),
      '/api/v1/zones': ok([{ id: 'z', gateways: null, locations: [null], asns: {} }]),
    });
    expect(store.records('apps').get('a')).toMatchObject({ status: null, attributes: { features: [] } });
    expect((store.records('zones').get('z') as Resource | undefined)?.status).toBeNull();
  });
});

describe('the System Log', () => {
  test('keeps entries in which nearly everything is missing', () => {
    const entry = LogEvent.parse({ uuid: 'e', target: [{ type: 'User' }, { type: 'User', alternateId: 'ada' }, null] });
    expect(toEvent(entry)).toMatchObject({ id: 'e', action: 'unknown', time: null, targets: ['user:ada'] });
  });

  test('is not blinded by an entry of the future', async () => {
    const now = new Date();
    const entry = (uuid: string, published: string) => ({ uuid, published, eventType: 'user.session.start' });
    const { store, only } = await readOver(['system-log'], {
      '/api/v1/logs': ok([entry('a', now.toISOString()), null, entry('b', '2099-01-01T00:00:00.000Z')]),
    });
    expect(only).toMatchObject({ state: 'done', caveats: [{ code: 'unreadable' }] });
    expect([...(store.records('system-log') as ReadonlyMap<string, Event>).keys()]).toEqual(['a', 'b']);
    const { cursor } = await store.position('system-log');
    expect(Date.parse(JSON.parse(cursor ?? '{}').seen)).toBeLessThan(now.getTime() + 60_000);
  });
});

test('a token that Okta cannot hand out at this moment is asked for again, with a new assertion', async () => {
  const assertions: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += String(piece);
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.url !== '/oauth2/v1/token') return response.end('[]');
      assertions.push(new URLSearchParams(body).get('client_assertion') ?? '');
      if (assertions.length === 1) return request.socket.destroy();
      if (assertions.length === 2) return response.writeHead(503, { 'content-type': 'text/html' }).end('<html>Busy');
      return response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: 'good' }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await using bench = await openBench();
  const domain = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = await bench.run({ streams: ['zones'], settings: { domain } });
  server.close();
  server.closeAllConnections();
  expect(outcome.fault).toBeNull();
  expect(new Set(assertions).size).toBe(3);
});
