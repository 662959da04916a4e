import { Fault, Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { sealCredential } from './sealing.ts';
import { joinEcm, joinSite } from './testing/joined.ts';
import { secondKey } from './testing/second.ts';

const endpoint = { hostname: 'web1', address: '10.0.0.7', domain: null, protocol: 'ssh' } as const;
const listing = {
  credential: 'web1\\root',
  kind: 'password',
  username: 'root',
  label: 'web1\\root',
  needsApproval: false,
} as const;

test('a site made from the page alone greets, lists, retrieves, opens and releases', async () => {
  const credential = { kind: 'password', username: 'root', domain: null, password: new Secret('s3cret') } as const;
  const { site, greet } = joinEcm({
    'credentials.list': async ({ person }) => ({
      ...{ credentials: [{ ...listing, label: `for ${person}` }], truncated: false },
    }),
    'credentials.retrieve': async ({ lease, credential: name, publicKey }, { correlation }) => ({
      state: 'ready',
      sealed: sealCredential(credential, publicKey, { lease, credential: name, correlation }),
    }),
    'credentials.release': async () => ({ state: 'released' }),
  });
  await greet();
  const list = await site.ask('credentials.list', { person: 'NS\\sarcher', endpoint, correlation: 'click-1' });
  expect(list).toEqual({
    ...{ correlation: 'click-1', truncated: false, credentials: [{ ...listing, label: 'for NS\\sarcher' }] },
  });
  const key = secondKey();
  const wanted = {
    ...{ lease: 'l-1', credential: 'web1\\root', person: 'NS\\sarcher', endpoint, publicKey: key.publicKey },
    ...{ reason: 'broken disk', ticket: null, expiresInMs: 60_000, correlation: 'click-2', aMemberOfVersion9: 1 },
  };
  const { sealed, state } = await site.ask('credentials.retrieve', wanted);
  expect(state).toBe('ready');
  const opened = key.open(sealed, { lease: 'l-1', correlation: 'click-2', credential: 'web1\\root' });
  expect(opened).toEqual({ ...credential, password: 's3cret' });
  expect(JSON.stringify(site.came)).not.toContain('s3cret');
  expect(await site.ask('credentials.release', { lease: 'l-1' })).toMatchObject({ state: 'released' });
  expect(await site.ask('ping')).toHaveProperty('correlation');
});

test('an ECM made from the page alone is served by a site', async () => {
  const { ecm, site } = joinSite(
    {
      'leases.open': async ({ leases }) => ({ live: leases.map(({ lease }) => lease).filter((id) => id !== 'dead') }),
      'credentials.released': async () => ({}),
    },
    (method) => {
      if (method === 'credentials.list') throw new Error('You may not.');
      return { health: 'warning', advice: 'Slow.', leases: 3 };
    },
  );
  const plugin = { id: 'x', name: 'X', impersonation: 'acts-as-user' };
  const hello = { name: 'second', version: '9', plugin, protocols: [1, 2], window: 4 };
  await expect(ecm.ask('credentials.released', { lease: 'a', why: 'expired' })).rejects.toMatchObject({ code: -32000 });
  expect(await ecm.ask('hello', hello)).toMatchObject({ protocol: 1, window: 8 });
  await site.greeted;
  const held = (lease: string) => ({ lease, state: 'held', remainingMs: 5 });
  const answer = await ecm.ask('leases.open', { leases: [held('alive'), held('dead')], last: true });
  expect(answer.live).toEqual(['alive']);
  expect(await ecm.ask('credentials.released', { lease: 'dead', why: 'session-over' })).toHaveProperty('correlation');
  const waits = { deadlineMs: 1_000, correlation: 'c' };
  expect(await site.call('health.check', {}, waits)).toMatchObject({ health: 'warning', leases: 3 });
  await expect(site.call('credentials.list', { person: 'p', endpoint }, waits)).rejects.toMatchObject({
    kind: 'forbidden',
  });
  await expect(ecm.ask('hello', hello)).rejects.toMatchObject({ code: -32600, data: { field: 'method' } });
});

test('requests are refused in the order and with the words of the page', async () => {
  const ends = Promise.withResolvers<void>();
  const { ecm, site, greet, reported } = joinEcm(
    {
      'credentials.list': async () => {
        await ends.promise;
        return { credentials: [], truncated: false };
      },
      'credentials.release': async () => {
        throw new TypeError('a defect with a secret in it: hunter2');
      },
      'health.check': async () => {
        throw new Fault('unreachable', 'The vault does not answer.', 'a detail that stays here');
      },
    },
    { window: 2 },
  );
  const ask = { person: 'p', endpoint };
  await expect(site.ask('credentials.list', ask)).rejects.toMatchObject({ code: -32000, data: { retry: true } });
  await greet();
  await expect(site.ask('credentials.steal', {})).rejects.toMatchObject({ code: -32601 });
  await expect(site.ask('hello', {})).rejects.toMatchObject({ code: -32601 });
  await expect(site.ask('credentials.retrieve', {})).rejects.toMatchObject({ code: -32601 });
  const bad = { ...ask, endpoint: { ...endpoint, hostname: 'x'.repeat(254) } };
  await expect(site.ask('credentials.list', { ...bad, correlation: 'mine' })).rejects.toMatchObject({
    ...{
      code: -32602,
      data: { kind: 'invalid_params', field: 'endpoint.hostname', correlation: 'mine', retry: false },
    },
  });
  await expect(site.ask('credentials.list', ask, { deadlineMs: 0 })).rejects.toMatchObject({
    data: { field: 'deadlineMs' },
  });
  await expect(site.ask('credentials.release', { lease: 'a' })).rejects.toMatchObject({
    ...{ code: -32603, message: 'Something went wrong on this side. Its log says what.' },
  });
  expect(reported).toHaveLength(1);
  await expect(site.ask('health.check')).rejects.toMatchObject({
    ...{ code: -32015, message: 'The vault does not answer.', data: { kind: 'unreachable', retry: true } },
  });
  expect(JSON.stringify(site.came)).not.toMatch(/hunter2|a detail/);

  const first = site.ask('credentials.list', ask, { id: 77 });
  await expect(site.ask('credentials.list', ask, { id: 77 }).catch((e) => e)).resolves.toMatchObject({
    ...{ code: -32600, data: { field: 'id' } },
  });
  const second = site.ask('credentials.list', ask);
  await expect(site.ask('credentials.list', ask)).rejects.toMatchObject({ code: -32001, data: { retry: true } });
  // Neither needs credit.
  expect(await site.ask('ping')).toBeDefined();
  ends.resolve();
  await second;
  expect(ecm.load()).toMatchObject({ served: 0, calls: 0 });
  void first;
});

test('what runs out of time or is given up is answered, and its work is told to stop', async () => {
  const stopped: string[] = [];
  const { ecm, site, greet } = joinEcm({
    'credentials.list': (_, { signal, correlation }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(correlation);
          reject(signal.reason);
        });
      }),
  });
  await greet();
  const ask = { person: 'p', endpoint };
  await expect(site.ask('credentials.list', { ...ask, correlation: 'late' }, { deadlineMs: 20 })).rejects.toMatchObject(
    { code: -32003 },
  );
  const given = site.ask('credentials.list', { ...ask, correlation: 'given-up' }, { id: 'x' });
  site.tell('cancel', { id: 'x' });
  await expect(given).rejects.toMatchObject({ code: -32004, data: { correlation: 'given-up' } });
  expect(stopped).toEqual(['late', 'given-up']);
  expect(ecm.load().served).toBe(0);
});
