import { type Cursor, createHost, type Http, type Page } from '@gatehouse/host';
import { createTestClock, type TestClock } from '@gatehouse/host/testing';
import type { Fault } from '@gatehouse/kernel';
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
import { acme, createAcme, fakeAcme, settings } from './acme.ts';

const closing: (() => Promise<void>)[] = [];

/** For `afterEach`. */
export const closeAll = async (): Promise<void> => {
  for (const close of closing.splice(0)) await close();
};

export interface Bench {
  readonly fake: FakeVendor;
  readonly held: ReturnType<typeof createAcme>;
  readonly origin: string;
  readonly clock: TestClock;
  readonly store: MemoryStore;
  readonly controller: AbortController;
  readonly progress: Progress[];
  run(streams: readonly string[], connector?: AnyConnector, budgetMs?: number): Promise<Outcome>;
}

export const setUp = async (): Promise<Bench> => {
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

export const accountsBy = (read: Read, mode: Reading = { mode: 'full' }): AnyConnector => ({
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

export const account = (id: string, more: Partial<Account> = {}): Account => ({
  ...empty('accounts'),
  raw: null,
  ...more,
  id,
});

export const pagesOf = (...pages: readonly Page<Account>[]): AnyConnector =>
  accountsBy(async function* () {
    yield* pages;
  });

export const faultIn = (outcome: Outcome, id = 'accounts'): Fault | null =>
  outcome.streams.find((one) => one.stream === id)?.fault ?? null;

export const idsIn = (store: MemoryStore, id: string) => [...store.records(id).keys()].sort();
