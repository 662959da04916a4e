import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { isPrivate } from '@gatehouse/host';
import { systemClock, type TenantId } from '@gatehouse/kernel';
import { createLog } from '@gatehouse/server';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type TestInsights, testInsights } from '../testing/test-insights.ts';
import { type DeliveryParts, deliverOne, nextAttempt } from './deliver.ts';
import { emit } from './emit.ts';
import { insertTest } from './store.ts';

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A receiver that answers with the statuses it is given, then with 204. */
const receive = async (statuses: number[] = []) => {
  const received: Received[] = [];
  const server = createServer(async (request, answer) => {
    received.push({ headers: request.headers, body: await text(request) });
    answer.writeHead(statuses.shift() ?? 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    received,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook?x=1`,
    [Symbol.asyncDispose]: close,
  };
};

let host: TestInsights;
let tenantId: TenantId;
let list: string;
beforeAll(async () => {
  host = await testInsights();
  tenantId = await host.tenant('Hooks');
  list = `/api/tenants/${tenantId}/webhooks`;
});
afterAll(() => host.close());

const add = async (more: object) => {
  const answer = await host.operator.post(list, { name: 'Hook', events: ['finding.opened'], ...more } as never);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const tell = (severity: 'low' | 'high' = 'high') =>
  host.database.tenant(tenantId, (tx) =>
    emit(tx, tenantId, 'finding.opened', { severity, title: 'Something is wrong' }),
  );
const deliveries = async (webhookId: string) => (await host.operator.get(`${list}/${webhookId}/deliveries`)).body.items;

test('a message arrives signed as Standard Webhooks says, with the secret that was shown once', async () => {
  await using receiver = await receive();
  const { webhookId, revealedSecret } = await add({ url: receiver.url });
  expect(revealedSecret).toMatch(/^whsec_/);
  await tell();
  const { headers, body } = await eventually(async () => receiver.received[0]);
  const key = Buffer.from(revealedSecret.slice(6), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
  expect(JSON.parse(body)).toMatchObject({
    type: 'finding.opened',
    data: { severity: 'high', title: 'Something is wrong' },
  });
  const [sent] = await eventually(async () => {
    const all = await deliveries(webhookId);
    return all[0]?.ok ? all : null;
  });
  expect(sent).toMatchObject({ event: 'finding.opened', attempt: 1, status: 204, error: null, nextAttemptAt: null });
  const shown = await host.operator.get(list);
  expect(shown.text).not.toContain(revealedSecret);
  expect(shown.body.find((one: { webhookId: string }) => one.webhookId === webhookId)).toMatchObject({
    ...{ secret: { isSet: true }, lastDelivery: { ok: true, status: 204 } },
  });
});

test('a receiver that fails is asked again, with the same id, until it answers well', async () => {
  await using receiver = await receive([500, 503]);
  const { webhookId } = await add({ url: receiver.url });
  await tell();
  for (let attempt = 1; attempt <= 2; attempt++) {
    await eventually(async () => (await deliveries(webhookId))[0]?.attempt === attempt);
    const [failed] = await deliveries(webhookId);
    expect(failed).toMatchObject({ ok: false, error: expect.stringContaining('answered 50') });
    expect(Date.parse(failed.nextAttemptAt)).toBeGreaterThan(Date.now());
    await sql`update deliveries set next_attempt_at = now() where webhook_id = ${webhookId}`.execute(
      host.database.owner,
    );
  }
  await eventually(async () => (await deliveries(webhookId))[0]?.ok);
  expect(receiver.received).toHaveLength(3);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('what is less severe than asked for, of another event, or undone, is not told', async () => {
  await using receiver = await receive();
  const { webhookId } = await add({ url: receiver.url, minimumSeverity: 'high' });
  await add({ url: receiver.url, events: ['finding.resolved'] });
  await add({ url: receiver.url, enabled: false });
  await tell('low');
  await expect(
    host.database.tenant(tenantId, async (tx) => {
      await emit(tx, tenantId, 'finding.opened', { severity: 'critical' });
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  expect(await deliveries(webhookId)).toEqual([]);
});

test('a test is sent at once and its outcome answered', async () => {
  await using receiver = await receive([418]);
  const { webhookId } = await add({ url: receiver.url, secret: 'a secret of our own' });
  const failed = await host.operator.post(`${list}/${webhookId}/test`, {});
  expect(failed.body).toMatchObject({ ok: false, status: 418, event: 'test', nextAttemptAt: null });
  const good = await host.operator.post(`${list}/${webhookId}/test`, {});
  expect(good.body).toMatchObject({ ok: true, status: 204 });
  const { headers, body } = receiver.received[1] as Received;
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', 'a secret of our own').update(signed).digest('base64')}`,
  );
});

test('a change keeps what it leaves out, and a deleted webhook is gone', async () => {
  const { webhookId } = await add({ url: 'https://hooks.example/one', minimumSeverity: 'low' });
  const changed = await host.operator.ask('PATCH', `${list}/${webhookId}`, { body: { enabled: false } });
  expect(changed.body).toMatchObject({ enabled: false, minimumSeverity: 'low', url: 'https://hooks.example/one' });
  const wrong = await host.operator.ask('PATCH', `${list}/${webhookId}`, { body: { url: 'ftp://x', colour: 1 } });
  expect(wrong.body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual(['colour', 'url']);
  expect((await host.operator.ask('DELETE', `${list}/${webhookId}`)).status).toBe(204);
  expect((await host.operator.get(`${list}/${webhookId}/deliveries`)).status).toBe(404);
});

test('receivers inside the network are refused unless the operator allows them', async () => {
  await using receiver = await receive();
  const strict = await host.another({ role: 'web', allowPrivateWebhooks: false });
  const { readFile } = await import('node:fs/promises');
  const token = (await readFile(`${host.home}/insights.token`, 'utf8')).trim();
  const { webhookId } = await add({ url: receiver.url, enabled: false });
  const answer = await fetch(`${strict.url}${list}/${webhookId}/test`, {
    ...{ method: 'POST', body: '{}' },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  expect(await answer.json()).toMatchObject({ ok: false, error: expect.stringContaining('inside the network') });
  expect(receiver.received).toEqual([]);
  for (const one of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'fe80::1%eth0',
    'no address',
    '0.0.0.0',
  ]) {
    expect(isPrivate(one), one).toBe(true);
  }
  for (const one of ['8.8.8.8', '172.32.0.1', '2606:4700::1111']) expect(isPrivate(one), one).toBe(false);
});

test('a name is looked up once: a second answer that leads inside is never asked for nor connected to', async () => {
  await using receiver = await receive();
  const { webhookId } = await add({ url: receiver.url.replace('127.0.0.1', 'localhost'), enabled: false });
  const deliveryId = await host.database.tenant(tenantId, (tx) => insertTest(tx, tenantId, webhookId, new Date()));
  // The first is for examples in documents, so nobody answers there.
  const answers = [['2001:db8::1'], ['127.0.0.1']];
  const asked: string[] = [];
  const parts: DeliveryParts = {
    ...{ database: host.database, sealer: host.server.sealer, clock: systemClock, log: createLog('test', 'fatal') },
    allowPrivateWebhooks: false,
    resolve: async (name) => {
      asked.push(name);
      return answers.shift() ?? [];
    },
  };
  await deliverOne(parts, tenantId, deliveryId, AbortSignal.timeout(3_000));
  expect(receiver.received).toEqual([]);
  expect(asked).toEqual(['localhost']);
  await deliverOne(parts, tenantId, deliveryId, AbortSignal.timeout(3_000));
  expect((await deliveries(webhookId))[0]).toMatchObject({
    ok: false,
    error: expect.stringContaining('inside the network'),
  });
  expect(receiver.received).toEqual([]);
});

test('attempts come further and further apart and end after a day', () => {
  const created = new Date(0);
  const pauses: number[] = [];
  let at = created;
  for (let attempt = 1; ; attempt++) {
    const next = nextAttempt(attempt, created, at, () => 0.5);
    if (!next) break;
    pauses.push(next.getTime() - at.getTime());
    at = next;
  }
  expect(pauses.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000]);
  expect(Math.max(...pauses)).toBe(7_200_000);
  expect(at.getTime()).toBeLessThanOrEqual(86_400_000);
  expect(at.getTime()).toBeGreaterThan(70_000_000);
});

test('what cannot be used in a webhook is named, with what is wanted, and nothing is added', async () => {
  const before = (await host.operator.get(list)).body.length;
  const usable = { name: 'Hook', url: 'https://hooks.example', events: ['finding.opened'] };
  for (const [wrong, field, message] of [
    [{ url: 'http://' }, 'url', 'Enter an address that starts with https://'],
    [{ url: 'ftp://hooks.example' }, 'url', 'Enter an address that starts with https://'],
    [{ events: [] }, 'events', 'Choose at least one event'],
    [{ secret: 'short' }, 'secret', 'at least 16 characters'],
  ] as const) {
    const { status, body } = await host.operator.post(list, { ...usable, ...wrong } as never);
    expect({ status, errors: body.errors }).toMatchObject({
      status: 400,
      errors: [{ field, message: expect.stringContaining(message) }],
    });
  }
  expect((await host.operator.get(list)).body).toHaveLength(before);
});
