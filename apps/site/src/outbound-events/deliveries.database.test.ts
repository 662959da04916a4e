import { createHmac } from 'node:crypto';
import { makeCertificate } from '@gatehouse/host/testing';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { changeSessionAttributes, endSession } from '../support/index.ts';
import { completeSurvey } from '../support/surveys.ts';
import { until } from '../testing/errands.ts';
import { openOutbound } from './open-outbound.ts';
import { arrived, type OutboundDesk, openOutboundDesk, recipients } from './testing/outbound-desk.ts';
import { openReceiver } from './testing/receiver.ts';

let desk: OutboundDesk;
let appliance: string;
beforeAll(async () => {
  desk = await openOutboundDesk();
  for (const code_name of ['lsid', 'type'])
    await ok(desk.operator.post('/api/custom-fields', { display_name: 'Trap', code_name }));
  const { rows } = await sql<{ id: string }>`select appliance_id as id from site_options`.execute(desk.database.owner);
  appliance = rows[0]?.id ?? '';
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

describe('what is posted', () => {
  test('is exactly this for each event, in the order in which it happened', async () => {
    await using receiver = await openReceiver();
    await desk.add(receiver);
    desk.clock.stop();
    const at = Math.floor(desk.clock.now().getTime() / 1_000);
    const lsid = await desk.wait('general', 'Carol & Söhne');
    await desk.site.database.system((tx) =>
      changeSessionAttributes({ tx, by: program, now: desk.clock.now() }, lsid, { external_key: 'INC 1&2' }),
    );
    await desk.act(lsid, 'join');
    await desk.act(lsid, 'transfer', { queue: 'general' });
    await desk.act(lsid, 'join');
    await desk.act(lsid, 'transfer', { queue: `team:${desk.teams.printers}` });
    await desk.site.database.system((tx) => endSession({ tx, by: program, now: desk.clock.now() }, lsid, 'done'));
    desk.clock.go();
    await arrived(receiver, 11);
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
      `${always('owner_changed')}&type=conference&conference_name=General+queue&conference_id=general`,
      always('member_added') + anna,
      always('owner_changed') + anna,
      always('member_departed') + anna,
      `${always('owner_changed')}&type=conference&conference_name=Printers&conference_id=team%3A${desk.teams.printers}`,
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
    await desk.act(lsid, 'join');
    await desk.act(lsid, 'end');
    await desk.add(receiver);
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
    await desk.add(receiver, { send_custom_fields: true });
    await desk.add(plain);
    const asked = { asset: 'A-1', floor: '3', lsid: 'trap', type: 'trap' };
    await desk.site.database.system((tx) =>
      changeSessionAttributes({ tx, by: program, now: desk.clock.now() }, lsid, asked),
    );
    await desk.act(lsid, 'join');
    await desk.act(lsid, 'end');
    await Promise.all([arrived(receiver, 3), arrived(plain, 3)]);
    const sent = new URLSearchParams(receiver.posted[0]?.body);
    expect([sent.get('asset'), sent.get('floor'), sent.getAll('lsid')]).toEqual(['A-1', '3', [lsid]]);
    const end = new URLSearchParams(receiver.posted[2]?.body);
    expect([end.get('event'), end.get('type'), end.get('asset')]).toEqual(['support_conference_end', null, 'A-1']);
    expect(plain.posted[0]?.body).not.toContain('A-1');
  });

  test('is signed with the secret that was shown once, and the token is added to the URL', async () => {
    await using receiver = await openReceiver();
    const id = await desk.add({ url: `${receiver.url}?desk=1` });
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
    expect(await desk.find(id)).toMatchObject({ signed: true, has_token: true });
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

  test('reaches a recipient at an address of IPv6', async () => {
    await using receiver = await openReceiver(undefined, '::1');
    await desk.add(receiver);
    await desk.wait();
    await arrived(receiver, 2);
    expect(receiver.posted[0]?.headers.host).toBe(new URL(receiver.url).host);
  });

  test('begins with what happens after the recipient was added, only what is committed, and nothing while it is off', async () => {
    await using receiver = await openReceiver();
    const lsid = await desk.wait();
    const id = await desk.add(receiver);
    await desk.site.database
      .system(async (tx) => {
        await sql`insert into support_events (lsid, seq, at, type, body) values (${lsid}, 99, now(), 'ended', '{}')`.execute(
          tx,
        );
        throw new Error('undo it');
      })
      .catch(() => undefined);
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { enabled: false } }));
    await desk.act(lsid, 'join');
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { enabled: true } }));
    await desk.act(lsid, 'end');
    await arrived(receiver, 1);
    expect(receiver.events()).toEqual(['support_conference_end']);
  });
});

test('a certificate of an own authority is enough, and without it nothing is sent', async () => {
  const made = makeCertificate();
  await using receiver = await openReceiver(made);
  const id = await desk.add(receiver);
  const outbound = openOutbound({ ...desk.site.outbound.parts, everyMs: 50 });
  try {
    await desk.wait();
    await until(async () => (await desk.find(id)).status === 'failing');
    expect([receiver.posted, (await desk.find(id)).last_error]).toEqual([[], expect.stringContaining('not trusted')]);
    await ok(desk.operator.ask('PATCH', `${recipients}/${id}`, { body: { ca_certificate: made.certificate } }));
    await arrived(receiver, 2);
  } finally {
    await outbound.close();
  }
});

const program = { principal: { kind: 'program', id: '1', name: 'Portal' }, correlationId: 'portal' } as const;
