import type { Http } from '@gatehouse/host';
import { afterEach, describe, expect, test } from 'vitest';
import { type AnyConnector, stream } from '../src/index.ts';
import { acme, readMemberships } from './acme.ts';
import { account, accountsBy, closeAll, faultIn, idsIn, setUp } from './workbench.ts';

afterEach(closeAll);

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

describe('items that cannot be read', () => {
  const sent = (...bodies: readonly unknown[]) => {
    const left = bodies.map((body, i) => ({
      records: body === null ? [] : [account(`${i}`)],
      ...(body === null ? { leftOut: ['id: expected text'] } : {}),
      cursor: i === bodies.length - 1 ? null : String(i + 1),
    }));
    return accountsBy(async function* () {
      yield* left;
    });
  };

  test('are left out and said, and cost no other', async () => {
    const { run, store } = await setUp();
    const outcome = await run(['accounts'], sent(1, null, 1));
    expect(outcome).toMatchObject({ health: 'warning', streams: [{ state: 'done', fault: null }] });
    expect(outcome.streams[0]?.caveats).toEqual([
      { code: 'unreadable', advice: 'Users: 1 records came in a form that cannot be read and were left out.' },
    ]);
    expect(idsIn(store, 'accounts')).toEqual(['0', '2']);
  });

  test('are a fault where they are more than the others, and nothing is gone', async () => {
    const { run, store } = await setUp();
    await run(['accounts'], sent(1, 1, 1));
    const outcome = await run(['accounts'], sent(1, null, null));
    expect(outcome.streams[0]).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
    expect(faultIn(outcome)?.detail).toContain('id: expected text');
    expect(idsIn(store, 'accounts')).toEqual(['0', '1', '2']);
  });

  test('are told from the others by whoever reads lists with the host', async () => {
    const { run, store, held } = await setUp();
    held.users.splice(1, 1, { id: null, login: 'odd' } as never); // what no type allows and vendors send
    const outcome = await run(['accounts']);
    expect(outcome.streams[0]).toMatchObject({ state: 'done', caveats: [{ code: 'unreadable' }] });
    expect(store.records('accounts').size).toBe(held.users.length - 1);
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
