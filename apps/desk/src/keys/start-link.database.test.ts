import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';

let host: SupportedDesk;
beforeAll(async () => {
  host = await supportedDesk();
});
afterAll(() => host.close());

const cookiesOf = ({ cookies }: Pick<SupportedDesk['technician'], 'cookies'>): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** What would be there, had anything been done: keys on both sides, the ticket, and the audit. */
const everything = async (number: string) => {
  const keys = await sql<{ row: string }>`select to_jsonb(k)::text as row from ticket_keys k
    union all select action || target from system_audit`.execute(host.desk.database.owner);
  const ofSite = await sql`select id from session_keys`.execute(host.site.database.owner);
  const one = (await ok(host.technician.get(`/api/cases/${number}`))).body;
  return { kept: keys.rows.map(({ row }) => row).toSorted(), ofSite: ofSite.rows, version: one.version };
};

test('opening the link of a ticket does nothing, whoever or whatever opens it', async () => {
  const { url } = host.desk;
  const { number } = await host.desk.makeCase({ subject: 'Linked' });
  const customer = await host.desk.person('customer');
  const page = `/start/${host.connectionId}/${number}`;
  const ticket = `/api/connections/${host.connectionId}/tickets/${number}`;
  const before = await everything(number);
  for (const path of [
    page,
    `${page}?key=1&_method=POST`,
    ticket,
    `${ticket}/key`,
    `${ticket}/send`,
    `${ticket}/preview`,
  ])
    for (const method of ['GET', 'HEAD']) {
      for (const who of [host.technician, customer, host.desk.operator]) await who.ask(method, path, {});
      const headers = {
        'sec-purpose': 'prefetch',
        cookie: cookiesOf(host.technician),
        'x-http-method-override': 'POST',
      };
      const stranger = await fetch(new URL(path, url), { method, redirect: 'manual' });
      const machine = await fetch(new URL(path, url), { method, headers, redirect: 'manual' });
      for (const { status } of [stranger, machine]) expect([path, method, status < 500]).toEqual([path, method, true]);
    }
  expect(await everything(number)).toEqual(before);
});

test('the button works for who works at the desk alone, from our own page alone, and is theirs in the audit', async () => {
  const { number } = await host.desk.makeCase({ subject: 'Pressed' });
  const customer = await host.desk.person('customer');
  const path = `/api/connections/${host.connectionId}/tickets/${number}/key`;
  const before = await everything(number);
  expect((await customer.post(path, {})).status).toBe(403);
  const press = (headers: Record<string, string>) =>
    fetch(new URL(path, host.desk.url), {
      ...{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...headers } },
    });
  expect((await press({ origin: host.desk.url })).status).toBe(401);
  const cookie = cookiesOf(host.technician);
  for (const headers of [
    { cookie },
    { cookie, origin: 'https://elsewhere.example' },
    { cookie, origin: host.desk.url, 'sec-fetch-site': 'cross-site' },
  ])
    expect((await press(headers)).status).toBe(403);
  expect(await everything(number)).toEqual(before);
  await ok(host.technician.post(path, {}));
  const { rows } = await sql<{ actor: string }>`select actor_name as actor from system_audit
    where action = 'session-key.make' and target = ${number}`.execute(host.desk.database.owner);
  expect(rows).toEqual([{ actor: expect.stringContaining(host.technician.email) }]);
});
