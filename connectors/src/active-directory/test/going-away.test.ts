import { describe, expect, test, vi } from 'vitest';
import { entryMessage } from '../fake/answer.ts';
import { openController } from '../fake/index.ts';
import { clientOf, domain, entriesOf, faultOf, kingdom, pagesOf, people } from './reading.ts';

const inPagesOf = (pageSize: number) => ({ ...people, controls: { pageSize } });

describe('a controller that goes away', () => {
  test.each([
    ['in the middle of a page', { kind: 'goAway', afterEntries: 4 }],
    ['between two pages', { kind: 'goAway', afterEntries: 0 }],
    ['with a word', { kind: 'shutDown' }],
  ] as const)(
    '%s ends the search as unreachable; the next one starts again at the next controller',
    async (_, plant) => {
      await using first = await openController(kingdom(30), { host: 'dc1.sevenkingdoms.local' });
      await using second = await openController(kingdom(30), { host: 'dc2.sevenkingdoms.local' });
      first.plant((_request, count) => (count === 2 ? plant : undefined));
      const { ldap, waits } = clientOf([first, second]);
      const seen: string[] = [];
      const reading = (async () => {
        for await (const page of ldap.search(inPagesOf(10))) seen.push(...page.entries.map(({ dn }) => dn));
      })();
      const fault = await faultOf(reading);
      expect(fault.kind).toBe('unreachable');
      // The page that was broken off is not half there.
      expect(seen).toHaveLength(10);
      const pages = await pagesOf(ldap, inPagesOf(10));
      expect(pages.map(({ controller }) => controller.split(':')[0])).toEqual(Array(3).fill('dc2.sevenkingdoms.local'));
      expect(new Set(pages.flatMap(({ entries }) => entries.map(({ dn }) => dn))).size).toBe(30);
      expect([first.requests.length, waits]).toEqual([3, []]);
    },
  );

  test('before the first page was handed out is replaced within the same search, and the wait can be seen', async () => {
    await using first = await openController(kingdom(30), { host: 'dc1.sevenkingdoms.local' });
    await using second = await openController(kingdom(30), { host: 'dc2.sevenkingdoms.local' });
    first.plant((request) => (request.kind === 'search' ? { kind: 'goAway', afterEntries: 4 } : undefined));
    const { ldap, waits } = clientOf([first, second]);
    const entries = await entriesOf(ldap, inPagesOf(10));
    expect(new Set(entries.map(({ dn }) => dn)).size).toBe(30);
    expect(entries).toHaveLength(30);
    expect(waits).toEqual([expect.stringMatching(/^Active Directory dc1\.sevenkingdoms\.local:\d+ retry$/)]);
  });

  test('while nobody asked anything is noticed by nobody: the same controller is connected again', async () => {
    await using controller = await openController(kingdom(3));
    const { ldap } = clientOf(controller);
    await ldap.rootDse();
    await controller.stop();
    await controller.start();
    expect(await entriesOf(ldap, people)).toHaveLength(3);
    expect(controller.requests.map(({ kind }) => kind)).toEqual(['bind', 'search', 'bind', 'search']);
  });

  test('while ranges are fetched ends the search as unreachable, not with half a list', async () => {
    const directory = kingdom(0);
    directory.add(`CN=Many,${domain}`, {
      objectClass: ['group'],
      member: Array.from({ length: 4_000 }, (_, i) => `CN=M${i},${domain}`),
    });
    await using controller = await openController(directory);
    controller.plant((_, count) => (count === 2 ? { kind: 'goAway', afterEntries: 0 } : undefined));
    const reading = entriesOf(clientOf(controller).ldap, { base: `CN=Many,${domain}`, scope: 'base' });
    expect((await faultOf(reading)).kind).toBe('unreachable');
  });
});

describe('a controller that is slow', () => {
  test.each([
    ['says nothing at all', { kind: 'silence' }, { answerMs: 80 }, /nothing was heard for 0\.08 s/],
    [
      'stops in the middle of a message',
      { kind: 'bytes', bytes: Buffer.from('308400001000', 'hex') },
      { answerMs: 80 },
      /nothing was heard/,
    ],
    [
      'stops behind an entry',
      { kind: 'bytes', bytes: entryMessage(2, { dn: 'CN=x', attributes: [] }) },
      { idleMs: 80 },
      /nothing was heard/,
    ],
  ] as const)('and %s is given up in time', async (_, plant, bounds, detail) => {
    await using controller = await openController(kingdom(3));
    controller.plant((request) => (request.kind === 'search' ? plant : undefined));
    const { ldap } = clientOf(controller, { bounds }, { attempts: 2 });
    const fault = await faultOf(entriesOf(ldap, people));
    expect(fault.kind).toBe('unreachable');
    expect(fault.detail).toMatch(detail);
  });

  test('but answers in the end is waited for', async () => {
    await using controller = await openController(kingdom(3));
    const ready = Promise.withResolvers<void>();
    controller.plant((request) => {
      if (request.kind === 'search') setImmediate(ready.resolve);
      return request.kind === 'search' ? { kind: 'wait', until: ready.promise } : undefined;
    });
    expect(await entriesOf(clientOf(controller).ldap, people)).toHaveLength(3);
  });
});

describe("the host's signal", () => {
  test('ends a search in the middle of an answer, with its own reason, and closes the connection', async () => {
    await using controller = await openController(kingdom(3));
    const abort = new AbortController();
    const asked = Promise.withResolvers<void>();
    controller.plant((request) => {
      if (request.kind !== 'search') return undefined;
      asked.resolve();
      return { kind: 'silence' };
    });
    const { ldap } = clientOf(controller, {}, { signal: abort.signal });
    const reading = entriesOf(ldap, people);
    await asked.promise;
    abort.abort(new Error('the run was stopped'));
    await expect(reading).rejects.toThrow('the run was stopped');
    await expect(ldap.rootDse()).rejects.toThrow('the run was stopped');
    while (controller.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test('ends the wait for a controller that does not come back', async () => {
    const controller = await openController(kingdom(3));
    await controller.stop();
    const abort = new AbortController();
    const { ldap, clock } = clientOf(controller, {}, { signal: abort.signal });
    clock.onSleep(() => abort.abort(new Error('the run was stopped')));
    await expect(ldap.rootDse()).rejects.toThrow('the run was stopped');
  });

  test('ends a connection that is being made', async () => {
    await using controller = await openController(kingdom(3));
    const abort = new AbortController();
    const { ldap } = clientOf(controller, {}, { signal: abort.signal });
    const reading = ldap.rootDse();
    abort.abort(new Error('the run was stopped'));
    await expect(reading).rejects.toThrow('the run was stopped');
    while (controller.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

test('closing signs off; what is asked later opens another connection', async () => {
  await using controller = await openController(kingdom(3));
  const { ldap } = clientOf(controller);
  await ldap.rootDse();
  ldap.close();
  while (controller.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(controller.requests.map(({ kind }) => kind)).toEqual(['bind', 'search', 'unbind']);
  expect(await entriesOf(ldap, people)).toHaveLength(3);
});

test('a connection that nobody uses for five minutes closes, but not while an answer is awaited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await using controller = await openController(kingdom(3));
    const { ldap } = clientOf(controller, { bounds: { answerMs: 3_600_000 } });
    const ready = Promise.withResolvers<void>();
    controller.plant((request) => (request.kind === 'search' ? { kind: 'wait', until: ready.promise } : undefined));
    const reading = entriesOf(ldap, people);
    while (controller.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(301_000);
    ready.resolve();
    expect(await reading).toHaveLength(3);
    expect(controller.requests.map(({ kind }) => kind)).toEqual(['bind', 'search']);
    vi.advanceTimersByTime(300_001);
    while (controller.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(controller.requests.at(-1)?.kind).toBe('unbind');
  } finally {
    vi.useRealTimers();
  }
});
