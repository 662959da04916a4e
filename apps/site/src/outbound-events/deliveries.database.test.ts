import { fork } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeCertificate } from '@gatehouse/host/testing';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { outboundEvents } from '../api/outbound-events.ts';
import { changeSessionAttributes } from '../support/index.ts';
import { completeSurvey } from '../support/surveys.ts';
import { type Desk, openDesk } from '../support/testing/desk.ts';
import { until } from '../testing/errands.ts';
import { type Outbound, type OutboundParts, openOutbound } from './open-outbound.ts';
import { claimTurns, takeNext } from './queue.ts';
import { cut, endless, openReceiver, type Receiver, silent, status } from './testing/receiver.ts';

const recipients = '/api/outbound-events/recipients';
let desk: Desk;
let appliance: string;
beforeAll(async () => {
  // So seldom that what arrives in time was heard of.
  const outboundPace = { everyMs: 3_600_000, timeoutMs: 300 };
  desk = await openDesk({ allowPrivateWebhooks: true, outboundPace });
  for (const code_name of ['lsid', 'type'])
    await ok(desk.operator.post('/api/custom-fields', { display_name: 'Trap', code_name }));
  const { rows } = await sql<{ id: string }>`select appliance_id as id from site_options`.execute(desk.database.owner);
  appliance = rows[0]?.id ?? '';
});
afterAll(() => desk.close());
afterEach(async () => {
  await sql`delete from outbound_recipients`.execute(desk.database.owner);
});

const add = async ({ url }: Pick<Receiver, 'url'>, more: object = {}): Promise<number> => {
  const body = { name: randomBytes(8).toString('hex'), url, allow_http: true, events: [...outboundEvents], ...more };
  return (await ok(desk.operator.post(recipients, JSON.parse(JSON.stringify(body))))).body.id;
};
const find = async (id: number) => (await ok(desk.operator.get(`${recipients}/${id}`))).body;
const deliveries = async (id: number) =>
  (await ok(desk.operator.get(`${recipients}/${id}/deliveries?limit=500`))).body.items;
const act = (lsid: string, what: string, body?: { queue: string }) =>
  ok(desk.anna.post(`/api/support/sessions/${lsid}/${what}`, body));
const arrived = (receiver: Receiver, count: number) =>
  until(
    () => receiver.posted.length >= count,
    () => receiver.events(),
  );
/** What failed is due again. */
const later = (ms: number) => {
  desk.clock.move(ms);
  desk.site.outbound.wake();
};
/** So many events of one session at once, each told apart by its second. */
const burst = async (count: number): Promise<void> => {
  const lsid = await desk.wait();
  await sql`with added as (
      insert into support_events (lsid, seq, at, type, performed_by, body)
      select ${lsid}, 100 + n, to_timestamp(1000000 + n), 'member_added', 1, '{}' from generate_series(1, ${count}::int) n
      order by n returning 1)
    select pg_notify('support_events', '{}') from added limit 1`.execute(desk.database.owner);
};
const seconds = ({ posted }: Receiver) =>
  posted.map(({ body }) => Number(new URLSearchParams(body).get('timestamp')) - 1_000_000);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const onlyAdded = { events: ['support_conference_member_added'] };

describe('what is posted', () => {
  test('is exactly this for each event, in the order in which it happened', async () => {
    await using receiver = await openReceiver();
    await add(receiver);
    desk.clock.stop();
    const at = Math.floor(desk.clock.now().getTime() / 1_000);
    const lsid = await desk.wait('general', 'Carol & Söhne');
    await desk.site.database.system((tx) =>
      changeSessionAttributes({ tx, by: program, now: desk.clock.now() }, lsid, { external_key: 'INC 1&2' }),
    );
    await act(lsid, 'join');
    await act(lsid, 'transfer', { queue: 'general' });
    await act(lsid, 'join');
    await act(lsid, 'end');
    desk.clock.go();
    await arrived(receiver, 8);
    const always = (event: string, key = 'INC+1%262') =>
      `event=support_conference_${event}&version=1&timestamp=${at}&appliance_id=${appliance}&lsid=${lsid}&external_key=${key}`;
    const carol = '&type=customer&username=&user_id=&display_name=Carol+%26+S%C3%B6hne';
    const { username, userId } = desk.anna;
    const anna = `&type=representative&username=${encodeURIComponent(username)}&user_id=${userId}&display_name=Ada+Keller`;
    expect(receiver.posted.map(({ body }) => body)).toEqual([
      always('begin', ''),
      always('member_added', '') + carol,
      always('member_added') + anna,
      always('owner_changed') + anna,
      always('member_departed') + anna,
      always('member_added') + anna,
      always('owner_changed') + anna,
      always('end'),
    ]);
    const [first] = receiver.posted;
    expect(first).toMatchObject({
      ...{ method: 'POST', url: '/events' },
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Gatehouse' },
    });
    expect(first?.headers).not.toHaveProperty('webhook-signature');
  });

  test('tells of each survey, whose it is, also after the end', async () => {
    await using receiver = await openReceiver();
    const lsid = await desk.wait();
    await act(lsid, 'join');
    await act(lsid, 'end');
    await add(receiver);
    for (const [gsnumber, kind] of [
      [2, 'representative'],
      [1, 'customer'],
    ] as const)
      await desk.site.database.system((tx) =>
        completeSurvey({ tx, by: program, now: desk.clock.now() }, { lsid, gsnumber, kind, name: '' }, [
          { name: 'rating', value: '5' },
        ]),
      );
    await arrived(receiver, 2);
    const posted = receiver.posted.map(({ body }) => new URLSearchParams(body));
    expect(posted.map((one) => [one.get('event'), one.get('type'), one.get('lsid')])).toEqual([
      ['support_conference_rep_exit_survey_completed', 'representative', lsid],
      ['support_conference_customer_exit_survey_completed', 'customer', lsid],
    ]);
  });

  test('has custom fields where they are wanted, and none in the place of what is always sent', async () => {
    await using receiver = await openReceiver();
    await using plain = await openReceiver();
    const lsid = await desk.wait();
    await add(receiver, { send_custom_fields: true });
    await add(plain);
    const asked = { asset: 'A-1', floor: '3', lsid: 'trap', type: 'trap' };
    await desk.site.database.system((tx) =>
      changeSessionAttributes({ tx, by: program, now: desk.clock.now() }, lsid, asked),
    );
    await act(lsid, 'join');
    await act(lsid, 'end');
    await Promise.all([arrived(receiver, 3), arrived(plain, 3)]);
    const sent = new URLSearchParams(receiver.posted[0]?.body);
    expect([sent.get('asset'), sent.get('floor'), sent.getAll('lsid')]).toEqual(['A-1', '3', [lsid]]);
    const end = new URLSearchParams(receiver.posted[2]?.body);
    expect([end.get('event'), end.get('type'), end.get('asset')]).toEqual(['support_conference_end', null, 'A-1']);
    expect(plain.posted[0]?.body).not.toContain('A-1');
  });

  test('is signed with the secret that was shown once, and the token is added to the URL', async () => {
    await using receiver = await openReceiver();
    const id = await add({ url: `${receiver.url}?desk=1` });
    const { secret } = (await ok(desk.operator.post(`${recipients}/${id}/secret`, {}))).body;
    await ok(desk.operator.ask('PUT', `${recipients}/${id}/token`, { body: { token: 'the token & more' } }));
    await desk.wait();
    await arrived(receiver, 2);
    const [posted] = receiver.posted;
    if (posted === undefined) throw new Error('nothing came');
    const { headers, body, url } = posted;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - desk.clock.now().getTime() / 1_000)).toBeLessThan(60);
    expect(url).toBe('/events?desk=1&outbound_event_token=the+token+%26+more');
    expect(await find(id)).toMatchObject({ signed: true, has_token: true });
    const dump = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from outbound_recipients t union all select to_jsonb(t)::text from outbound_deliveries t
      union all select to_jsonb(t)::text from system_audit t`.execute(desk.database.owner);
    const answers = [
      await desk.operator.get(recipients),
      await desk.operator.get(`${recipients}/${id}/deliveries`),
      await desk.operator.get('/api/audit?limit=500'),
    ];
    const kept = [...dump.rows.map(({ row }) => row), ...answers.map(({ text }) => text), ...desk.log].join('\n');
    for (const one of [secret, secret.slice(6), 'the token', 'the+token']) expect(kept).not.toContain(one);
  });

  test('begins with what happens after the recipient was added, only what is committed, and nothing while it is off', async () => {
    await using receiver = await openReceiver();
    const lsid = await desk.wait();
    const id = await add(receiver);
    await desk.site.database
      .system(async (tx) => {
        await sql`insert into support_events (lsid, seq, at, type, body) values (${lsid}, 99, now(), 'ended', '{}')`.execute(
          tx,
        );
        throw new Error('undo it');
      })
      .catch(() => undefined);
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { enabled: false } }));
    await act(lsid, 'join');
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { enabled: true } }));
    await act(lsid, 'end');
    await arrived(receiver, 1);
    expect(receiver.events()).toEqual(['support_conference_end']);
  });
});

describe('a recipient that fails', () => {
  test.each([
    ['answers 500', status(500), 'answered 500'],
    ['answers 201', status(201), 'answered 201'],
    ['answers 429', status(429, { 'retry-after': '1' }), 'answered 429'],
    ['redirects', status(302, { location: 'http://127.0.0.1:9/' }), 'redirects'],
    ['never answers', silent, 'did not answer'],
    ['breaks off in the middle', cut, 'did not answer'],
    ['answers without an end', endless, 'more than'],
  ])('and %s gets the same again after the interval, and the next event only then', async (_what, answer, words) => {
    await using receiver = await openReceiver();
    await using other = await openReceiver();
    const id = await add(receiver, { retry_interval: 60 });
    await add(other);
    receiver.next(answer, answer);
    await desk.wait();
    await arrived(other, 2);
    await until(async () => (await find(id)).status === 'failing');
    expect(receiver.events()).toEqual(['support_conference_begin']);
    later(30_000);
    expect(await find(id)).toMatchObject({ queued: 2, last_error: expect.stringContaining(words) });
    later(31_000);
    await arrived(receiver, 2);
    await until(async () => (await deliveries(id)).at(-1).tries === 2);
    later(61_000);
    await arrived(receiver, 4);
    const begin = 'support_conference_begin';
    expect(receiver.events()).toEqual([begin, begin, begin, 'support_conference_member_added']);
    expect(new Set(receiver.posted.slice(0, 3).map(({ body }) => body)).size).toBe(1);
    await until(async () => (await find(id)).queued === 0);
    expect(await find(id)).toMatchObject({ status: 'working', last_error: '' });
    const [, first] = await deliveries(id);
    expect(first).toMatchObject({ event: begin, state: 'delivered', tries: 3, status: 200, error: '' });
  });

  test('for longer than the duration loses the event, and its people are told once of it and once that it works', async () => {
    await using receiver = await openReceiver();
    const id = await add(receiver, { retry_interval: 60, retry_duration: 100, alert_emails: ['ops@acme.example'] });
    receiver.next(...Array.from({ length: 5 }, () => status(503)));
    await desk.wait();
    const tried = (count: number) =>
      until(async () => {
        const all = await deliveries(id);
        return all.reduce((sum: number, { tries }: { tries: number }) => sum + tries, 0) >= count;
      });
    await tried(1);
    later(61_000);
    await tried(3);
    expect((await deliveries(id)).map(({ state }: { state: string }) => state)).toEqual(['queued', 'given_up']);
    const summary = (await desk.operator.get('/api/status')).body.outboundEvents;
    expect(summary).toMatchObject({
      failing: 1,
      queued: 1,
      unsentAlerts: 1,
      advice: expect.stringContaining('Alerts'),
    });
    later(61_000);
    await tried(4);
    await desk.wait();
    await tried(5);
    later(61_000);
    await until(async () => (await find(id)).queued === 0);
    const { rows } = await sql<{ recipients: string[]; subject: string }>`
      select recipients, subject from mails where kind = 'outbound-alert' order by place`.execute(desk.database.owner);
    const { name } = await find(id);
    expect(rows).toEqual([
      { recipients: ['ops@acme.example'], subject: `Outbound events to ${name} are given up` },
      { recipients: ['ops@acme.example'], subject: `Outbound events to ${name} arrive again` },
    ]);
  });
});

describe('whatever happens to the site', () => {
  const copies: Outbound[] = [];
  const copy = (more: Partial<OutboundParts> = {}) => {
    const one = openOutbound({ ...desk.site.outbound.parts, ...more });
    copies.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(copies.splice(0).map((one) => one.close()));
  });

  test('two thousand events at once arrive in order, each once', async () => {
    await using receiver = await openReceiver();
    await add(receiver, onlyAdded);
    await burst(2_000);
    await arrived(receiver, 1_000);
    await arrived(receiver, 2_001);
    expect(seconds(receiver).slice(1)).toEqual(upTo(2_000));
  });

  test('three copies of it share recipients, and each of these has every event once, in order', async () => {
    const receivers = await Promise.all(upTo(4).map(() => openReceiver()));
    for (const one of receivers) await add(one, onlyAdded);
    for (let number = 0; number < 2; number += 1) copy({ everyMs: 10 });
    await burst(100);
    await Promise.all(receivers.map((one) => arrived(one, 101)));
    for (const one of receivers) expect(seconds(one).slice(1)).toEqual(upTo(100));
    await Promise.all(receivers.map((one) => one[Symbol.asyncDispose]()));
  });

  test('a recipient that takes its time holds up no other', async () => {
    await using slow = await openReceiver();
    await using quick = await openReceiver();
    await desk.site.outbound.close();
    slow.next(silent);
    const id = await add(slow, onlyAdded);
    await add(quick, onlyAdded);
    copy({ everyMs: 50, timeoutMs: 14_000 });
    await burst(50);
    await arrived(quick, 51);
    expect(seconds(quick).slice(1)).toEqual(upTo(50));
    expect(slow.posted).toHaveLength(1);
    expect((await deliveries(id)).at(-1).tries).toBe(0);
  });

  test('a copy that was away for longer than its turn sends nothing more in it', async () => {
    await using receiver = await openReceiver();
    await desk.site.outbound.close();
    const id = await add(receiver, onlyAdded);
    await desk.wait();
    const [away, other] = [
      { id: 'away', leaseMs: 0 },
      { id: 'other', leaseMs: 60_000 },
    ];
    const now = desk.clock.now();
    await desk.site.database.system(async (tx) => {
      expect(await claimTurns(tx, away, now)).toEqual([id]);
      expect(await takeNext(tx, away, id, now)).not.toBeNull();
      expect(await claimTurns(tx, other, now)).toEqual([id]);
      expect(await takeNext(tx, away, id, now)).toBeNull();
      expect(await claimTurns(tx, away, now)).toEqual([]);
      expect(await takeNext(tx, other, id, now)).not.toBeNull();
    });
  });

  test('one that hears nothing finds by itself what waits', async () => {
    await using receiver = await openReceiver();
    await add(receiver, onlyAdded);
    await desk.site.outbound.close();
    await desk.wait();
    copy({ everyMs: 50, databaseUrl: 'postgres://nobody:x@127.0.0.1:9/nothing' });
    await arrived(receiver, 1);
  });

  test('an event that was posted and not noted, because the site was killed, is posted again by another copy', async () => {
    await using receiver = await openReceiver();
    const id = await add(receiver);
    await desk.site.outbound.close();
    receiver.next(silent);
    const child = fork(join(import.meta.dirname, 'testing/deliver-process.ts'), [desk.test.url, desk.home], {
      ...{ execArgv: [], stdio: 'ignore' },
    });
    await once(child, 'message');
    await desk.wait();
    await arrived(receiver, 1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await deliveries(id)).map(({ tries }: { tries: number }) => tries)).toEqual([0, 0]);
    copy({ everyMs: 50 });
    await arrived(receiver, 3);
    const [first, again, next] = receiver.posted;
    expect([again?.body, again?.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
    expect(next?.body).toContain('member_added');
  });
});

test('a certificate of an own authority is enough, and without it nothing is sent', async () => {
  const made = makeCertificate();
  await using receiver = await openReceiver(made);
  const id = await add(receiver);
  const outbound = openOutbound({ ...desk.site.outbound.parts, everyMs: 50 });
  try {
    await desk.wait();
    await until(async () => (await find(id)).status === 'failing');
    expect([receiver.posted, (await find(id)).last_error]).toEqual([[], expect.stringContaining('not trusted')]);
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { ca_certificate: made.certificate } }));
    await arrived(receiver, 2);
  } finally {
    await outbound.close();
  }
});

const program = { principal: { kind: 'program', id: '1', name: 'Portal' }, correlationId: 'portal' } as const;
