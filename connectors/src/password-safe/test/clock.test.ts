import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { createHost } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { expect, test } from 'vitest';
import { written } from '../fake/small-organisation.ts';
import { fakePasswordSafe, smallOrganisation } from '../fake.ts';
import { passwordSafe } from '../password-safe.ts';

test.each([-10, 10])('a clock that is %i minutes off loses nothing that happens between two reads', async (minutes) => {
  const { audits, sessions, ...rest } = smallOrganisation();
  const organisation = { ...rest, audits: [] as typeof audits, sessions: [] as typeof sessions };
  const fake = fakePasswordSafe(organisation);
  const { origin, close } = await fake.start();
  const clock = createTestClock(new Date(Date.now() + minutes * 60_000));
  const store = createMemoryStore({ clock });
  const run = () =>
    runStreams({
      ...{ connector: passwordSafe, store, settings: fake.settings(origin), streams: ['user-audits', 'sessions'] },
      host: createHost({ signal: new AbortController().signal, clock }),
    });
  expect((await run()).health).toBe('connected');
  const now = written(new Date());
  organisation.audits.push(...audits.slice(0, 1).map((audit) => ({ ...audit, at: now })));
  organisation.sessions.push(...sessions.slice(0, 1).map((session) => ({ ...session, start: now, end: null })));
  clock.advance(60_000);
  expect((await run()).health).toBe('connected');
  expect([...store.records('user-audits').keys()]).toEqual(['user-audit:901']);
  expect([...store.records('sessions').keys()]).toEqual(['session:501/start']);
  // What was seen moves the place on, and what comes after it is found from there.
  organisation.audits.push(...audits.slice(1, 2).map((audit) => ({ ...audit, at: written(new Date()) })));
  await run();
  expect(store.records('user-audits').size).toBe(2);
  await close();
});
