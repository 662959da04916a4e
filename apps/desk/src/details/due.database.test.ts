import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';
import { claimDue, releaseSession, tellSession } from './store.ts';

let host: SupportedDesk;
beforeAll(async () => {
  // Nothing is looked at by itself.
  host = await supportedDesk({}, { workMs: 3_600_000 });
});
afterAll(() => host.close());

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const idle = { dueAt: at(900), tries: 0, problem: '', deadAt: null };

test('what is told while somebody looks is looked at again, and whoever is cut off loses the session', async () => {
  const { database } = host.desk.program;
  const { connectionId } = host;
  const [one, two] = [
    { id: 'one', leaseMs: 60_000 },
    { id: 'two', leaseMs: 60_000 },
  ];
  const lsid = randomBytes(16).toString('hex');
  const claim = (who: typeof one, seconds: number) => database.system((tx) => claimDue(tx, who, at(seconds)));
  await database.system((tx) => tellSession(tx, connectionId, lsid, at(1)));
  const held = await claim(one, 2);
  expect(held?.lsid).toBe(lsid);
  expect(await claim(two, 3)).toBe(null);
  await database.system((tx) => tellSession(tx, connectionId, lsid, at(3)));
  expect(await claim(two, 4)).toBe(null);
  await database.system((tx) => releaseSession(tx, { connectionId, lsid }, one, idle));
  expect((await claim(two, 4))?.lsid).toBe(lsid);
  // It is killed while it looks.
  expect(await claim(one, 30)).toBe(null);
  expect((await claim(one, 65))?.lsid).toBe(lsid);
  // And says something all the same: it is not its session any more.
  await database.system((tx) => releaseSession(tx, { connectionId, lsid }, two, idle));
  expect(await claim(two, 66)).toBe(null);
  await database.system((tx) => releaseSession(tx, { connectionId, lsid }, one, idle));
  expect(await claim(one, 899)).toBe(null);
  expect((await claim(one, 901))?.lsid).toBe(lsid);
});
