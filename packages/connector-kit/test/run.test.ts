import { createHost } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runStreams } from '../src/index.ts';
import { acme, goodToken } from './acme.ts';
import { account, accountsBy, closeAll, faultIn, idsIn, pagesOf, setUp } from './workbench.ts';

afterEach(closeAll);

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

  test('that continued, and lost something on the way, fails rather than begin again', async () => {
    const { run, store } = await setUp();
    store.place('accounts', { cursor: '1', midway: true });
    const outcome = await run(
      ['accounts'],
      accountsBy(async function* (http) {
        yield { records: [account('a')], cursor: '2' };
        await http.get('/api/deleted-meanwhile', z.unknown());
      }),
    );
    expect(faultIn(outcome)).toMatchObject({ kind: 'unexpected' });
    expect(store.calls.map(({ call }) => call)).toEqual(['save']);
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
