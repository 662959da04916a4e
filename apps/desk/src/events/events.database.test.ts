import { request } from 'node:http';
import { ok } from '@gatehouse/server/testing';
import { until } from '@gatehouse/site/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ForeignDesk, foreignDesk } from '../testing/foreign-desk.ts';

let host: ForeignDesk;
beforeAll(async () => {
  host = await foreignDesk();
});
afterAll(() => host.close());

/** Posts bytes as they are, under any header or none. */
const post = (url: string, body: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    sent.on('response', (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
    sent.end(body);
  });
const problems = async () => (await ok(host.desk.operator.get('/api/events?problems=true'))).body.items;

test.each([
  ['without a type', 'event=x', {}],
  ['of a type that is not known', 'event=x1', { 'content-type': 'application/x-something' }],
  ['of a type that is none', 'event=x2', { 'content-type': ';;;' }],
  ['as JSON', '{"event":"support_conference_end"}', { 'content-type': 'application/json' }],
  ['as JSON that is none', '{"event":', { 'content-type': 'application/json' }],
  ['that is empty', '', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['that is far too long', `event=${'x'.repeat(5_000_000)}`, { 'content-type': 'application/x-www-form-urlencoded' }],
  ['with broken characters', 'event=%ff%fe%00&lsid=%ed%a0%80', { 'content-type': 'application/x-www-form-urlencoded' }],
])(
  'an event %s is taken, so that it holds up no other, and is in the list of what needs somebody',
  async (_what, body, headers) => {
    const before = (await problems()).length;
    expect(await post(host.eventsUrl, body, headers)).toBe(200);
    expect(await problems()).toHaveLength(before + 1);
  },
);

test('an event whose long words come first is worked on by what is behind them', async () => {
  const { number, one } = await host.session();
  const { lsid, ...event } = host.appliance.event('end', one);
  const body = new URLSearchParams({ custom: 'ä€😀'.repeat(20_000), ...event, lsid: lsid ?? '' });
  expect((await fetch(host.eventsUrl, { method: 'POST', body })).status).toBe(200);
  await host.written(number);
});

test('whoever does not know the secret, or sends from elsewhere, is refused before a word is read', async () => {
  const body = new URLSearchParams({ event: 'from elsewhere' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const count = async () => (await ok(host.desk.operator.get('/api/events'))).body.total.value;
  const before = await count();
  for (const url of [host.eventsUrl.replace(/KB=.*/, 'KB=guessed'), host.eventsUrl.replace(/\?.*/, '')])
    expect(await post(url, body, headers)).toBe(404);
  await sql`update desk_connections set senders = '{192.0.2.1,nowhere.invalid}'`.execute(
    host.desk.program.database.owner,
  );
  expect(await post(host.eventsUrl, body, headers)).toBe(403);
  await sql`update desk_connections set senders = '{127.0.0.0/8,::1}'`.execute(host.desk.program.database.owner);
  expect(await post(host.eventsUrl, body, headers)).toBe(200);
  await until(async () => (await count()) > before);
});
