import { inspect } from 'node:util';
import { type AnyConnector, type Outcome, type Progress, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore, type MemoryStore } from '@gatehouse/connector-kit/testing';
import { secretNames } from '@gatehouse/fields';
import { createHost, type LogLine } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { describe, expect, test } from 'vitest';
import { activeDirectory } from './active-directory/active-directory.ts';
import { openBadDomain } from './active-directory/test/bad-domain.ts';
import { fakeActiveDirectory } from './active-directory/test/vendor.ts';
import { newAppKey } from './github/fake/keys.ts';
import { fakeGithub, smallOrganisation as smallGithub } from './github/fake.ts';
import { github } from './github/github.ts';
import { fakeOkta } from './okta/fake.ts';
import { okta } from './okta/okta.ts';
import { fakePasswordSafe } from './password-safe/fake.ts';
import { passwordSafe } from './password-safe/password-safe.ts';
import { type BadVendor, large, type Turn } from './testing/bad-vendor.ts';
import { openBadWeb } from './testing/bad-web.ts';

interface Subject {
  readonly connector: AnyConnector;
  open(): Promise<BadVendor>;
  /** Words of the advice about a credential that is good no more, and at which request of a stream it is refused. */
  readonly refused: readonly ['first' | 'last', RegExp];
  /** Streams without a list that goes on, which therefore cannot lead back. */
  readonly endless: readonly string[];
}

const refusal = JSON.stringify({ errorCode: 'E0000011', errorSummary: 'Invalid token', message: 'Bad credentials' });
const { privateKey } = newAppKey();
const tokenDoor = { door: /\/(?:token|access_tokens)$/, refusal, isDoorShut: false };

const subjects: Readonly<Record<string, Subject>> = {
  Okta: {
    ...{ connector: okta, refused: ['last', /key/] },
    open: () => openBadWeb({ fake: fakeOkta(), ...tokenDoor }),
    // Its next link is where the next run begins.
    endless: ['system-log'],
  },
  GitHub: {
    ...{ connector: github, refused: ['last', /key/] },
    open: () => openBadWeb({ fake: fakeGithub(smallGithub(), { privateKey }), ...tokenDoor }),
    endless: ['organization', 'organization-settings', 'built-in-roles', 'actions-settings'],
  },
  'Password Safe': {
    ...{ connector: passwordSafe, refused: ['last', /refused to sign in\. Check the API key/] },
    open: () =>
      openBadWeb({
        ...{
          fake: fakePasswordSafe(),
          door: /\/Auth\/Sign(?:Appin|out)$/,
          refusal: '"Unauthorized"',
          isDoorShut: true,
        },
        offset: 'offset',
      }),
    // Password Safe does not divide these lists.
    endless: [
      ...['users', 'user-groups', 'smart-groups', 'roles', 'access-policies', 'api-registrations'],
      ...['functional-accounts', 'memberships', 'smart-group-roles', 'sessions'],
    ],
  },
  'Active Directory': {
    // In the midst of a list the connection is lost; who signs in again is told.
    ...{ connector: activeDirectory, refused: ['first', /password at Active Directory has expired/] },
    open: () => openBadDomain(fakeActiveDirectory(), large),
    endless: ['well-known-groups', 'roles'],
  },
};

/** One stream that was read whole, and is read from its beginning again while the vendor behaves badly. */
const openBench = async ({ connector, open }: Subject, stream: string) => {
  const vendor = await open();
  const { settings, nearby } = vendor;
  const log: LogLine[] = [];
  const told: Progress[] = [];
  const store = createMemoryStore();
  /** What is asked to check the connection is answered as it should be. */
  const run = async (turn: Turn | null = null) => {
    let isReading = false;
    vendor.turn(null);
    const signal = new AbortController().signal;
    const outcome = await runStreams({
      ...{ connector, settings, store, streams: [stream] },
      host: createHost({
        ...{ signal, clock: createTestClock(), attempts: 2, ...nearby },
        log: (line) => void log.push(line),
      }),
      onProgress: (step) => {
        if (!isReading && step.streams[0]?.state === 'running') {
          isReading = true;
          vendor.turn(turn);
        }
        told.push(step);
      },
    });
    return { outcome, answers: vendor.answers() };
  };
  const whole = await run();
  expect(whole.outcome, stream).toMatchObject({ fault: null, streams: [{ state: 'done', fault: null }] });
  return {
    ...{ store, run, answers: whole.answers, before: contentOf(store, stream), close: vendor.close },
    /** The next read begins at the beginning, with everything in the inventory that there is. */
    again: () => store.place(stream, { cursor: null, midway: false, fullReadAt: null }),
    claimNoSecret: (outcome: Outcome) => {
      const seen = inspect({ outcome, log, told, calls: store.calls }, { depth: 14, maxStringLength: null });
      const key = typeof settings.privateKey === 'string' ? settings.privateKey : '';
      const lines = key.split('\n').filter((line) => line.length >= 40 && !line.includes('-----'));
      for (const secret of [...vendor.secrets(), ...lines]) expect(seen.includes(secret), stream).toBe(false);
    },
  };
};

type Bench = Awaited<ReturnType<typeof openBench>>;

/** By id, without what changes with the time of the answer. */
const contentOf = (store: MemoryStore, stream: string) =>
  new Map([...store.records(stream)].map(([id, { raw: _, ...record }]) => [id, JSON.stringify(record)]));

/** Several at once: most of the time goes by with waiting for the other side, not with work. */
const atOnce = 8;

const eachStream = async (subject: Subject, prove: (bench: Bench, stream: string) => Promise<void>) => {
  const streams = Object.keys(subject.connector.streams).values();
  const worker = async () => {
    for (const stream of streams) {
      const bench = await openBench(subject, stream);
      try {
        await prove(bench, stream);
      } finally {
        await bench.close();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

describe.each(Object.entries(subjects))('%s', (name, subject) => {
  const asking = (bench: Bench) => bench.answers > 0;

  test.each([
    ['a web page', 'first', 'unexpected', 'warning', /web page|not JSON|cannot be understood/],
    ['a web page', 'last', 'unexpected', 'warning', /web page|not JSON|cannot be understood/],
    ['something that breaks off', 'first', 'unexpected', 'warning', /cannot be understood|not JSON/],
    ['something that breaks off', 'last', 'unexpected', 'warning', /cannot be understood|not JSON/],
    ['with half an answer', 'first', 'unreachable', 'warning', /did not answer|broke|cannot be reached/],
    ['with half an answer', 'last', 'unreachable', 'warning', /did not answer|broke|cannot be reached/],
    ['a refusal of every credential', subject.refused[0], 'unauthorized', 'failed', subject.refused[1]],
  ] as const)(
    'that answers %s, at the %s request of any stream, is named; nothing is lost, and the next run has it all',
    async (how, when, kind, health, words) => {
      await eachStream(subject, async (bench, stream) => {
        if (!asking(bench)) return;
        const { run, again, answers, store, before, claimNoSecret } = bench;
        again();
        const { outcome } = await run({ how, from: when === 'first' ? 0 : answers - 1 });
        expect(outcome.streams[0], stream).toMatchObject({ state: 'failed', health, fault: { kind } });
        expect(outcome.streams[0]?.fault?.advice, stream).toMatch(words);
        expect(outcome.streams[0]?.fault?.advice, stream).toContain(name);
        expect(contentOf(store, stream), stream).toEqual(before);
        claimNoSecret(outcome);
        const next = await run();
        expect(next.outcome, stream).toMatchObject({ health: 'connected', streams: [{ state: 'done' }] });
        expect(contentOf(store, stream), stream).toEqual(before);
      });
    },
    180_000,
  );

  test('whose lists lead back is stopped soon; nothing is lost, and the next run has it all', async () => {
    const stopped: string[] = [];
    await eachStream(subject, async ({ run, again, answers, store, before, claimNoSecret }, stream) => {
      again();
      // Not without end, so that a stream which goes round and round fails here and not by a timeout.
      const most = answers * 3 + 10;
      const led = await run({ how: 'what leads back', from: 0, most });
      expect(led.answers, stream).toBeLessThanOrEqual(most);
      expect(contentOf(store, stream), stream).toEqual(before);
      const fault = led.outcome.streams[0]?.fault ?? null;
      if (fault !== null) {
        stopped.push(stream);
        expect(led.outcome.streams[0], stream).toMatchObject({ state: 'failed', health: 'warning' });
        expect(fault.kind, stream).toBe('unexpected');
        expect(fault.detail, stream).toMatch(/back|twice|itself/);
      }
      claimNoSecret(led.outcome);
      const next = await run();
      expect(next.outcome, stream).toMatchObject({ health: 'connected', streams: [{ state: 'done' }] });
      expect(contentOf(store, stream), stream).toEqual(before);
    });
    const others = Object.keys(subject.connector.streams).filter((stream) => !stopped.includes(stream));
    expect(others).toEqual(subject.endless);
  }, 180_000);

  test('that lists everything twice is read as if it did not', async () => {
    await eachStream(subject, async ({ run, again, store, before }, stream) => {
      again();
      const { outcome } = await run({ how: 'everything twice', from: 0 });
      expect(outcome.streams[0], stream).toMatchObject({ state: 'done', health: 'connected' });
      expect([...contentOf(store, stream).keys()].sort(), stream).toEqual([...before.keys()].sort());
    });
  }, 180_000);

  test('that sends strings of 10 MB has them cut and said, or left out and said; nothing else is lost', async () => {
    let cut = 0;
    await eachStream(subject, async ({ run, again, store, before, claimNoSecret }, stream) => {
      again();
      const { outcome } = await run({ how: 'a text of 10 MB', from: 0 });
      const [read] = outcome.streams;
      if (read?.fault) expect(read.fault.kind, stream).toMatch(/unexpected|misconfigured/);
      const said = read?.caveats.map(({ code }) => code) ?? [];
      if (said.length > 0) expect(read?.health, stream).toBe('warning');
      if (said.includes('clipped')) cut++;
      // Where the name is the id, a record with another name is another record.
      if (!said.includes('unusable-id')) {
        for (const id of before.keys()) expect(store.records(stream).has(id), `${stream} ${id}`).toBe(true);
      }
      const longest = Math.max(
        0,
        ...[...store.records(stream).values()].map((record) => JSON.stringify(record).length),
      );
      expect(longest, stream).toBeLessThan(600_000);
      claimNoSecret(outcome);
      again();
      await run();
      expect(contentOf(store, stream), stream).toEqual(before);
    });
    expect(cut).toBeGreaterThan(3);
  }, 180_000);
});

const brokenPem = `-----BEGIN CERTIFICATE-----\n${'AAAA'.repeat(20)}\n-----END CERTIFICATE-----`;

test.each([
  ['Okta', 'a key that is none', { privateKey: 'MIIEvQ' }, 'misconfigured', /key/],
  ['Okta', 'the key of another app', { privateKey: newAppKey().privateKey }, 'unauthorized', /key/],
  ['GitHub', 'a key that is none', { privateKey: 'MIIEvQ' }, 'misconfigured', /key/],
  ['GitHub', 'the key of another app', { privateKey: newAppKey().privateKey }, 'unauthorized', /key/],
  ['Password Safe', 'another key', { apiKey: 'c0ffee'.repeat(20) }, 'unauthorized', /API key/],
  ['Password Safe', 'another run-as user', { runAs: 'CORP\\nobody' }, 'unauthorized', /run-as user/],
  ['Password Safe', 'a certificate that is none', { certificateAuthorities: brokenPem }, 'misconfigured', /PEM/],
  ['Active Directory', 'another password', { password: 'Quay-side crane 8' }, 'unauthorized', /refused the password/],
  ['Active Directory', 'another account', { bindName: 'nobody@corp.example' }, 'unauthorized', /refused the password/],
  ['Active Directory', 'a certificate that is none', { certificateAuthorities: brokenPem }, 'misconfigured', /PEM/],
] as const)('%s with %s says what to enter, and reads nothing', async (name, _, wrong, kind, words) => {
  const { connector, open } = subjects[name] ?? expect.unreachable();
  const vendor = await open();
  const store = createMemoryStore();
  const outcome = await runStreams({
    ...{ connector, store, settings: { ...vendor.settings, ...wrong } },
    host: createHost({ signal: new AbortController().signal, clock: createTestClock(), ...vendor.nearby }),
  });
  expect(outcome.fault).toMatchObject({ kind, advice: expect.stringMatching(words) });
  expect(store.calls).toEqual([]);
  const printed = inspect(outcome, { depth: 14 });
  for (const [setting, value] of Object.entries(wrong))
    if (secretNames(connector.config).includes(setting)) expect(printed).not.toContain(value);
  await vendor.close();
});

test.each([
  ['of what an Okta administrator is limited to', 'Okta', 'role-assignments', /\/targets\//],
  ['of members of an Okta resource set', 'Okta', 'role-assignments', /\/members$/],
  ['of rules of a GitHub branch', 'GitHub', 'branch-protection', /\/rules\/branches\//],
] as const)('a list %s that leads back is no whole list', async (_, name, stream, only) => {
  const bench = await openBench(subjects[name] ?? expect.unreachable(), stream);
  bench.again();
  const most = bench.answers * 3 + 50;
  const { outcome, answers } = await bench.run({ how: 'what leads back', from: 0, most, only });
  expect(outcome.streams[0]).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
  expect(outcome.streams[0]?.fault?.detail).toMatch(/back/);
  expect(answers).toBeLessThan(most);
  expect(contentOf(bench.store, stream)).toEqual(bench.before);
  await bench.close();
});
