import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { expect, test } from 'vitest';
import { activeDirectory } from '../active-directory.ts';
import { fakeActiveDirectory } from './vendor.ts';

test.each([
  [-10, /10 minutes behind/],
  [10, /10 minutes ahead/],
  [2, null],
])(
  'a clock that is %i minutes off the controller’s loses nothing, and is said where it matters',
  async (minutes, words) => {
    const fake = fakeActiveDirectory();
    const { origin, close } = await fake.start();
    const read = async (offMinutes: number) => {
      const clock = createTestClock(new Date(Date.now() + offMinutes * 60_000));
      const store = createMemoryStore({ clock });
      const { caveats, streams } = await runStreams({
        ...{ connector: activeDirectory, settings: fake.settings(origin), store },
        host: createHost({ signal: new AbortController().signal, clock, ...fake.nearby }),
      });
      expect(streams.every(({ state, health }) => state === 'done' && health === 'connected')).toBe(true);
      const ids = streams.map(({ stream }) => [stream, [...store.records(stream).keys()].toSorted()]);
      return { caveats, ids };
    };
    const [right, off] = [await read(0), await read(minutes)];
    expect(off.ids).toEqual(right.ids);
    expect(right.caveats).toEqual([]);
    if (words === null) expect(off.caveats).toEqual([]);
    else expect(off.caveats).toEqual([{ code: 'clock-skew', advice: expect.stringMatching(words) }]);
    await close();
  },
);
