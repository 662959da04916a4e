import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { alignAll, createInbox, type Inbox, inventoryOf, openAt, readAll, sendAll } from '../testing/bench-spool.ts';
import { createForgetfulDisk, type ForgetfulDisk, PowerFailure, seeded } from '../testing/forgetful-disk.ts';
import type { Holds } from '../testing/memory-connector.ts';

const ids = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);
const holds = (more: Partial<Holds> = {}): Holds => ({
  ...{ users: ids('user', 5), groups: ids('group', 3), events: ids('event', 5), pageSize: 2 },
  ...more,
});
const eventsOf = (inbox: Inbox) =>
  inbox.batches.flatMap((batch) =>
    batch.type === 'page' && batch.stream === 'events' ? batch.records.map(({ id }) => String(id)) : [],
  );
const batchesOf = (inbox: Inbox, stream: string) => inbox.batches.filter((batch) => batch.stream === stream);

describe('what is read', () => {
  test('arrives once and in order, page by page, closed by an end', async () => {
    const spool = await openAt(createForgetfulDisk());
    const inbox = createInbox();
    await readAll(spool, holds());
    await sendAll(spool, inbox);
    expect(batchesOf(inbox, 'users').map(({ type, sequence }) => `${type} ${sequence}`)).toEqual([
      ...['page 0', 'page 1', 'page 2', 'end 3'],
    ]);
    expect(batchesOf(inbox, 'events').map(({ type, sequence }) => `${type} ${sequence}`)).toEqual([
      ...['page 0', 'page 1', 'page 2'],
    ]);
    expect(inbox.counts).toEqual({ known: 0, outOfOrder: 0 });
    expect(spool.size()).toMatchObject({ batches: 0, bytes: 0 });
  });

  test('goes on in the same generation, and a list read again is a newer one', async () => {
    const spool = await openAt(createForgetfulDisk());
    const inbox = createInbox();
    await readAll(spool, holds());
    await readAll(spool, holds({ events: ids('event', 9) }));
    await sendAll(spool, inbox);
    expect(new Set(eventsOf(inbox))).toEqual(new Set(ids('event', 9)));
    // Only the newer list waited: it says all that the older one did.
    expect(batchesOf(inbox, 'users')).toHaveLength(4);
    expect(new Set(batchesOf(inbox, 'events').map(({ generation }) => generation)).size).toBe(1);
  });

  test('is larger than a batch may be, and comes in several', async () => {
    const spool = await openAt(createForgetfulDisk(), { mostBytes: 100_000_000 });
    const inbox = createInbox();
    // What does not compress.
    const filler = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64');
    await readAll(spool, holds({ users: ids('user', 300), pageSize: 300, filler }), ['users']);
    await sendAll(spool, inbox);
    expect(batchesOf(inbox, 'users').length).toBeGreaterThan(3);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 300).sort());
  });
});

describe('the power fails', () => {
  /** Reads twice and sends between, with a failure at one step; then all of it again, undisturbed. */
  const live = async (disk: ForgetfulDisk, inbox: Inbox) => {
    const spool = await openAt(disk);
    await alignAll(spool, inbox);
    await readAll(spool, holds());
    await sendAll(spool, inbox);
    await readAll(spool, holds({ users: ids('user', 4), events: ids('event', 8) }));
    await sendAll(spool, inbox);
  };

  test('at any step of reading and sending: nothing is lost, and nothing arrives that does not follow', async () => {
    const whole = createForgetfulDisk();
    await live(whole, createInbox());
    const steps = whole.steps;
    expect(steps).toBeGreaterThan(100);
    for (let at = 1; at <= steps; at++) {
      const random = seeded(at);
      const disk = createForgetfulDisk();
      const inbox = createInbox();
      disk.failAt(at);
      await expect(live(disk, inbox), `step ${at}`).rejects.toBeInstanceOf(PowerFailure);
      disk.recover(random);
      await live(disk, inbox);
      const about = `step ${at} of ${steps}`;
      expect(inventoryOf(inbox, 'users'), about).toEqual(ids('user', 4));
      expect(inventoryOf(inbox, 'groups'), about).toEqual(ids('group', 3));
      // Each once: what had been written before its place is taken away, and read again.
      expect(eventsOf(inbox), about).toEqual(ids('event', 8));
      expect(inbox.counts.outOfOrder, about).toBe(0);
    }
  });

  test('again and again, wherever it likes: the server has everything in the end', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seeded(seed * 7919);
      const disk = createForgetfulDisk();
      const inbox = createInbox();
      for (let life = 0; life < 6; life++) {
        disk.failAt(1 + Math.floor(random() * 120));
        await live(disk, inbox).catch((error: unknown) => {
          if (!(error instanceof PowerFailure)) throw error;
        });
        disk.recover(random);
      }
      await live(disk, inbox);
      expect(inventoryOf(inbox, 'users'), `seed ${seed}`).toEqual(ids('user', 4));
      expect(eventsOf(inbox), `seed ${seed}`).toEqual(ids('event', 8));
      expect(inbox.counts.outOfOrder, `seed ${seed}`).toBe(0);
    }
  });
});

describe('a spool that is full', () => {
  const filler = Buffer.from(crypto.getRandomValues(new Uint8Array(3_000))).toString('base64');
  const mostBytes = 90_000;
  const large = (more: Partial<Holds>) => holds({ filler, pageSize: 1, ...more });

  test('drops the oldest list first, with the rest of its generation, and it begins anew', async () => {
    const said: string[] = [];
    let second = 1_000;
    const now = () => {
      second++;
      return new Date(second * 1_000);
    };
    const spool = await openAt(createForgetfulDisk(), { mostBytes, said, now });
    const inbox = createInbox();
    await readAll(spool, large({ users: ids('user', 10) }), ['users']);
    await readAll(spool, large({ groups: ids('group', 8) }), ['groups']);
    // About 3 kB each: these do not fit any more.
    await readAll(spool, large({ events: ids('event', 14) }), ['events']);
    expect(spool.dropped()).toMatchObject([{ stream: 'users', batches: 11 }]);
    expect(said.join()).toMatch(/full.*users/);
    expect(spool.size().bytes).toBeLessThanOrEqual(mostBytes);
    const told = spool.dropped();
    await spool.told(told);
    expect(spool.dropped()).toEqual([]);
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'groups')).toEqual(ids('group', 8));
    expect(inventoryOf(inbox, 'users')).toEqual([]);
    expect(eventsOf(inbox)).toHaveLength(14);
    await readAll(spool, holds({ users: ids('user', 3) }), ['users']);
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 3));
    expect(inbox.counts.outOfOrder).toBe(0);
  });

  test('drops the oldest events when there is no list left, and the others still arrive in order', async () => {
    const said: string[] = [];
    const spool = await openAt(createForgetfulDisk(), { mostBytes, said });
    const inbox = createInbox();
    await readAll(spool, large({ events: ids('event', 50) }), ['events']);
    const [lost] = spool.dropped();
    expect(lost).toMatchObject({ stream: 'events' });
    await sendAll(spool, inbox);
    const arrived = eventsOf(inbox);
    expect(arrived).toEqual(ids('event', 50).slice(lost?.batches));
    expect(arrived.length).toBeGreaterThan(10);
    expect(inbox.counts.outOfOrder).toBe(0);
    expect(batchesOf(inbox, 'events').map(({ sequence }) => sequence)).toEqual(arrived.map((_, i) => i));
  });

  test('never drops events for a list, and a list that does not fit ends its read and leaves no hole', async () => {
    const spool = await openAt(createForgetfulDisk(), { mostBytes });
    const inbox = createInbox();
    await readAll(spool, large({ events: ids('event', 10) }), ['events']);
    const outcome = await readAll(spool, large({ users: ids('user', 60) }), ['users']);
    expect(outcome.streams[0]).toMatchObject({ state: 'failed', fault: { kind: 'unreachable' } });
    expect(spool.dropped().map(({ stream }) => stream)).toEqual(['users']);
    await sendAll(spool, inbox);
    expect(eventsOf(inbox)).toEqual(ids('event', 10));
    expect(batchesOf(inbox, 'users').filter(({ type }) => type === 'end')).toEqual([]);
    await readAll(spool, holds({ users: ids('user', 3) }), ['users']);
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 3));
  });

  test('so is a disk that is full: the same goes, what was promised stays, and it recovers', async () => {
    const said: string[] = [];
    const disk = createForgetfulDisk();
    const spool = await openAt(disk, { said });
    const inbox = createInbox();
    await readAll(spool, large({ users: ids('user', 10) }), ['users']);
    disk.limit([...disk.files.values()].reduce((sum, { length }) => sum + length, 0) + 200);
    await readAll(spool, large({ events: ids('event', 6) }), ['events']);
    expect(spool.dropped()).toMatchObject([{ stream: 'users' }]);
    const again = await openAt(disk);
    await sendAll(again, inbox);
    expect(eventsOf(inbox)).toEqual(ids('event', 6));
    await readAll(again, holds({ users: ids('user', 3) }), ['users']);
    await sendAll(again, inbox);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 3));
  });
});

describe('a spool that was damaged', () => {
  const filled = async () => {
    const disk = createForgetfulDisk();
    await readAll(await openAt(disk), holds());
    const fileOf = (stream: string, at: number) => {
      const found = [...disk.files.keys()].filter((path) => path.startsWith(`/spool/${stream}/0`)).sort()[at];
      if (found === undefined) throw new Error('there is no such batch');
      return found;
    };
    return { disk, fileOf, inbox: createInbox(), said: [] as string[] };
  };

  test('sets the batch of a list aside, says so, and reads the list anew', async () => {
    const { disk, fileOf, inbox, said } = await filled();
    disk.tamper(fileOf('users', 1), new Uint8Array([1, 2, 3]));
    const spool = await openAt(disk, { said });
    await sendAll(spool, inbox);
    expect(said.join()).toMatch(/users was damaged/);
    expect([...disk.files.keys()].some((path) => path.startsWith('/spool/damaged/users-'))).toBe(true);
    expect(batchesOf(inbox, 'users').some(({ type }) => type === 'end')).toBe(false);
    await readAll(spool, holds());
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 5));
    expect(spool.dropped()).toMatchObject([{ stream: 'users', batches: 3 }]);
  });

  test('goes on with the events behind a damaged batch, and counts it as lost', async () => {
    const { disk, fileOf, inbox, said } = await filled();
    const path = fileOf('events', 1);
    disk.tamper(
      path,
      (disk.files.get(path) ?? new Uint8Array()).map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
    );
    const spool = await openAt(disk, { said });
    await sendAll(spool, inbox);
    expect(eventsOf(inbox)).toEqual(['event-0', 'event-1', 'event-4']);
    expect(spool.dropped()).toMatchObject([{ stream: 'events', batches: 1 }]);
    expect(inbox.counts.outOfOrder).toBe(0);
  });

  test('begins anew where batches are gone, or where a stream stood cannot be read', async () => {
    const { disk, fileOf, inbox, said } = await filled();
    disk.tamper(fileOf('users', 1), null);
    disk.tamper(fileOf('events', 2), null);
    disk.tamper('/spool/groups/state.json', new TextEncoder().encode('{"cursor":'));
    const spool = await openAt(disk, { said });
    expect(said.join()).toMatch(/users are missing/);
    expect(said.join()).toMatch(/groups stood cannot be read/);
    await sendAll(spool, inbox);
    expect(eventsOf(inbox)).toEqual(['event-0', 'event-1', 'event-2', 'event-3']);
    await readAll(spool, holds({ events: ids('event', 7) }));
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 5));
    expect(inventoryOf(inbox, 'groups')).toEqual(ids('group', 3));
    expect(eventsOf(inbox).slice(4)).toEqual(['event-5', 'event-6']);
    expect(inbox.counts.outOfOrder).toBe(0);
  });
});

describe('a server that stands elsewhere', () => {
  test('makes a list begin at its beginning, and events go on as a new generation', async () => {
    const spool = await openAt(createForgetfulDisk());
    const inbox = createInbox();
    await readAll(spool, holds());
    await sendAll(spool, inbox);
    // A backup was put back: the server knows less than it said.
    for (const [stream, { generation }] of inbox.places) inbox.places.set(stream, { generation, next: 1 });
    await readAll(spool, holds({ events: ids('event', 7) }), ['events']);
    await alignAll(spool, inbox);
    await readAll(spool, holds({ events: ids('event', 7) }));
    await sendAll(spool, inbox);
    expect(inbox.counts.outOfOrder).toBe(0);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 5));
    expect(eventsOf(inbox)).toEqual(ids('event', 7));
  });

  test('in the middle of a read ends that read: nothing is closed that was not seen whole', async () => {
    const spool = await openAt(createForgetfulDisk());
    const inbox = createInbox();
    inbox.places.set('users', { generation: Date.now() + 1_000_000, next: 4 });
    const outcome = await readAll(
      spool,
      holds({
        async onPage(_, at) {
          if (at === 4) await alignAll(spool, inbox);
        },
      }),
      ['users'],
    );
    expect(outcome.streams[0]?.state).toBe('failed');
    await sendAll(spool, inbox);
    expect(inbox.batches).toEqual([]);
    await readAll(spool, holds(), ['users']);
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'users')).toEqual(ids('user', 5));
    expect(inbox.counts.outOfOrder).toBe(0);
  });
});

describe('a read that failed', () => {
  test('is said once, behind what it had read', async () => {
    const spool = await openAt(createForgetfulDisk());
    const inbox = createInbox();
    const fault = new Fault('forbidden', 'Grant it.', 'detail');
    await readAll(spool, holds(), ['users']);
    await spool.fault('users', fault);
    await spool.fault('users', fault);
    await spool.fault('groups', fault);
    await sendAll(spool, inbox);
    expect(
      inbox.batches.filter(({ type }) => type === 'fault').map(({ stream, sequence }) => [stream, sequence]),
    ).toEqual([
      ['users', 4],
      ['groups', 0],
    ]);
    await readAll(spool, holds());
    await sendAll(spool, inbox);
    expect(inventoryOf(inbox, 'groups')).toEqual(ids('group', 3));
    expect(inbox.counts.outOfOrder).toBe(0);
  });
});
