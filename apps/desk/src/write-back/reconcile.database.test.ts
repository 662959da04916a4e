import { until } from '@gatehouse/site/testing';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { dialects } from '../testing/appliance/index.ts';
import { type ForeignDesk, foreignDesk } from '../testing/foreign-desk.ts';

let host: ForeignDesk;
afterEach(() => host.close());

const dayMs = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * dayMs);
const look = () => host.desk.program.reconciler.look();
/** A connection that was made so long ago, and compared last so long ago. */
const compared = (of: { made: number; last: number | null; swept: number }) =>
  sql`update desk_connections set created_at = ${ago(of.made)},
    compared_at = ${of.last === null ? null : ago(of.last)}, swept_at = ${ago(of.swept)}`.execute(
    host.desk.program.database.owner,
  );
/** A session of a case, that many days ago. */
const past = async (days: number) => {
  const { number } = await host.desk.makeCase();
  await host.key(number);
  const one = host.appliance.begin({ externalKey: number, beganAt: ago(days + 0.01), endedAt: ago(days) });
  return { number, one };
};
const settled = (lsid: string) =>
  until(async () => {
    const { state, dueAt, tries } = await host.detail(lsid);
    return state === 'ended' && dueAt === null && tries === 0;
  });

test('what ended while the program was away for days is found, and nothing from before there was a connection', async () => {
  host = await foreignDesk();
  const [before, { number, one }] = [await past(12), await past(5)];
  await compared({ made: 10, last: 6, swept: 6 });
  expect(await look()).toBe(1);
  await host.written(number);
  await settled(one.lsid);
  expect(await look()).toBe(0);
  expect(await host.notes(before.number)).toEqual([]);
});

test('a survey that comes weeks later, of which no event told, is written once', async () => {
  host = await foreignDesk();
  const { number, one } = await past(20);
  host.sender.tell(host.appliance.event('end', one));
  await host.written(number);
  await settled(one.lsid);
  await compared({ made: 30, last: 0.01, swept: 0.01 });
  expect(await look()).toBe(0);
  one.surveys.push({ by: 'rep', label: 'Solved?', answer: 'yes', at: new Date(Date.now() + 2_000) });
  expect(await look()).toBe(1);
  await host.written(number, 2);
  await until(async () => (await look()) === 0);
  expect(await host.notes(number)).toHaveLength(2);
});

test('an external key that is edited days later is found once a day', async () => {
  host = await foreignDesk();
  const { number, one } = await past(5);
  host.sender.tell(host.appliance.event('end', one));
  await host.written(number);
  await settled(one.lsid);
  const { number: other } = await host.desk.makeCase();
  one.externalKey = other;
  await compared({ made: 30, last: 0.01, swept: 0.01 });
  expect(await look()).toBe(0);
  await compared({ made: 30, last: 0.01, swept: 1.1 });
  expect(await look()).toBe(1);
  await host.written(other);
  expect(await look()).toBe(0);
});

test('a site whose list says no external keys has no session read again and again', async () => {
  host = await foreignDesk({ dialect: dialects.find(({ listsKeys }) => !listsKeys) });
  const { number, one } = await past(0.1);
  host.sender.tell(host.appliance.event('end', one));
  await host.written(number);
  expect(await look()).toBe(0);
});

test('what fails again and again is given up, whatever the list of the site says', async () => {
  host = await foreignDesk();
  const { one } = await past(0.1);
  expect(await look()).toBe(1);
  await until(async () => (await host.detail(one.lsid)).state === 'ended');
  const isDead = sql`update desk_sessions set state = 'unknown', tries = 30, due_at = null, dead_at = now()`;
  await isDead.execute(host.desk.program.database.owner);
  expect(await look()).toBe(0);
});
