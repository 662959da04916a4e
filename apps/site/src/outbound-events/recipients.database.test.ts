import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from '../support/testing/desk.ts';
import { until } from '../testing/errands.ts';
import { openOutbound } from './open-outbound.ts';
import { openReceiver, type Receiver, status } from './testing/receiver.ts';

const recipients = '/api/outbound-events/recipients';
const usable = { name: 'Desk', url: 'https://desk.example/events', events: ['support_conference_begin'] };
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({ allowPrivateWebhooks: true, outboundPace: { everyMs: 3_600_000, timeoutMs: 1_000 } });
});
afterAll(() => desk.close());

let names = 0;
const add = async ({ url }: Pick<Receiver, 'url'>, more: object = {}): Promise<number> => {
  names += 1;
  const body = JSON.parse(JSON.stringify({ ...usable, name: `Desk ${names}`, url, allow_http: true, ...more }));
  return (await ok(desk.operator.post(recipients, body))).body.id;
};
const deliveries = async (id: number) => (await ok(desk.operator.get(`${recipients}/${id}/deliveries`))).body.items;
const arrived = (receiver: Receiver, count: number) =>
  until(
    () => receiver.posted.length >= count,
    () => receiver.events(),
  );
const lsids = ({ posted }: Receiver) => posted.map(({ body }) => new URLSearchParams(body).get('lsid'));

describe('an administrator', () => {
  test.each([
    [{ url: 'desk.example' }, 'url'],
    [{ url: 'ftp://desk.example' }, 'url'],
    [{ url: 'http://desk.example' }, 'url'],
    [{ url: 'https://user:word@desk.example' }, 'url'],
    [{ url: 'https://desk.example/?outbound_event_token=abc' }, 'url'],
    [{ events: [] }, 'events'],
    [{ events: ['access_conference_begin'] }, 'events.0'],
    [{ ca_certificate: 'no certificate' }, 'ca_certificate'],
    [{ retry_interval: 1 }, 'retry_interval'],
    [{ alert_after: -1 }, 'alert_after'],
    [{ alert_emails: ['nobody'] }, 'alert_emails.0'],
    [{ alert_emails: Array.from({ length: 11 }, () => 'a@b.example') }, 'alert_emails'],
    [{ signed: true }, 'signed'],
  ])('is told what cannot be used, %j, and nothing is added', async (wrong, field) => {
    const answer = await desk.operator.post(recipients, JSON.parse(JSON.stringify({ ...usable, ...wrong })));
    expect([answer.status, answer.body.errors]).toEqual([400, [expect.objectContaining({ field })]]);
    expect((await desk.operator.get(`${recipients}?search=${usable.name}`)).body.items).toEqual([]);
  });

  test('has each change of a recipient in the audit, and nothing is left of one that is deleted', async () => {
    await using receiver = await openReceiver();
    const id = await add(receiver);
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { retry_interval: 90 } }));
    await ok(desk.operator.post(`${recipients}/${id}/secret`, {}));
    await ok(desk.operator.ask('PUT', `${recipients}/${id}/token`, { body: { token: null } }));
    await ok(desk.operator.post(`${recipients}/${id}/test`, {}));
    await ok(desk.operator.post(`${recipients}/${id}/replay`, { since: desk.clock.now().toISOString() }));
    await ok(desk.operator.ask('DELETE', `${recipients}/${id}`));
    const { rows } = await sql<{ action: string }>`select action from system_audit
      where action like 'outbound-recipient.%' and target = ${`Desk ${names}`} order by audit_id`.execute(
      desk.database.owner,
    );
    expect(rows.map(({ action }) => action.replace('outbound-recipient.', ''))).toEqual([
      ...['create', 'change', 'secret', 'token', 'test', 'replay', 'delete'],
    ]);
    for (const path of ['deliveries', 'test', 'replay', 'secret']) {
      const body = path === 'replay' ? { since: '2026-01-01T00:00:00Z' } : {};
      const method = path === 'deliveries' ? 'GET' : 'POST';
      const answer = await desk.operator.ask(method, `${recipients}/${id}/${path}`, method === 'GET' ? {} : { body });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const left = await sql`select 1 from outbound_deliveries where recipient_id = ${id}`.execute(desk.database.owner);
    expect(left.rows).toEqual([]);
  });

  test('tests a recipient and reads what came back, and the queue goes on beside it', async () => {
    await using receiver = await openReceiver();
    const id = await add(receiver);
    receiver.next(status(418));
    const failed = (await ok(desk.operator.post(`${recipients}/${id}/test`, {}))).body;
    expect(failed).toMatchObject({ isTest: true, event: 'test', state: 'given_up', status: 418, tries: 1 });
    const good = (await ok(desk.operator.post(`${recipients}/${id}/test`, {}))).body;
    expect(good).toMatchObject({ isTest: true, state: 'delivered', status: 200, error: '' });
    const sent = new URLSearchParams(receiver.posted[1]?.body);
    expect(Object.fromEntries(sent)).toEqual({
      ...{ event: 'test', version: '1', timestamp: expect.stringMatching(/^\d{10}$/), external_key: '' },
      ...{ appliance_id: expect.stringMatching(/^[0-9a-f]{32}$/), lsid: '0'.repeat(32) },
    });
    expect((await desk.operator.get(`${recipients}/${id}`)).body).toMatchObject({ status: 'working', queued: 0 });
  });

  test('replays one delivery, or all since a time in their order, each with an id of its own and tests left out', async () => {
    await using receiver = await openReceiver();
    const id = await add(receiver);
    const first = await desk.wait();
    await arrived(receiver, 1);
    desk.clock.move(60_000);
    const since = desk.clock.now().toISOString();
    const rest = [await desk.wait(), await desk.wait(), await desk.wait()];
    await arrived(receiver, 4);
    await ok(desk.operator.post(`${recipients}/${id}/test`, {}));
    const whole = () =>
      until(async () => (await deliveries(id)).every(({ state }: { state: string }) => state === 'delivered'));
    await whole();
    const oldest = (await deliveries(id)).at(-1);
    const one = await ok(desk.operator.post(`${recipients}/${id}/deliveries/${oldest.deliveryId}/replay`, {}));
    expect(one.body).toEqual({ queued: 1 });
    await arrived(receiver, 6);
    await whole();
    expect((await ok(desk.operator.post(`${recipients}/${id}/replay`, { since }))).body).toEqual({ queued: 3 });
    await arrived(receiver, 9);
    expect(lsids(receiver)).toEqual([first, ...rest, '0'.repeat(32), first, ...rest]);
    expect(receiver.posted[5]?.body).toBe(receiver.posted[0]?.body);
    await whole();
    expect((await deliveries(id))[0]).toMatchObject({
      replayOf: expect.any(String),
      lsid: rest[2],
      state: 'delivered',
    });
  });

  test('finds deliveries of the last thirty days, a page at a time, and older ones are forgotten', async () => {
    await using receiver = await openReceiver();
    const id = await add(receiver);
    for (let count = 0; count < 3; count += 1) await desk.wait();
    await arrived(receiver, 3);
    await until(async () => (await deliveries(id)).every(({ state }: { state: string }) => state === 'delivered'));
    const page = (await ok(desk.operator.get(`${recipients}/${id}/deliveries?limit=2&state=delivered`))).body;
    const next = (await ok(desk.operator.get(`${recipients}/${id}/deliveries?limit=2&cursor=${page.next}`))).body;
    expect([page.items.length, next.items.length, next.next]).toEqual([2, 1, null]);
    const outbound = (ahead: number) =>
      openOutbound({
        ...{ ...desk.site.outbound.parts, everyMs: 20 },
        clock: { ...desk.clock, now: () => new Date(desk.clock.now().getTime() + ahead * 86_400_000) },
      });
    const soon = outbound(29);
    desk.clock.move(1_000);
    await desk.wait();
    await arrived(receiver, 4);
    await soon.close();
    expect((await deliveries(id)).length).toBe(4);
    const late = outbound(31);
    await until(async () => (await deliveries(id)).length <= 1);
    await late.close();
  });
});

test('addresses inside the network are refused unless the operator allows them, and are never connected to', async () => {
  await using receiver = await openReceiver();
  const strict = await openDesk();
  try {
    const body = { ...usable, url: receiver.url, allow_http: true };
    const { id } = (await ok(strict.operator.post(recipients, body))).body;
    const answer = (await ok(strict.operator.post(`${recipients}/${id}/test`, {}))).body;
    expect(answer).toMatchObject({
      state: 'given_up',
      status: null,
      error: expect.stringContaining('inside the network'),
    });
    expect(receiver.posted).toEqual([]);
  } finally {
    await strict.close();
  }
});
