import { inspect } from 'node:util';
import { type AnyConnector, type Outcome, type Progress, runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore, type FakeVendor, type MemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost, type LogLine } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { describe, expect, test } from 'vitest';
import { newAppKey } from './github/fake/keys.ts';
import { fakeGithub, smallOrganisation as smallGithub } from './github/fake.ts';
import { github } from './github/github.ts';
import { fakeOkta } from './okta/fake.ts';
import { okta } from './okta/okta.ts';
import { openProxy, type Passed } from './testing/spoiling-proxy.ts';

type Fake = FakeVendor & { settings(origin: string): { privateKey: string } };

const { privateKey } = newAppKey();
const makeGithub = () => fakeGithub(smallGithub(), { privateKey });
const subjects: readonly (readonly [string, AnyConnector, () => Fake])[] = [
  ['Okta', okta, () => fakeOkta()],
  ['GitHub', github, makeGithub],
];

/** One stream that was read whole, and is read from its beginning again while the vendor behaves badly. */
const openBench = async (connector: AnyConnector, make: () => Fake, stream: string) => {
  const fake = make();
  fake.capPages(2);
  const running = await fake.start();
  const proxy = await openProxy(running.origin);
  const settings = fake.settings(proxy.origin);
  const log: LogLine[] = [];
  const told: Progress[] = [];
  const store = createMemoryStore();
  /** `spoil` is told how many answers of the stream came before; what is asked for a check or a token passes. */
  const run = async (spoil?: (answer: Passed, before: number, url: string) => Passed) => {
    let isReading = false;
    let answers = 0;
    proxy.spoil = (answer, asked) => {
      if (!isReading || /\/(?:token|access_tokens)$/.test(asked.url)) return answer;
      const before = answers++;
      return spoil?.(answer, before, asked.url) ?? answer;
    };
    const signal = new AbortController().signal;
    const outcome = await runStreams({
      ...{ connector, settings, store, streams: [stream] },
      host: createHost({ signal, clock: createTestClock(), attempts: 2, log: (line) => void log.push(line) }),
      onProgress: (step) => {
        isReading ||= step.streams[0]?.state === 'running';
        told.push(step);
      },
    });
    return { outcome, answers };
  };
  const whole = await run();
  expect(whole.outcome, stream).toMatchObject({ fault: null, streams: [{ state: 'done', fault: null }] });
  return {
    ...{ fake, store, run, answers: whole.answers, before: contentOf(store, stream) },
    /** The next read begins at the beginning, with everything in the inventory that there is. */
    again: () => store.place(stream, { cursor: null, midway: false, fullReadAt: null }),
    claimNoSecret: (outcome: Outcome) => {
      const seen = inspect({ outcome, log, told, calls: store.calls }, { depth: 14, maxStringLength: null });
      const lines = settings.privateKey.split('\n').filter((line) => line.length >= 40 && !line.includes('-----'));
      for (const secret of [...fake.secrets, ...lines]) expect(seen.includes(secret), stream).toBe(false);
    },
    close: async () => {
      await proxy.close();
      await running.close();
    },
  };
};

/** By id, without what changes with the time of the answer. */
const contentOf = (store: MemoryStore, stream: string) =>
  new Map([...store.records(stream)].map(([id, { raw: _, ...record }]) => [id, JSON.stringify(record)]));

type Bench = Awaited<ReturnType<typeof openBench>>;

const eachStream = async (
  connector: AnyConnector,
  make: () => Fake,
  prove: (bench: Bench, stream: string) => Promise<void>,
) => {
  for (const stream of Object.keys(connector.streams)) {
    const bench = await openBench(connector, make, stream);
    try {
      await prove(bench, stream);
    } finally {
      await bench.close();
    }
  }
};

const html = (answer: Passed): Passed => ({
  ...answer,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Sign in to the proxy</title><form><input name="password"></form>',
});
const truncated = (answer: Passed): Passed => ({ ...answer, body: answer.body.slice(0, answer.body.length - 7) });
const unauthorized = (answer: Passed): Passed => ({
  status: 401,
  headers: { 'content-type': 'application/json', date: answer.headers.date },
  body: JSON.stringify({ errorCode: 'E0000011', errorSummary: 'Invalid token provided', message: 'Bad credentials' }),
});

describe.each(subjects)('%s', (name, connector, make) => {
  test.each([
    ['a web page', 'first', html, 'unexpected', 'warning', /web page|not JSON/],
    ['a web page', 'last', html, 'unexpected', 'warning', /web page|not JSON/],
    ['JSON that breaks off', 'first', truncated, 'unexpected', 'warning', /cannot be understood|not JSON/],
    ['JSON that breaks off', 'last', truncated, 'unexpected', 'warning', /cannot be understood|not JSON/],
    ['a refusal of every token', 'last', unauthorized, 'unauthorized', 'failed', /key/],
  ] as const)(
    'that answers %s, at the %s request of any stream, is named; nothing is lost, and the next run has it all',
    async (_, when, spoilt, kind, health, words) => {
      await eachStream(connector, make, async ({ run, again, answers, store, before, claimNoSecret }, stream) => {
        again();
        const at = when === 'first' ? 0 : answers - 1;
        const { outcome } = await run((answer, number) => (number < at ? answer : spoilt(answer)));
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

  test('whose next links lead back is stopped soon; nothing is lost, and the next run has it all', async () => {
    const stopped: string[] = [];
    await eachStream(connector, make, async ({ run, again, answers, store, before, claimNoSecret }, stream) => {
      again();
      const firstOf = new Map<string, string>();
      let asked = 0;
      const { outcome } = await run((answer, _, url) => {
        // Not without end, so that a stream which goes round and round fails here and not by a timeout.
        if (++asked > answers * 3 + 10) return html(answer);
        const path = url.split('?')[0] ?? '';
        if (!firstOf.has(path)) firstOf.set(path, url);
        return answer.headers.link === undefined ? linkedTo(firstOf.get(path) ?? url, answer) : answer;
      });
      expect(asked, stream).toBeLessThanOrEqual(answers * 3 + 10);
      expect(contentOf(store, stream), stream).toEqual(before);
      const fault = outcome.streams[0]?.fault ?? null;
      if (fault !== null) {
        stopped.push(stream);
        expect(outcome.streams[0], stream).toMatchObject({ state: 'failed', health: 'warning' });
        expect(fault.kind, stream).toBe('unexpected');
        expect(fault.detail, stream).toMatch(/back|twice|itself/);
      }
      claimNoSecret(outcome);
      const next = await run();
      expect(next.outcome, stream).toMatchObject({ health: 'connected', streams: [{ state: 'done' }] });
      expect(contentOf(store, stream), stream).toEqual(before);
    });
    expect(Object.keys(connector.streams).filter((stream) => !stopped.includes(stream))).toEqual(
      withoutNextLinks[name],
    );
  }, 180_000);

  test('that lists everything twice is read as if it did not', async () => {
    await eachStream(connector, make, async ({ run, again, store, before }, stream) => {
      again();
      const { outcome } = await run((answer) => ({
        ...answer,
        body: mapped(answer.body, (list) => [...list, ...list]),
      }));
      expect(outcome.streams[0], stream).toMatchObject({ state: 'done', health: 'connected' });
      expect([...contentOf(store, stream).keys()].sort(), stream).toEqual([...before.keys()].sort());
    });
  }, 180_000);

  test('that sends strings of 10 MB has them cut and said, or left out and said; nothing else is lost', async () => {
    const large = 'x'.repeat(10_000_000);
    const words = new Set([
      'name',
      'label',
      'description',
      'title',
      'note',
      'displayMessage',
      'firstName',
      'department',
    ]);
    let cut = 0;
    await eachStream(connector, make, async ({ run, again, store, before, claimNoSecret }, stream) => {
      again();
      let isSent = false;
      const { outcome } = await run((answer) => {
        if (isSent || !/^\s*[[{]/.test(answer.body)) return answer;
        const body = JSON.stringify(JSON.parse(answer.body), (key, value: unknown) => {
          if (isSent || !words.has(key) || typeof value !== 'string') return value;
          isSent = true;
          return large;
        });
        return { ...answer, body };
      });
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

test.each([
  ['of what an Okta administrator is limited to', okta, () => fakeOkta(), 'role-assignments', /\/targets\//],
  ['of members of an Okta resource set', okta, () => fakeOkta(), 'role-assignments', /\/members$/],
  ['of rules of a GitHub branch', github, makeGithub, 'branch-protection', /\/rules\/branches\//],
] as const)('a list %s that leads back is no whole list', async (_, connector, make, stream, inner) => {
  const bench = await openBench(connector, make, stream);
  bench.again();
  let spoilt = 0;
  const { outcome } = await bench.run((answer, _before, url) => {
    if (!inner.test(url.split('?')[0] ?? '')) return answer;
    return ++spoilt > 50 ? html(answer) : linkedTo(url, answer);
  });
  expect(outcome.streams[0]).toMatchObject({ state: 'failed', fault: { kind: 'unexpected' } });
  expect(outcome.streams[0]?.fault?.detail).toMatch(/back/);
  expect(spoilt).toBeLessThan(50);
  expect(contentOf(bench.store, stream)).toEqual(bench.before);
  await bench.close();
});

/** Streams of a single object each, and the one whose next link is where the next run begins. */
const withoutNextLinks: Readonly<Record<string, readonly string[]>> = {
  Okta: ['system-log'],
  GitHub: ['organization', 'organization-settings', 'built-in-roles', 'actions-settings'],
};

/** The answer with a next link, where it holds a list. */
const linkedTo = (url: string, answer: Passed): Passed =>
  /^\[|:\[\{/.test(answer.body) ? { ...answer, headers: { ...answer.headers, link: `<${url}>; rel="next"` } } : answer;

/** The body with every list in it changed, also the one inside an object. */
const mapped = (body: string, change: (list: readonly unknown[]) => readonly unknown[]): string => {
  if (!/^\s*[[{]/.test(body)) return body;
  const value: unknown = JSON.parse(body);
  if (Array.isArray(value)) return JSON.stringify(change(value));
  const lists = Object.entries({ ...(value as object) }).map(([name, one]) => [
    name,
    Array.isArray(one) && one.some((item) => typeof item === 'object') ? change(one) : one,
  ]);
  return JSON.stringify(Object.fromEntries(lists));
};
