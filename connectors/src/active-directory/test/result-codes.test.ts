import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { expect, test } from 'vitest';
import { activeDirectory } from '../active-directory.ts';
import type { Plant } from '../fake/plant.ts';
import { fakeActiveDirectory } from './vendor.ts';

const result = (code: number, diagnostic: string): Plant => ({ kind: 'result', outcome: { code, diagnostic } });

test.each<[string, Plant, kind: string, health: string]>([
  ['a time limit', result(3, '00002093: SvcErr: DSID-03190FB6'), 'unreachable', 'warning'],
  ['a size limit', result(4, '00002023: SvcErr: DSID-031A1252'), 'misconfigured', 'failed'],
  ['an administrative limit', result(11, '0000215B: SvcErr: DSID-031A1254'), 'misconfigured', 'failed'],
  ['that it is always busy', result(51, '00002095: SvcErr: DSID-03210F6B'), 'throttled', 'connected'],
  ['that it is starting', result(52, '00002098: SvcErr: DSID-03210A1C'), 'unreachable', 'warning'],
  ['that it is not willing', result(53, '0000209A: SvcErr: DSID-031A122E'), 'forbidden', 'warning'],
  ['that it has lost itself', result(80, '0000202C: SvcErr: DSID-03210B39'), 'unexpected', 'warning'],
  ['that it shuts down', { kind: 'shutDown' }, 'unreachable', 'warning'],
])(
  'a controller that answers %s, at the first or the last search of any stream, is named; nothing is lost',
  async (_, plant, kind, health) => {
    const fake = fakeActiveDirectory();
    fake.capPages(2);
    const { origin, close } = await fake.start();
    for (const stream of Object.keys(activeDirectory.streams)) {
      if (fake.unasked?.includes(stream)) continue;
      const store = createMemoryStore();
      /** `from`: searches of the stream that are answered before. */
      const run = async (from: number) => {
        let isReading = false;
        let searches = 0;
        fake.faults.besides((request) =>
          isReading && request.kind === 'search' && searches++ >= from ? plant : undefined,
        );
        const outcome = await runStreams({
          ...{ connector: activeDirectory, settings: fake.settings(origin), store, streams: [stream] },
          host: createHost({
            ...{ signal: new AbortController().signal, clock: createTestClock(), attempts: 2, ...fake.nearby },
          }),
          onProgress: ({ streams }) => {
            isReading ||= streams[0]?.state === 'running';
          },
        });
        return { read: outcome.streams[0], searches };
      };
      const whole = await run(Number.POSITIVE_INFINITY);
      expect(whole.read, stream).toMatchObject({ state: 'done', health: 'connected' });
      const ids = [...store.records(stream).keys()];
      for (const from of [0, whole.searches - 1]) {
        store.place(stream, { cursor: null, midway: false, fullReadAt: null });
        const { read } = await run(from);
        expect(read, `${stream} from ${from}`).toMatchObject({ state: 'failed', health, fault: { kind } });
        expect([...store.records(stream).keys()], stream).toEqual(ids);
      }
    }
    await close();
  },
);
