import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refusals } from '@gatehouse/connector-kit/ingest';
import { realDisk } from '@gatehouse/host/agent';
import { afterEach, describe, expect, test } from 'vitest';
import { readSettings } from './settings/index.ts';
import { readState } from './status/index.ts';
import { startFakeServer } from './testing/fake-server.ts';
import { type Installed, installOne, source, startProcess, until } from './testing/installed.ts';
import { madeUp } from './testing/made-up.ts';
import { startWork, type Work } from './work.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
const set = async (more: Parameters<typeof installOne>[0] = {}): Promise<Installed> => {
  const installed = await installOne(more);
  open.push(() => installed.close());
  return installed;
};
const begin = async ({ home }: Installed, echo?: (line: string) => void): Promise<Work> => {
  const work = await startWork({ home, plugins: [madeUp], refusedMs: 200, ...(echo && { echo }) });
  open.push(() => work.stop());
  return work;
};
const ends = ({ server }: Installed) => server.batches.filter(({ type }) => type === 'end').length;
const idsOf = ({ server }: Installed, stream: string) =>
  server.batches.flatMap((batch) =>
    batch.type === 'page' && batch.stream === `active-directory-${stream}` ? batch.records.map(({ id }) => id) : [],
  );

describe('a collector', () => {
  test('reads every stream and sends each page once, in order, closed by its end', async () => {
    const installed = await set();
    await begin(installed);
    await until(() => ends(installed) === 1 && idsOf(installed, 'events').length === 5, installed.logged);
    expect(idsOf(installed, 'users')).toEqual(['user-0', 'user-1', 'user-2', 'user-3', 'user-4']);
    expect(idsOf(installed, 'events')).toEqual(['event-0', 'event-1', 'event-2', 'event-3', 'event-4']);
    expect(installed.server.counts).toEqual({ known: 0, outOfOrder: 0, stale: 0 });
  });

  test('says how it is: its streams, its source, its spool', async () => {
    const installed = await set();
    await begin(installed);
    await until(() => installed.server.hellos.some(({ streams }) => streams.every(({ readAt }) => readAt !== null)));
    const last = installed.server.hellos.at(-1);
    expect(last).toMatchObject({
      ...{ version: '0.1.0', sources: [source], check: { fault: null, caveats: [] } },
      ...{ spool: { dropped: [] } },
    });
    expect(last?.streams.map(({ stream }) => stream)).toEqual(['active-directory-users', 'active-directory-events']);
  });

  test('sends a batch again whose answer was lost, and whose request was: each arrives once', async () => {
    const installed = await set();
    Object.assign(installed.server.knobs, { breaks: 'after', breaksLeft: 0 });
    await begin(installed);
    await until(() => installed.server.batches.length > 0);
    Object.assign(installed.server.knobs, { breaksLeft: 1 });
    await until(() => installed.server.knobs.breaksLeft === 0);
    Object.assign(installed.server.knobs, { breaks: 'before', breaksLeft: 1 });
    await until(() => ends(installed) === 1 && idsOf(installed, 'events').length === 5, installed.logged);
    expect(idsOf(installed, 'users')).toHaveLength(5);
    expect(installed.server.counts.outOfOrder).toBe(0);
  });

  test('reads on while the server is away, and everything arrives when it is back', async () => {
    const installed = await set();
    const work = await begin(installed);
    await until(() => ends(installed) === 1);
    await work.stop();
    await installed.server.close();
    installed.directory.holds.events = 9;
    const stateFile = join(installed.home, 'state.json');
    // Long ago, so that every stream is due.
    writeFileSync(stateFile, readFileSync(stateFile, 'utf8').replaceAll(/"readAt":"20\d\d/g, '"readAt":"2001'));
    await begin(installed);
    // A new process without a word of the server: it reads what it was the reader of.
    await until(async () => (await readState(installed.home))?.spool.batches === 7, installed.logged);
    const back = await startFakeServer(Number(new URL(installed.server.url).port), installed.server);
    open.push(() => back.close());
    await until(() => back.batches.length > installed.server.batches.length + 1, installed.logged);
    const events = back.batches.flatMap((batch) =>
      batch.type === 'page' && batch.record === 'events' ? batch.records : [],
    );
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 9 }, (_, i) => `event-${i}`));
    expect(back.counts.outOfOrder).toBe(0);
  });

  test('begins a stream anew where the server has lost what it had', async () => {
    const installed = await set();
    await begin(installed);
    await until(() => ends(installed) === 1 && idsOf(installed, 'events').length === 5);
    installed.server.places.clear();
    installed.server.knobs.runNow.push('active-directory-events');
    installed.directory.holds.events = 6;
    await until(() => ends(installed) === 2 && idsOf(installed, 'events').includes('event-5'), installed.logged);
    const [first, second] = installed.server.batches.filter(({ type }) => type === 'end');
    expect(second?.generation).toBeGreaterThan(first?.generation ?? 0);
    expect(second?.sequence).toBe(3);
  });

  test.each([
    ['ahead', 660_000],
    ['behind', -660_000],
  ])('whose clock is eleven minutes %s follows the server’s', async (_, clockMs) => {
    const installed = await set();
    installed.server.knobs.clockMs = clockMs;
    await begin(installed);
    await until(() => ends(installed) === 1, installed.logged);
    expect(installed.server.counts.stale).toBe(1);
    const [batch] = installed.server.batches;
    expect(Math.abs(Date.parse(batch?.readAt ?? '') - Date.now() - clockMs)).toBeLessThan(30_000);
    expect(installed.written()).toMatch(/clock of this machine/);
  });

  test('whose numbers were put back with a backup passes those that the server has seen', async () => {
    const installed = await set();
    const work = await begin(installed);
    await until(() => ends(installed) === 1);
    await work.stop();
    writeFileSync(join(installed.home, 'nonce'), '7');
    installed.server.sawNonce(Date.now() * 1_000 + 1e10);
    await begin(installed);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length, installed.logged);
  });

  test.each([
    [403, refusals.off, 'turned off'],
    [410, refusals.removed, 'was deleted'],
    [401, refusals.signature, 'does not know'],
  ])(
    'that is answered %i %s neither reads nor sends, says so, and goes on when that is over',
    async (status, code, words) => {
      const installed = await set();
      installed.server.knobs.refuse = { status, code };
      await begin(installed);
      const state = async () => (await readState(installed.home))?.standing;
      await until(async () => (await state())?.sentence?.includes(words) === true, installed.logged);
      expect(installed.directory.asked).toEqual([]);
      installed.server.knobs.refuse = null;
      await until(() => ends(installed) === 1, installed.logged);
      await until(async () => (await state())?.state === 'connected');
    },
  );

  test('leaves a system to the collector that reads it, and takes over when it may', async () => {
    const installed = await set();
    installed.server.knobs.heldBy.push(source.id);
    await begin(installed);
    await until(() => installed.server.hellos.length > 2);
    expect(installed.directory.asked).toEqual([]);
    // The other one has read before.
    installed.server.places.set('active-directory-users', { generation: Date.now() + 5_000, next: 9 });
    installed.server.knobs.heldBy.pop();
    await until(() => ends(installed) === 1, installed.logged);
    expect(installed.server.counts.outOfOrder).toBe(0);
  });

  test('keeps what the server has no room for, and sends it when there is', async () => {
    const installed = await set();
    installed.server.knobs.refuseBatches = { status: 503, code: refusals.full, times: 1_000 };
    await begin(installed);
    await until(() => installed.logged().includes('answered with 503'));
    await until(async () => (await readState(installed.home))?.spool.batches === 8, installed.logged);
    installed.server.knobs.refuseBatches = null;
    await until(() => ends(installed) === 1 && idsOf(installed, 'events').length === 5, installed.logged);
    expect(installed.server.counts).toEqual({ known: 0, outOfOrder: 0, stale: 0 });
  });

  test('sets a batch aside that the server will never take, and begins that stream anew', async () => {
    const installed = await set();
    installed.server.knobs.refuseBatches = { status: 422, code: 'invalid', times: 1 };
    const work = await begin(installed);
    await until(() => ends(installed) === 1 && idsOf(installed, 'events').length === 3, installed.logged);
    expect(idsOf(installed, 'events')).toEqual(['event-2', 'event-3', 'event-4']);
    installed.server.knobs.refuseBatches = { status: 422, code: 'invalid', times: 1 };
    installed.server.knobs.runNow.push('active-directory-users');
    await until(() => installed.logged().includes('does not take a batch of active-directory-users'), installed.logged);
    await work.stop();
    await begin(installed);
    await until(() => ends(installed) === 2, installed.logged);
    expect(idsOf(installed, 'users').slice(-5)).toEqual(['user-0', 'user-1', 'user-2', 'user-3', 'user-4']);
    expect(readdirSync(join(installed.home, 'spool', 'damaged'))).toHaveLength(2);
    expect(installed.server.counts.outOfOrder).toBe(0);
  });

  test('whose spool is full drops lists before events and tells the server, once', async () => {
    const installed = await set({ spoolBytes: 1_000_000 });
    // What does not compress: about 60 kB a page.
    installed.directory.holds.filler = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64');
    Object.assign(installed.directory.holds, { users: 10, events: 10, pageSize: 1 });
    installed.server.knobs.refuseBatches = { status: 503, code: refusals.full, times: 1_000 };
    const work = await begin(installed);
    const told = () => installed.server.hellos.flatMap(({ spool }) => spool.dropped);
    await until(() => told().length > 0, installed.logged);
    expect(told()[0]).toMatchObject({ stream: 'active-directory-users' });
    installed.server.knobs.refuseBatches = null;
    await until(() => idsOf(installed, 'events').length === 10, installed.logged);
    const batches = told().reduce((all, one) => all + one.batches, 0);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length + 3);
    expect(told().reduce((all, one) => all + one.batches, 0)).toBe(batches);
    await work.stop();
    installed.directory.holds.filler = '';
    await begin(installed);
    await until(() => ends(installed) === 1, installed.logged);
    expect(new Set(idsOf(installed, 'users')).size).toBe(10);
    expect(installed.server.counts.outOfOrder).toBe(0);
  });

  test('reads at once what a person wants read', async () => {
    const installed = await set();
    await begin(installed);
    await until(() => ends(installed) === 1);
    installed.server.knobs.runNow.push('active-directory-users');
    await until(() => ends(installed) === 2);
    expect(idsOf(installed, 'events')).toHaveLength(5);
  });

  test('says which permission is missing, once, and reads the others', async () => {
    const installed = await set();
    installed.directory.knobs.forbidEvents = true;
    await begin(installed);
    await until(() => ends(installed) === 1 && installed.server.batches.some(({ type }) => type === 'fault'));
    expect(installed.server.batches.filter(({ type }) => type === 'fault')).toMatchObject([
      {
        stream: 'active-directory-events',
        fault: { kind: 'forbidden', advice: expect.stringContaining('Event Log Readers') },
      },
    ]);
  });

  test('whose password is refused says so of every stream and in its check', async () => {
    const installed = await set();
    installed.directory.knobs.password = 'another';
    await begin(installed);
    await until(() => installed.server.hellos.some(({ check }) => check?.fault?.kind === 'unauthorized'));
    await until(() => installed.server.batches.filter(({ type }) => type === 'fault').length === 2);
  });

  test('stops within five seconds, also in the middle of a slow answer', async () => {
    const installed = await set();
    installed.directory.knobs.slowMs = 60_000;
    const work = await begin(installed);
    await until(() => installed.directory.asked.length > 0);
    const begun = performance.now();
    await work.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('writes no secret anywhere, and all that it keeps is its owner’s alone', async () => {
    const installed = await set();
    const { password } = installed.directory.knobs;
    const lines: string[] = [];
    await begin(installed, (line) => lines.push(line));
    await until(() => ends(installed) === 1);
    installed.directory.knobs.password = 'another';
    installed.server.knobs.runNow.push('active-directory-users');
    await until(() => installed.server.batches.some(({ type }) => type === 'fault'));
    const everything = [installed.written(), ...lines, ...installed.server.heard].join('\n');
    const settings = await readSettings(realDisk, installed.home);
    expect(everything).toContain('active-directory-users');
    for (const secret of [password, settings?.deviceKey.reveal() ?? '', ...halves(settings?.deviceKey.reveal() ?? '')])
      expect(everything.includes(secret)).toBe(false);
    for (const path of readdirSync(installed.home, { recursive: true })) {
      const { mode } = statSync(join(installed.home, String(path)));
      expect((mode & 0o077).toString(8), String(path)).toBe('0');
    }
  });

  test('does not run twice in one folder', async () => {
    const installed = await set();
    const { child, printed, ended } = startProcess('collector-process.ts', ['work', '--home', installed.home]);
    await until(() => installed.server.hellos.length > 0, printed);
    const second = startProcess('collector-process.ts', ['work', '--home', installed.home]);
    expect(await second.ended).toBe(78);
    expect(second.printed()).toMatch(/runs already, as process/);
    child.kill('SIGKILL');
    await ended;
    // Killed, it could not clean up: the next one starts all the same.
    const third = startProcess('collector-process.ts', ['work', '--home', installed.home]);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length, third.printed);
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });
});

describe('a collector that is killed', { timeout: 240_000 }, () => {
  test('at a step of its disk or its network loses nothing and repeats nothing', async () => {
    const steps = Array.from({ length: 12 }, (_, i) => 5 + i * 17);
    let killed = 0;
    const one = async (at: number) => {
      const installed = await installOne();
      try {
        const first = startProcess('crash-process.ts', [installed.home, String(at)]);
        const isDone = () => ends(installed) >= 1 && idsOf(installed, 'events').length >= 5;
        await Promise.race([first.ended, until(isDone, first.printed)]);
        if (first.child.signalCode === 'SIGKILL') killed++;
        else first.child.kill('SIGKILL');
        await first.ended;
        installed.directory.holds.events = 7;
        const second = startProcess('crash-process.ts', [installed.home, '0']);
        await until(() => ends(installed) >= 1, second.printed);
        installed.server.knobs.runNow.push('active-directory-events');
        await until(() => idsOf(installed, 'events').length >= 7, second.printed);
        second.child.kill('SIGTERM');
        expect(await second.ended, `step ${at}`).toBe(0);
        expect(idsOf(installed, 'events'), `step ${at}`).toEqual(Array.from({ length: 7 }, (_, i) => `event-${i}`));
        const users = idsOf(installed, 'users');
        expect([...new Set(users)], `step ${at}`).toEqual(['user-0', 'user-1', 'user-2', 'user-3', 'user-4']);
        expect(installed.server.counts.outOfOrder, `step ${at}`).toBe(0);
      } finally {
        await installed.close();
      }
    };
    const queue = steps.values();
    const worker = async () => {
      for (const at of queue) await one(at);
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(killed).toBeGreaterThan(7);
  });
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const reason = canMount ? '' : ' (skipped: only root can mount a small disk)';

describe('a disk that is really full', () => {
  test.skipIf(!canMount)(
    `costs lists before events, and the collector goes on when there is room again${reason}`,
    async () => {
      const disk = mkdtempSync(join(tmpdir(), 'gatehouse-small-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k,mode=700', 'tmpfs', disk]);
      open.push(async () => {
        execFileSync('umount', [disk]);
        rmSync(disk, { recursive: true });
      });
      const installed = await set({ home: join(disk, 'collector') });
      installed.directory.holds.filler = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64');
      Object.assign(installed.directory.holds, { users: 20, events: 10, pageSize: 1 });
      installed.server.knobs.refuseBatches = { status: 503, code: refusals.full, times: 1_000 };
      const work = await begin(installed);
      await until(() => installed.server.hellos.some(({ spool }) => spool.dropped.length > 0), installed.logged);
      const dropped = installed.server.hellos.flatMap(({ spool }) => spool.dropped.map(({ stream }) => stream));
      expect([...new Set(dropped)]).toEqual(['active-directory-users']);
      installed.server.knobs.refuseBatches = null;
      await until(() => idsOf(installed, 'events').length === 10, installed.logged);
      await work.stop();
      installed.directory.holds.filler = '';
      await begin(installed);
      await until(() => ends(installed) === 1, installed.logged);
      expect(new Set(idsOf(installed, 'users')).size).toBe(20);
      expect(installed.server.counts.outOfOrder).toBe(0);
    },
  );
});

const halves = (secret: string) => [secret.slice(0, secret.length / 2), secret.slice(secret.length / 2)];
