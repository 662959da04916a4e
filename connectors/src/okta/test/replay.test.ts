import { existsSync } from 'node:fs';
import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost, statusOf } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { Secret, toFault } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClient, type OktaClient } from '../client.ts';
import { fakeOkta } from '../fake.ts';
import { okta } from '../okta.ts';
import { covers } from './covers.ts';
import {
  type Exchange,
  openReplay,
  pathOf,
  type Recording,
  type Replay,
  readRecordings,
  recordings,
} from './recordings.ts';

const isThere = existsSync(recordings);
const why = isThere ? '' : ` (skipped: there are no recordings at ${recordings})`;
const { clientId, privateKey } = fakeOkta().authorization;

describe.skipIf(!isThere)(`recordings of real organisations${why}`, () => {
  const all: readonly Recording[] = isThere ? readRecordings() : [];
  let replay: Replay;
  let client: OktaClient;
  let current: Exchange | undefined;

  beforeAll(async () => {
    replay = await openReplay((method, path) =>
      current !== undefined && current.method === method && pathOf(current) === path ? current : undefined,
    );
    // One attempt, so that a recorded 429 is seen; a test clock, because recorded limits ended years ago.
    const host = createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 1 });
    client = createClient(host, { origin: replay.origin, clientId, keyId: null, privateKey: new Secret(privateKey) });
  });
  afterAll(async () => replay[Symbol.asyncDispose]());

  const counts = { answers: 0, records: 0, links: 0 };

  test('of every list and every single thing the streams cover are read whole: ids, key fields and next links', async () => {
    for (const { name, exchanges } of all) {
      for (const exchange of exchanges) {
        const path = pathOf(exchange);
        const cover = covers.find(({ pattern }) => pattern.test(path.split('?')[0] ?? ''));
        if (exchange.method !== 'GET' || exchange.status !== 200 || cover === undefined) continue;
        current = exchange;
        const where = `${name}: ${path}`;
        const { records, next } = await cover.read(client, path);
        const items = cover.itemsOf(exchange.body);
        expect(records, where).toHaveLength(items.length);
        for (const [i, record] of records.entries()) cover.compare(record, items[i], where);
        expect(next, where).toBe(recordedNext(exchange));
        counts.answers++;
        counts.records += records.length;
        counts.links += next === null ? 0 : 1;
      }
    }
    // What is there today; more recordings may be added, none may fall away unnoticed.
    expect(counts.answers).toBeGreaterThanOrEqual(284);
    expect(counts.records).toBeGreaterThanOrEqual(367);
    expect(counts.links).toBeGreaterThanOrEqual(7);
    expect(replay.unknown).toEqual([]);
  });

  test('that are refusals become the right faults', async () => {
    const seen = new Map<string, number>();
    for (const { name, exchanges } of all) {
      for (const exchange of exchanges) {
        if (exchange.method !== 'GET' || exchange.status < 400) continue;
        current = exchange;
        const { status } = exchange;
        const error: unknown = await client.get(pathOf(exchange), z.unknown()).catch((caught: unknown) => caught);
        const { kind, advice, detail } = toFault(error);
        const code = (exchange.body as { errorCode?: string } | null)?.errorCode ?? 'none';
        const where = `${name}: ${pathOf(exchange)} ${status} ${code}`;
        expect(statusOf(error), where).toBe(status);
        expect(kind, where).toBe(kindFor(status, code));
        expect(advice.length, where).toBeGreaterThan(20);
        expect(detail, where).toContain(String(status));
        seen.set(`${status} ${code} ${kind}`, (seen.get(`${status} ${code} ${kind}`) ?? 0) + 1);
        if (status === 404) expect(await client.find(pathOf(exchange), z.unknown()), where).toBeNull();
      }
    }
    expect([...seen.keys()].sort()).toEqual([
      '400 E0000001 unexpected',
      '400 E0000019 unexpected',
      '400 E0000029 unexpected',
      '400 E0000031 unexpected',
      '401 E0000015 forbidden',
      '404 E0000007 unexpected',
      '404 none unexpected',
      '405 E0000022 forbidden',
      '429 E0000047 throttled',
    ]);
  });

  test('of what was created or changed are read as well: they show more kinds of things than the lists', () => {
    let records = 0;
    for (const { name, exchanges } of all) {
      for (const exchange of exchanges) {
        const path = pathOf(exchange).split('?')[0] ?? '';
        const isChange = /^(POST|PUT|PATCH)$/.test(exchange.method) && exchange.status < 300;
        const cover = covers.find(({ pattern, parse }) => parse !== undefined && pattern.test(path));
        if (!isChange || cover?.parse === undefined || typeof exchange.body !== 'object' || exchange.body === null)
          continue;
        const record = cover.parse(exchange.body);
        cover.compare(record, exchange.body, `${name}: ${exchange.method} ${path}`);
        records++;
      }
    }
    expect(records).toBeGreaterThan(80);
  });
});

describe.skipIf(!isThere)(`the streams over one recorded organisation${why}`, () => {
  test('read what was recorded of it, each thing once', async () => {
    const [steps] = isThere
      ? readRecordings(`${recordings}/recordings-a`).filter(({ name }) => name.includes('steps_'))
      : [];
    const exchanges = steps?.exchanges ?? [];
    // What was recorded for a path, whatever page size was asked for then.
    const answerOf = (method: string, pathAndQuery: string) => {
      const wanted = question(pathAndQuery);
      const found = exchanges.find((one) => one.method === method && question(pathOf(one)) === wanted);
      return (
        found ?? (/\/(zones|idps|api-tokens)\?|\/policies\?/.test(pathAndQuery) ? { status: 200, body: [] } : undefined)
      );
    };
    await using replay = await openReplay(answerOf);
    const store = createMemoryStore();
    const outcome = await runStreams({
      connector: okta,
      store,
      host: createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 1 }),
      settings: { domain: replay.origin, clientId, privateKey },
      streams: ['users', 'groups', 'memberships', 'group-rules', 'apps', 'app-assignments', 'factors'],
    });
    expect(outcome.fault).toBeNull();
    expect(outcome.streams.map(({ stream, state, fault }) => ({ stream, state, fault }))).toEqual(
      outcome.streams.map(({ stream }) => ({ stream, state: 'done', fault: null })),
    );
    const recorded = (pattern: RegExp) =>
      new Set(
        exchanges
          .filter(({ url, status, body }) => pattern.test(url) && status === 200 && Array.isArray(body))
          .flatMap(({ url, body }) => (body as { id: string }[]).map(({ id }) => `${url.split('?')[0]} ${id}`)),
      ).size;
    expect(store.records('users').size).toBe(recorded(/\/api\/v1\/users(\?|$)/));
    expect(store.records('groups').size).toBe(recorded(/\/api\/v1\/groups(\?|$)/));
    expect(store.records('memberships').size).toBe(recorded(/\/groups\/[^/]+\/users/));
    expect(store.records('group-rules').size).toBe(recorded(/\/groups\/rules/));
    expect(store.records('apps').size).toBe(recorded(/\/api\/v1\/apps(\?|$)/));
    expect(store.records('app-assignments').size).toBe(recorded(/\/apps\/[^/]+\/(users|groups)/));
    const users = [...store.records('users').values()];
    expect(users.filter((user) => 'statusReason' in user && user.statusReason === 'DEPROVISIONED')).toHaveLength(1);
  });
});

/** A path without what only shapes the answer. */
const question = (pathAndQuery: string): string => {
  const url = new URL(pathAndQuery, 'http://replay');
  for (const name of ['limit', 'fields', 'expand']) url.searchParams.delete(name);
  return `${url.pathname}?${url.searchParams}`;
};

const recordedNext = ({ headers, body }: Exchange): string | null => {
  const link = /<([^>]+)>;\s*rel="next"/.exec(headers?.link ?? '')?.[1];
  const inBody = (body as { _links?: { next?: { href?: string } } } | null)?._links?.next?.href;
  const target = link ?? inBody;
  return target === undefined ? null : target.replace(/^https?:\/\/[^/]+/, '');
};

const kindFor = (status: number, code: string) => {
  if (code === 'E0000015' || code === 'E0000022') return 'forbidden';
  if (status === 429) return 'throttled';
  return status === 403 ? 'forbidden' : 'unexpected';
};
