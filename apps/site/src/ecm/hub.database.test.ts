import { Secret } from '@gatehouse/kernel';
import { sealCredential } from '@gatehouse/remote-access/ecm';
import { secondKey } from '@gatehouse/remote-access/ecm/testing';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startSite } from '../start.ts';
import { leasesOf, sampleErrand, until } from '../testing/errands.ts';
import { connectSecond, knock, type SecondEcm, type SecondOptions } from '../testing/second-ecm.ts';
import { type Program, type TestSite, testSite } from '../testing/test-site.ts';

let site: TestSite;
let program: Program;
let sample: Awaited<ReturnType<typeof sampleErrand>>;
const ecms: SecondEcm[] = [];
const door = () => site.site.ecm.door;

beforeAll(async () => {
  site = await testSite({ ecmPace: { roundMs: 50 } });
  program = await site.program({ perm_ecm: true });
  sample = await sampleErrand(site);
});
afterEach(async () => {
  for (const { socket } of ecms.splice(0)) socket.terminate();
  await until(async () => (await site.operator.get('/api/ecm-clients')).body.items.length === 0);
});
afterAll(() => site.close());

const listing = (label: string) => ({
  credentials: [{ credential: 'web1/root', kind: 'password', username: 'root', label, needsApproval: false }],
  truncated: false,
});
const never = () => new Promise<never>(() => undefined);
type Serve = NonNullable<SecondOptions['serve']>;
const connect = async (name: string, serve: Serve = () => listing(name), more: Partial<SecondOptions> = {}) => {
  // Below twenty requests a second of the clock of the site.
  site.clock.move(1_000);
  const ecm = await connectSecond(site.url, { token: program.token, name, serve, ...more });
  ecms.push(ecm);
  return ecm;
};
const labels = async () => (await door().listCredentials(sample.errand())).credentials.map(({ label }) => label);
/** As an ECM hands out a password. */
const hand = ({ lease, correlation, credential, publicKey }: Readonly<Record<string, unknown>>) => ({
  state: 'ready',
  sealed: sealCredential(
    { kind: 'password', username: 'root', domain: null, password: new Secret('planted') },
    String(publicKey),
    { lease: String(lease), correlation: String(correlation), credential: String(credential) },
  ),
});
const serveAll: Serve = (method, params) =>
  method === 'credentials.retrieve'
    ? hand(params)
    : method === 'credentials.release'
      ? { state: 'released' }
      : listing('x');

test('the ECM connected longest is asked, and what it is asked is the person, the endpoint and the errand', async () => {
  const first = await connect('first');
  await connect('second');
  const errand = sample.errand();
  expect((await door().listCredentials(errand)).credentials[0]?.label).toBe('first');
  expect(first.called[0]).toMatchObject({
    method: 'credentials.list',
    params: { correlation: errand.correlationId, endpoint: { hostname: 'web1', address: null, protocol: 'ssh' } },
  });
  first.socket.terminate();
  await first.closed;
  expect(await labels()).toEqual(['second']);
});

test('where it stalls or drops the next one is asked, and the person waits less than five seconds', async () => {
  await connect('stalls', never);
  await connect('drops', (_method, _params, { socket }) => {
    socket.terminate();
    return never();
  });
  await connect('answers');
  const began = performance.now();
  expect(await labels()).toEqual(['answers']);
  expect(performance.now() - began).toBeLessThan(5_000);
  const { body } = await site.operator.get('/api/ecm-clients');
  expect(body.items).toMatchObject([
    { name: 'stalls', version: '9.9', plugin: 'Memory Vault', lastError: 'There was no answer in time.', requests: 1 },
    { name: 'answers', requests: 1, lastError: null, address: '127.0.0.1' },
  ]);
});

test('with no ECM the person hears so within a second', async () => {
  const began = performance.now();
  await expect(door().listCredentials(sample.errand())).rejects.toMatchObject({
    kind: 'unreachable',
    advice: expect.stringContaining('No ECM is connected'),
  });
  await expect(door().retrieveCredential(sample.wanted())).rejects.toMatchObject({ kind: 'unreachable' });
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('what a person may not reach is asked of no ECM, and looks like what is not there', async () => {
  const ecm = await connect('first');
  const missing = { ...sample.errand(), jumpItem: { type: 'shell-jump' as const, id: 999_999 } };
  await expect(door().listCredentials(missing)).rejects.toMatchObject({ kind: 'forbidden' });
  const stranger = await site.person();
  const other = { ...sample.wanted(), userId: stranger.userId };
  await expect(door().retrieveCredential(other)).rejects.toMatchObject({
    ...{ kind: 'forbidden', advice: 'There is no such Jump item, or you may not use it.' },
  });
  expect(ecm.called).toEqual([]);
});

test('a sixth is refused, which the page and the audit show; one of another group is let in and asked for that group alone', async () => {
  for (const name of ['1', '2', '3', '4', '5']) await connect(name);
  site.clock.move(1_000);
  expect(await knock(site.url, { authorization: `Bearer ${program.token}` })).toBe(409);
  const { body } = await site.operator.get('/api/status');
  expect(body.ecmClients.map(({ name }: { name: string }) => name)).toEqual(['1', '2', '3', '4', '5']);
  expect(body.ecmRefused[0]).toMatchObject({ address: '127.0.0.1', reason: expect.stringContaining('5 ECMs') });
  const audit = await site.operator.get('/api/audit?search=ecm.refuse');
  expect(audit.body.items[0].change.reason).toContain('5 ECMs');

  const grouped = await site.program({ perm_ecm: true });
  await site.database.system(async (tx) => {
    await sql`update api_accounts set ecm_group_id = 7 where id = ${grouped.account.id}`.execute(tx);
  });
  const other = await connect('other group', undefined, { token: grouped.token });
  await labels();
  expect(other.called).toEqual([]);
});

test('without a good token, the permission, the network, the switch or a version nobody connects', async () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  expect(await knock(site.url, {})).toBe(401);
  expect(await knock(site.url, bearer('x'.repeat(40)))).toBe(401);
  const plain = await site.program({ perm_ecm: false });
  expect(await knock(site.url, bearer(plain.token))).toBe(403);
  const elsewhere = await site.program({ perm_ecm: true });
  await ok(
    site.operator.ask('PATCH', `/api/api-accounts/${elsewhere.account.id}`, { body: { ip_addresses: '192.0.2.0/24' } }),
  );
  expect(await knock(site.url, bearer(elsewhere.token))).toBe(401);
  expect(await knock(site.url, bearer(program.token), ['gatehouse-ecm.v99'])).toBe(400);
  await ok(site.operator.ask('PATCH', '/api/options', { body: { allowEcmConnections: false } }));
  expect(await knock(site.url, bearer(program.token))).toBe(403);
  await ok(site.operator.ask('PATCH', '/api/options', { body: { allowEcmConnections: true } }));
  // A person's sign-in opens nothing here, and no other address becomes a WebSocket.
  expect(await knock(site.url, { authorization: site.operatorHeader })).toBe(401);
  expect(await knock(site.url, bearer(program.token), ['gatehouse-ecm.v1'], '/api/session')).toBe(404);
  expect((await site.operator.get('/api/ecm/v1')).status).toBe(400);
});

test('whoever loses the right while connected is cut off with 4401; a token that only expires ends nothing', async () => {
  const changes: ((id: number) => Promise<unknown>)[] = [
    (id) => site.operator.ask('PATCH', `/api/api-accounts/${id}`, { body: { perm_ecm: false } }),
    (id) => site.operator.ask('PATCH', `/api/api-accounts/${id}`, { body: { enabled: false } }),
    (id) => site.operator.ask('PATCH', `/api/api-accounts/${id}`, { body: { ip_addresses: '192.0.2.1' } }),
    (id) => site.operator.post(`/api/api-accounts/${id}/secret`, {}),
    (id) => site.operator.ask('DELETE', `/api/api-accounts/${id}`),
    () => site.operator.ask('PATCH', '/api/options', { body: { allowEcmConnections: false } }),
  ];
  for (const change of changes) {
    const { token, account } = await site.program({ perm_ecm: true });
    const ecm = await connect('revoked', undefined, { token });
    await change(account.id);
    expect(await ecm.closed).toBe(4401);
  }
  await ok(site.operator.ask('PATCH', '/api/options', { body: { allowEcmConnections: true } }));
  const lasting = await connect('lasting');
  site.clock.move(7_200_000);
  program = await site.program({ perm_ecm: true });
  expect(await labels()).toEqual(['lasting']);
  expect(lasting.socket.readyState).toBe(lasting.socket.OPEN);
});

test('a credential is opened with the key of its session, and given back once; the audit joins it under one id', async () => {
  const ecm = await connect('first', serveAll);
  const wanted = sample.wanted();
  const retrieved = await door().retrieveCredential(wanted);
  if (retrieved.state !== 'ready' || retrieved.credential.kind !== 'password') throw new Error('not ready');
  expect(retrieved.credential.password.reveal()).toBe('planted');
  await expect(door().retrieveCredential(wanted)).rejects.toMatchObject({ kind: 'unexpected' });
  const [lease] = (await leasesOf(site)).filter(({ sessionId }) => sessionId === wanted.sessionId);
  if (!lease) throw new Error('no lease');
  expect(await ecm.tellLeases(lease.leaseId, 'unknown')).toEqual([lease.leaseId]);
  for (const _ of [1, 2]) await door().releaseCredential(wanted.sessionId, sample.principal);
  await until(async () => (await leasesOf(site)).every(({ state }) => state === 'ended'));
  expect(await ecm.tellLeases(lease.leaseId)).toEqual([]);
  const releases = ecm.called.filter(({ method }) => method === 'credentials.release');
  expect(releases.map(({ params }) => params)).toMatchObject([
    { lease: lease.leaseId, correlation: wanted.correlationId },
  ]);
  const { body } = await site.operator.get(`/api/audit?search=${wanted.correlationId}`);
  expect(body.items.map(({ action }: { action: string }) => action).toReversed()).toEqual([
    ...['credential.retrieve', 'credential.retrieve', 'credential.release'],
    'credential.released',
  ]);
  const released = body.items.find(({ action }: { action: string }) => action === 'credential.release');
  const told = { lease: lease.leaseId, session: wanted.sessionId, ecm: 'first' };
  expect(released).toMatchObject({ target: body.items.at(-1).target, change: told });
});

test('an ECM lost while it hands out gets a lease that never counts, and the next one a lease of its own', async () => {
  const lost = await connect('lost', (_method, _params, { socket }) => {
    socket.terminate();
    return never();
  });
  await connect('next', serveAll);
  const wanted = sample.wanted();
  expect((await door().retrieveCredential(wanted)).state).toBe('ready');
  const [first, second] = (await leasesOf(site)).filter(({ sessionId }) => sessionId === wanted.sessionId);
  expect([first?.state, first?.ecmName, second?.state, second?.ecmName]).toEqual(['ending', 'lost', 'held', 'next']);
  expect(lost.called[0]?.params.lease).toBe(first?.leaseId);
  // It comes again, on another connection, and still has it.
  const again = await connect('lost', serveAll);
  expect(await again.tellLeases(first?.leaseId ?? '', second?.leaseId ?? '')).toEqual([second?.leaseId]);
  await until(async () => (await leasesOf(site)).find(({ leaseId }) => leaseId === first?.leaseId)?.state === 'ended');
  await door().releaseCredential(wanted.sessionId, sample.principal);
});

test('a release is repeated until it is answered, over connections; and what the ECM says itself ends a lease, once', async () => {
  let answers = false;
  const serve: Serve = (method, params, ecm) => {
    if (method === 'credentials.release' && !answers) {
      ecm.socket.terminate();
      return never();
    }
    return serveAll(method, params, ecm);
  };
  const first = await connect('first', serve);
  const [one, two] = [sample.wanted(), sample.wanted()];
  for (const wanted of [one, two]) await door().retrieveCredential(wanted);
  await door().releaseCredential(one.sessionId, sample.principal);
  await first.closed;
  answers = true;
  const second = await connect('first', serve);
  const find = async (wanted: { sessionId: string }) =>
    (await leasesOf(site)).find(({ sessionId }) => sessionId === wanted.sessionId);
  await until(async () => (await find(one))?.state === 'ended');
  const lease = (await find(two))?.leaseId;
  for (const _ of [1, 2]) await second.side.ask('credentials.released', { lease, why: 'expired' });
  expect(await find(two)).toMatchObject({ state: 'ended', why: 'expired' });
  const audit = await site.operator.get(`/api/audit?search=${two.correlationId}`);
  expect(audit.body.items.filter(({ action }: { action: string }) => action === 'credential.released')).toHaveLength(1);
  // Another account’s ECM neither ends nor learns of it.
  const other = await site.program({ perm_ecm: true });
  const three = sample.wanted();
  await door().retrieveCredential(three);
  const stranger = await connect('first', serveAll, { token: other.token });
  const foreign = (await find(three))?.leaseId ?? '';
  await stranger.side.ask('credentials.released', { lease: foreign, why: 'asked' });
  expect([await stranger.tellLeases(foreign), (await find(three))?.state]).toEqual([[], 'held']);
  await door().releaseCredential(three.sessionId, sample.principal);
});

test('what waits for approval is asked for again with the same lease and the same key', async () => {
  let approved = false;
  const ecm = await connect('first', (method, params, self) =>
    method === 'credentials.retrieve' && !approved
      ? { state: 'waiting', advice: 'Somebody has to approve.', againMs: 100 }
      : serveAll(method, params, self),
  );
  const wanted = sample.wanted();
  expect(await door().retrieveCredential(wanted)).toMatchObject({ state: 'waiting', againMs: 100 });
  approved = true;
  expect((await door().retrieveCredential(wanted)).state).toBe('ready');
  const [before, after] = ecm.called.map(({ params: { lease, publicKey, correlation } }) => [
    lease,
    publicKey,
    correlation,
  ]);
  expect(after).toEqual(before);
  await door().releaseCredential(wanted.sessionId, sample.principal);
});

test('a credential that was sealed for another key, and one that comes after the session, are given back', async () => {
  let asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  await connect('first', async (method, params, ecm) => {
    if (method !== 'credentials.retrieve') return serveAll(method, params, ecm);
    if (params.credential === 'foreign') return hand({ ...params, publicKey: secondKey().publicKey });
    asked.resolve();
    await go.promise;
    return hand(params);
  });
  const foreign = sample.wanted({ credential: 'foreign' });
  await expect(door().retrieveCredential(foreign)).rejects.toMatchObject({ kind: 'unexpected' });
  const wanted = sample.wanted();
  const late = door().retrieveCredential(wanted);
  late.catch(() => undefined);
  await asked.promise;
  asked = Promise.withResolvers();
  await door().releaseCredential(wanted.sessionId, sample.principal);
  go.resolve();
  await expect(late).rejects.toThrow();
  await until(
    async () =>
      (await leasesOf(site)).filter(
        ({ sessionId, state }) => state === 'ended' && [foreign.sessionId, wanted.sessionId].includes(sessionId),
      ).length === 2,
    () => leasesOf(site),
  );
});

test('a copy of the site that is gone has no sessions any more, whichever copy its ECM comes to', async () => {
  const { test: database, home } = site;
  const copy = await startSite({ databaseUrl: database.url, home, network: { port: 0 }, ecmPace: { roundMs: 50 } });
  const wanted = sample.wanted();
  let lease = '';
  try {
    const ecm = await connectSecond(copy.url, { token: program.token, name: 'moves', serve: serveAll });
    await copy.ecm.door.retrieveCredential(wanted);
    lease = (await leasesOf(site)).find(({ sessionId }) => sessionId === wanted.sessionId)?.leaseId ?? '';
    expect(await ecm.tellLeases(lease)).toEqual([lease]);
    // Another copy shows it, and knows that the session lives there.
    const { body } = await site.operator.get('/api/ecm-clients');
    expect(body.items).toMatchObject([{ name: 'moves', requests: expect.any(Number) }]);
  } finally {
    await copy.close();
  }
  const again = await connect('moves', serveAll);
  expect(await again.tellLeases(lease)).toEqual([]);
  await until(async () => (await leasesOf(site)).find(({ leaseId }) => leaseId === lease)?.state === 'ended');
});

test('malformed and oversized messages by the thousand leave the hub healthy', async () => {
  const good = await connect('good');
  const shapes = [
    '{',
    '[]',
    '{"jsonrpc":"2.0","id":1}',
    'null',
    '{"jsonrpc":"2.0","id":"a","method":"credentials.list"}',
  ];
  for (let i = 0; i < 20; i++) {
    const bad = await connect(`bad-${i}`);
    for (let n = 0; n < 150; n++) bad.socket.send(shapes[(n + i) % shapes.length] ?? '');
    for (let n = 0; n < 70; n++) bad.socket.send('no message');
    expect(await bad.closed).toBe(4400);
  }
  const large = await connect('large');
  large.socket.send('x'.repeat(262_145));
  expect(await large.closed).toBe(1009);
  const binary = await connect('binary');
  binary.socket.send(Buffer.from('{}'));
  expect(await binary.closed).toBe(1003);
  const garbled = await connect('garbled');
  garbled.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  expect(await garbled.closed).toBe(1007);
  expect(await labels()).toEqual(['good']);
  expect(good.socket.readyState).toBe(good.socket.OPEN);
});
