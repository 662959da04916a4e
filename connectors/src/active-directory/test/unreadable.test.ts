import { type Outcome, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore, type MemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost } from '@gatehouse/host';
import { afterEach, expect, test } from 'vitest';
import { activeDirectory } from '../active-directory.ts';
import type { DomainFake } from '../fake/vendor.ts';
import { fakeActiveDirectory } from './vendor.ts';
import { deletedObjects, dn, publicKeyServices } from './whole-domain.ts';

let close: () => Promise<void> = async () => {};
afterEach(() => close());

const open = async (): Promise<{
  fake: DomainFake;
  store: MemoryStore;
  run(stream: string): Promise<Outcome>;
}> => {
  const fake = fakeActiveDirectory();
  const running = await fake.start();
  close = running.close;
  const store = createMemoryStore();
  return {
    ...{ fake, store },
    run: (stream) =>
      runStreams({
        ...{ connector: activeDirectory, settings: fake.settings(running.origin), store, streams: [stream] },
        host: createHost({ signal: new AbortController().signal, attempts: 1, ...fake.nearby }),
      }),
  };
};

test('an object whose descriptor is damaged keeps the rights that are known, and is named', async () => {
  const { fake, store, run } = await open();
  await run('certificate-access-entries');
  const before = [...store.records('certificate-access-entries').keys()];
  const user = `CN=User,CN=Certificate Templates,${publicKeyServices}`;
  const whole = fake.directory.find(user)?.attributes.get('ntsecuritydescriptor')?.values[0] ?? Buffer.alloc(0);
  fake.directory.change(user, { nTSecurityDescriptor: whole.subarray(0, whole.length - 40) });
  const { streams } = await run('certificate-access-entries');
  expect(streams[0]).toMatchObject({ state: 'done', health: 'warning', caveats: [{ code: 'unreadable' }] });
  expect([...store.records('certificate-access-entries').keys()]).toEqual(before);
});

test('a group whose SID cannot be read is a caveat, and so are its members', async () => {
  const { fake, run } = await open();
  fake.directory.change(`CN=Crew,OU=People,${dn}`, { objectSid: Buffer.from('none') });
  for (const stream of ['groups', 'memberships', 'privileged-groups']) {
    const { streams } = await run(stream);
    expect(streams[0], stream).toMatchObject({ state: 'done', caveats: [{ code: 'unreadable' }] });
  }
});

test('a controller whose host name is none is named, and the others are listened to', async () => {
  const { fake, store, run } = await open();
  fake.directory.change(`CN=DC2,OU=Machines,${dn}`, { dNSHostName: '/r:elsewhere dc2.corp.example' });
  const { streams } = await run('security-events');
  expect(streams[0]).toMatchObject({ state: 'done', health: 'warning' });
  expect(streams[0]?.caveats[0]?.advice).toContain('CN=DC2,OU=Machines');
  expect(store.records('security-events').size).toBeGreaterThan(5);
});

test('deleted objects that are refused for another reason than rights are not said to lack rights', async () => {
  const { fake, run } = await open();
  fake.faults.besides((request) =>
    request.kind === 'search' && request.search.base === deletedObjects
      ? { kind: 'result', outcome: { code: 12, diagnostic: '00002040: SvcErr: DSID-031401E7, problem 5010' } }
      : undefined,
  );
  const { fault } = await run('deleted-objects');
  expect(fault).toMatchObject({ kind: 'misconfigured', advice: expect.stringContaining('does not support a control') });
});

test('whoever may not read password policies is told so, also where the container itself can be seen', async () => {
  const { fake, run } = await open();
  const container = `CN=Password Settings Container,CN=System,${dn}`;
  for (const name of ['Administrators', 'Services', 'Visitors']) fake.directory.remove(`CN=${name},${container}`);
  expect((await run('password-policies')).streams[0]).toMatchObject({ state: 'done', health: 'connected' });
  fake.faults.besides((request) =>
    request.kind === 'search' && request.search.base === container
      ? { kind: 'alter', entry: (entry) => [{ ...entry, attributes: [] }] }
      : undefined,
  );
  expect((await run('password-policies')).streams[0]?.fault).toMatchObject({
    ...{ kind: 'forbidden', advice: expect.stringContaining('Password Settings Container') },
  });
});
