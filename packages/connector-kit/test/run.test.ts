import { type Cursor, createHost, type Http, type Page } from '@gatehouse/host';
import { createTestClock, type TestClock } from '@gatehouse/host/testing';
import { Fault } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Account,
  type AnyConnector,
  empty,
  type Outcome,
  type Progress,
  type Reading,
  runStreams,
  stream,
} from '../src/index.ts';
import { createMemoryStore, type FakeVendor, type MemoryStore } from '../src/testing/index.ts';
import { acme, createAcme, fakeAcme, goodToken, readMemberships, settings } from './acme.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Bench {
  readonly fake: FakeVendor;
  readonly held: ReturnType<typeof createAcme>;
  readonly origin: string;
  readonly clock: TestClock;
  readonly store: MemoryStore;
  readonly controller: AbortController;
  readonly progress: Progress[];
  run(streams: readonly string[], connector?: AnyConnector, budgetMs?: number): Promise<Outcome>;
}

const setUp = async (): Promise<Bench> => {
  const held = createAcme();
  const fake = fakeAcme(held);
  const { origin, close } = await fake.start();
  closing.push(close);
  const clock = createTestClock(new Date('2026-03-01T12:00:00Z'));
  const store = createMemoryStore({ clock });
  const controller = new AbortController();
  const progress: Progress[] = [];
  const host = createHost({ signal: controller.signal, clock });
  const run: Bench['run'] = (streams, connector = acme, budgetMs = 3_600_000) =>
    runStreams({
      ...{ connector, settings: settings(origin), host, store, streams, budgetMs },
      onProgress: (step) => void progress.push(step),
    });
  return { fake, held, origin, clock, store, controller, progress, run };
};

type Read = (http: Http, from: Cursor | null) => AsyncIterable<Page<Account>>;

const accountsBy = (read: Read, mode: Reading = { mode: 'full' }): AnyConnector => ({
  ...acme,
  streams: {
    accounts: stream<Http, 'accounts'>({
      record: 'accounts',
      title: 'Users',
      needs: 'x',
      reading: mode,
      everyMs: 1,
      read,
    }),
  },
});

const account = (id: string, more: Partial<Account> = {}): Account => ({
  ...empty('accounts'),
  raw: null,
  ...more,
  id,
});

const pagesOf = (...pages: readonly Page<Account>[]): AnyConnector =>
  accountsBy(async function* () {
    yield* pages;
  });

const faultIn = (outcome: Outcome, id = 'accounts'): Fault | null =>
  outcome.streams.find((one) => one.stream === id)?.fault ?? null;

const idsIn = (store: MemoryStore, id: string) => [...store.records(id).keys()].sort();

describe('a full read', () => {
  test('commits page by page and closes its generation only at the end', async () => {
    const { run, store, fake } = await setUp();
    fake.capPages(3);
    const outcome = await run(['accounts']);
    expect(store.calls.map(({ call, cursor }) => [call, cursor === null])).toEqual([
      ['begin', true],
      ['save', false],
      ['save', false],
      ['save', true],
      ['finish', true],
    ]);
    expect(outcome).toMatchObject({ health: 'connected', fault: null, aborted: false });
    expect(outcome.streams[0]).toMatchObject({
      state: 'done',
      pages: 3,
      records: 7,
      wasFull: true,
      counts: { inserted: 7 },
    });
  });

  test('that continues a broken one does not begin again, and then knows what is gone', async () => {
    const { run, store, fake, held } = await setUp();
    fake.capPages(3);
    await run(['accounts']);
    held.users.splice(0, 1);
    store.place('accounts', { cursor: '/api/users?limit=200&after=3', midway: true }, [
      account('u1'),
      account('u2'),
      account('u3'),
    ]);
    const before = store.calls.length;
    await run(['accounts']);
    expect(store.calls.slice(before).map(({ call }) => call)).toEqual(['save', 'finish']);
    expect(idsIn(store, 'accounts')).toEqual(['u1', 'u2', 'u3', 'u4', 'u5', 'u6']);
  });

  test('that fails in the middle deletes nothing and keeps what it committed', async () => {
    const { run, store } = await setUp();
    store.place('accounts', {}, [account('old')]);
    const outcome = await run(
      ['accounts'],
      accountsBy(async function* () {
        yield { records: [account('new')], cursor: '1' };
        throw new Fault('unreachable', 'Gone.');
      }),
    );
    expect(idsIn(store, 'accounts')).toEqual(['new', 'old']);
    expect(store.calls.at(-1)).toMatchObject({ call: 'save', cursor: '1' });
    expect(outcome.streams[0]).toMatchObject({ state: 'failed', health: 'warning', records: 1 });
  });

  test('of one stream that fails leaves the others', async () => {
    const { run, fake } = await setUp();
    fake.forbid('groups');
    const outcome = await run(['accounts', 'groups', 'memberships', 'events']);
    expect(outcome.streams.map(({ state }) => state)).toEqual(['done', 'failed', 'done', 'done']);
    expect(faultIn(outcome, 'groups')?.advice).toBe('Groups cannot be read: grant the permission "Read groups".');
    expect(outcome.health).toBe('warning');
  });
});

describe('a connector is not believed', () => {
  test.each([
    [
      'a cursor that does not move',
      [
        { records: [], cursor: '1' },
        { records: [], cursor: '1' },
      ],
      /cursor came twice/,
    ],
    [
      'a cycle of cursors',
      [
        { records: [], cursor: '1' },
        { records: [], cursor: '2' },
        { records: [], cursor: '1' },
      ],
      /cursor came twice/,
    ],
    [
      'a page after the last one',
      [
        { records: [], cursor: null },
        { records: [], cursor: null },
      ],
      /after the last one/,
    ],
    ['an end before the last page', [{ records: [], cursor: '1' }], /ended before its last page/],
    ['no page at all', [], /without a page/],
    [
      'a page of more than ten thousand records',
      [{ records: Array.from({ length: 10_001 }, (_, i) => account(String(i))), cursor: null }],
      /10001 records/,
    ],
  ])('%s is a fault, and nothing is gone', async (_, pages, detail) => {
    const { run, store } = await setUp();
    store.place('accounts', {}, [account('old')]);
    const outcome = await run(['accounts'], pagesOf(...pages));
    expect(faultIn(outcome)).toMatchObject({ kind: 'unexpected' });
    expect(faultIn(outcome)?.detail).toMatch(detail);
    expect(store.calls.every(({ call }) => call !== 'finish')).toBe(true);
    expect(idsIn(store, 'accounts')).toContain('old');
  });

  test('next links of the vendor that lead in a circle are a fault', async () => {
    const { run, origin, fake } = await setUp();
    let asked = 0;
    fake.onRequest(() => void asked++);
    const outcome = await run(
      ['accounts'],
      accountsBy(async function* (http) {
        for (let i = 0; ; i++) {
          await http.get('/api/me', z.unknown());
          yield { records: [account(String(i))], cursor: `${origin}/api/users?after=${i % 3}` };
        }
      }),
    );
    expect(faultIn(outcome)?.detail).toContain('leads back into itself');
    expect(asked).toBeLessThan(10);
  });

  test('a run over its time ends with a fault, and the next one continues', async () => {
    const { run, store, clock } = await setUp();
    const slow = accountsBy(async function* (_, from) {
      for (let i = Number(from ?? 0); i < 4; i++) {
        clock.advance(40_000);
        yield { records: [account(String(i))], cursor: i === 3 ? null : String(i + 1) };
      }
    });
    const outcome = await run(['accounts'], slow, 100_000);
    expect(faultIn(outcome)?.detail).toContain('budget');
    expect(store.calls.at(-1)).toMatchObject({ call: 'save', cursor: '2' });
    const next = await run(['accounts'], slow, 100_000);
    expect(next.streams[0]).toMatchObject({ state: 'done' });
    expect(idsIn(store, 'accounts')).toEqual(['0', '1', '2', '3']);
  });

  test('ids that come twice, in a page or across pages, are one record: the last', async () => {
    const { run, store } = await setUp();
    const outcome = await run(
      ['accounts'],
      pagesOf(
        { records: [account('a', { title: 'first' }), account('a', { title: 'second' }), account('b')], cursor: '1' },
        { records: [account('b', { title: 'third' })], cursor: null },
      ),
    );
    expect(outcome.health).toBe('connected');
    expect(store.calls[1]?.records.map(({ id }) => id)).toEqual(['a', 'b']);
    const titles = [...store.records('accounts').values()].map((record) => ('title' in record ? record.title : null));
    expect(titles).toEqual(['second', 'third']);
  });

  test('our own mistakes are unexpected and say for operators what they were', async () => {
    const { run } = await setUp();
    const outcome = await run(
      ['accounts'],
      accountsBy(() => {
        throw new TypeError(`cannot read ${goodToken.length} of undefined`);
      }),
    );
    expect(faultIn(outcome)).toMatchObject({ kind: 'unexpected' });
    expect(faultIn(outcome)?.detail).toContain('TypeError');
  });

  test("a refusal that only a vendor's SDK reports is found by its status", async () => {
    const { run } = await setUp();
    const outcome = await run(
      ['accounts'],
      accountsBy(() => {
        throw Object.assign(new Error('Resource not accessible by integration'), { status: 403 });
      }),
    );
    expect(faultIn(outcome)).toMatchObject({ kind: 'forbidden', advice: 'Users cannot be read: grant x.' });
  });
});

describe('a delta stream', () => {
  test('is read in full once, then from its watermark, and learns of what is gone', async () => {
    const { run, store, held, fake } = await setUp();
    await run(['memberships']);
    expect(store.records('memberships').size).toBe(6);
    held.changes.push({ group: 'g0', user: 'u0', gone: true }, { group: 'g9', user: 'u9', gone: false });
    const before = [store.calls.length, fake.requests.length] as const;
    const outcome = await run(['memberships']);
    expect(fake.requests.slice(before[1]).map(({ query }) => query.get('since'))).toEqual([null, '6']);
    expect(store.calls.slice(before[0]).map(({ call }) => call)).toEqual(['save']);
    expect(outcome.streams[0]).toMatchObject({ wasFull: false, counts: { inserted: 1, gone: 1 } });
    expect(idsIn(store, 'memberships')).not.toContain('g0/u0');
    expect(idsIn(store, 'memberships')).toContain('g9/u9');
  });

  test('is read in full again when the last full read is too old', async () => {
    const { run, store, held, clock } = await setUp();
    await run(['memberships']);
    // Left without a tombstone.
    held.changes.splice(0, 1);
    await run(['memberships']);
    expect(store.records('memberships').size).toBe(6);
    clock.advance(86_400_000);
    const outcome = await run(['memberships']);
    expect(outcome.streams[0]).toMatchObject({ wasFull: true, counts: { gone: 1 } });
    expect(store.records('memberships').size).toBe(5);
  });

  test('whose watermark the vendor forgot is read in full, once', async () => {
    const { run, store } = await setUp();
    store.place('memberships', { cursor: '/api/forgotten', fullReadAt: new Date('2026-03-01T11:59:00Z') });
    const outcome = await run(['memberships']);
    expect(outcome.streams[0]).toMatchObject({ state: 'done', wasFull: true });
    expect(store.calls.map(({ call }) => call)).toEqual(['begin', 'save', 'finish']);
  });

  test('whose beginning is refused too fails without a circle', async () => {
    const { run, store, fake } = await setUp();
    store.place('memberships', { cursor: '/api/forgotten', midway: true });
    const broken: AnyConnector = {
      ...acme,
      streams: {
        memberships: stream<Http, 'memberships'>({
          ...{ record: 'memberships', title: 'Memberships', needs: 'x', everyMs: 1 },
          reading: { mode: 'delta', fullEveryMs: 1 },
          read: (http, from) => readMemberships(http, from ?? '/api/forgotten-too'),
        }),
      },
    };
    const outcome = await run(['memberships'], broken);
    expect(faultIn(outcome, 'memberships')).toMatchObject({ kind: 'unexpected' });
    expect(fake.requests.filter(({ path }) => path.includes('forgotten'))).toHaveLength(2);
  });
});

describe('an event stream', () => {
  test('goes on where it ended, opens no generation, and repeats are dropped by id', async () => {
    const { run, store, held } = await setUp();
    await run(['events']);
    expect(store.records('events').size).toBe(7);
    held.happenings.push({ id: 'e7', action: 'sign_in', at: new Date() });
    const outcome = await run(['events']);
    expect(outcome.streams[0]).toMatchObject({ state: 'done', wasFull: false, counts: { inserted: 1 } });
    expect(store.calls.every(({ call }) => call === 'save')).toBe(true);
    expect(store.records('events').size).toBe(8);
  });

  test('that reads an overlap again ends at the same cursor without harm', async () => {
    const { run, store } = await setUp();
    const overlapping: AnyConnector = accountsBy(
      async function* () {
        yield { records: [account('1'), account('2')], cursor: 'since=5' };
      },
      { mode: 'events' },
    );
    for (let i = 0; i < 2; i++)
      expect((await run(['accounts'], overlapping)).streams[0]).toMatchObject({ state: 'done' });
    expect(idsIn(store, 'accounts')).toEqual(['1', '2']);
  });

  test('that never moves on is a fault', async () => {
    const { run } = await setUp();
    const stuck = accountsBy(
      async function* () {
        for (;;) yield { records: [], cursor: 'here' };
      },
      { mode: 'events' },
    );
    expect(faultIn(await run(['accounts'], stuck))?.detail).toContain('did not move');
  });

  test('keeps its last cursor where the vendor gives none', async () => {
    const { run, store } = await setUp();
    store.place('accounts', { cursor: 'kept' });
    const quiet = accountsBy(
      async function* () {
        yield { records: [], cursor: null };
      },
      { mode: 'events' },
    );
    await run(['accounts'], quiet);
    expect(await store.position('accounts')).toMatchObject({ cursor: 'kept' });
  });
});

describe('the end of a run', () => {
  test('by abort keeps what is committed, stops one stream and skips the rest', async () => {
    const { run, store, controller, fake } = await setUp();
    fake.capPages(2);
    fake.onRequest(({ path, query }) => {
      if (path === '/api/users' && query.get('after') === '4') controller.abort(new Error('cancelled'));
    });
    const outcome = await run(['accounts', 'groups']);
    expect(outcome).toMatchObject({ aborted: true, health: 'connected' });
    expect(outcome.streams.map(({ state }) => state)).toEqual(['stopped', 'skipped']);
    expect(await store.position('accounts')).toMatchObject({ cursor: '/api/users?limit=200&after=4', midway: true });
  });

  test('by abort does not wait for a connector that does not listen', async () => {
    const { run, controller } = await setUp();
    const deaf = accountsBy(async function* () {
      controller.abort(new Error('cancelled'));
      await new Promise(() => undefined);
      yield { records: [], cursor: null };
    });
    expect(await run(['accounts'], deaf)).toMatchObject({ aborted: true });
  });

  test('by a store that fails is a rejection, and the next run continues', async () => {
    const { run, store, fake } = await setUp();
    fake.capPages(3);
    const { save } = store;
    let saves = 0;
    store.save = async (...parts) => {
      if (++saves === 2) throw new Error('the database is gone');
      return save(...parts);
    };
    await expect(run(['accounts', 'groups'])).rejects.toThrow('the database is gone');
    const outcome = await run(['accounts', 'groups']);
    expect(outcome.health).toBe('connected');
    expect(store.calls.filter(({ call, stream: id }) => call === 'begin' && id === 'accounts')).toHaveLength(1);
    expect(idsIn(store, 'accounts')).toHaveLength(7);
  });

  test('before it began, by settings that do not fit, names the field', async () => {
    const { origin, store } = await setUp();
    const host = createHost({ signal: new AbortController().signal });
    const outcome = await runStreams({ connector: acme, settings: { url: origin }, host, store });
    expect(outcome).toMatchObject({
      health: 'failed',
      fault: { kind: 'misconfigured', advice: 'API token: Enter a value.' },
    });
    expect(outcome.streams.every(({ state }) => state === 'skipped')).toBe(true);
    expect(store.calls).toEqual([]);
  });
});

describe('progress', () => {
  test('tells pages, records and state of every stream', async () => {
    const { run, progress, fake } = await setUp();
    fake.capPages(3);
    await run(['accounts', 'groups']);
    expect(progress[0]?.streams.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    expect(progress.some(({ streams }) => streams[0]?.state === 'running' && streams[0].records === 3)).toBe(true);
    expect(progress.at(-1)?.streams).toMatchObject([
      { title: 'Users', state: 'done', pages: 3, records: 7 },
      { title: 'Groups', state: 'done', pages: 2, records: 5 },
    ]);
  });

  test('tells the time left where the system says how much there is', async () => {
    const { run, progress, clock } = await setUp();
    const counted = accountsBy(async function* () {
      for (let i = 0; i < 10; i++) {
        clock.advance(1_000);
        yield { records: [account(`${i}a`), account(`${i}b`)], cursor: i === 9 ? null : String(i + 1), total: 20 };
      }
    });
    await run(['accounts'], counted);
    const halfway = progress.find(({ streams }) => streams[0]?.records === 10);
    expect(halfway).toMatchObject({ rate: 2, secondsLeft: 5 });
  });

  test('tells that it waits, for whom and until when, and when that is over', async () => {
    const { run, progress, fake } = await setUp();
    fake.throttleOnce(40);
    await run(['accounts']);
    const waiting = progress.findIndex(({ waits }) => waits.length > 0);
    expect(progress[waiting]?.waits).toMatchObject([
      { system: 'Acme', reason: 'rate-limit', until: new Date('2026-03-01T12:00:40Z') },
    ]);
    expect(progress.at(-1)?.waits).toEqual([]);
  });
});
