import { listenTo } from '@gatehouse/database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../testing/errands.ts';
import { attributeLimits } from './attributes.ts';
import { supportChannel } from './events.ts';
import { changeSessionAttributes } from './sessions.ts';
import { goneSeconds } from './sweep.ts';
import { type Desk, openDesk, type Representative } from './testing/desk.ts';

let desk: Desk;
let anna: Representative;
let ben: Representative;
beforeAll(async () => {
  desk = await openDesk();
  anna = desk.anna;
  ben = await desk.representative(
    { perm_support_allowed: true, perm_accept_general_sessions: true, perm_accept_team_sessions: true },
    [desk.teams.network],
  );
  await ben.beat();
});
afterAll(() => desk.close());

const whole = async (lsid: string) => (await desk.operator.get(`/api/support-sessions/${lsid}`)).body;
const act = (who: Representative, lsid: string, what: string, body?: { queue: string }) =>
  who.post(`/api/support/sessions/${lsid}/${what}`, body);
const waiting = async (who: Representative): Promise<string[]> =>
  (await who.get('/api/support/sessions')).body.items.map(({ lsid }: { lsid: string }) => lsid);
const types = ({ events }: { events: readonly { type: string }[] }) => events.map(({ type }) => type);

describe('the way of a session', () => {
  test('taken, transferred, taken by another and ended, it has every step in order, each once in the audit', async () => {
    const lsid = await desk.wait();
    desk.clock.move(5_000);
    expect((await act(anna, lsid, 'join')).body).toMatchObject({ state: 'active', owner: 2, waitingSince: null });
    const moved = await act(anna, lsid, 'transfer', { queue: `rep:${ben.userId}` });
    expect(moved.body).toMatchObject({ state: 'waiting', queue: `rep:${ben.userId}`, owner: null });
    expect((await act(ben, lsid, 'join')).body).toMatchObject({ state: 'active', owner: 3 });
    const left = await act(ben, lsid, 'leave');
    expect(left.body).toMatchObject({ state: 'waiting', queue: `rep:${ben.userId}`, owner: null });
    expect((await act(ben, lsid, 'join')).body.owner).toBe(4);
    expect((await act(ben, lsid, 'end')).status).toBe(403);
    await act(ben, lsid, 'transfer', { queue: 'general' });
    await act(anna, lsid, 'join');
    expect((await act(anna, lsid, 'end')).body).toMatchObject({ state: 'ended', endReason: 'ended_by_representative' });
    const session = await whole(lsid);
    expect(session.waitedSeconds).toBeGreaterThanOrEqual(5);
    expect(session.events.map(({ seq }: { seq: number }) => seq)).toEqual(
      session.events.map((_: object, at: number) => at + 1),
    );
    const joined = ['member_added', 'owner_changed'];
    expect(types(session)).toEqual([
      ...[
        'begun',
        'member_added',
        ...joined,
        'member_departed',
        'transferred',
        ...joined,
        'member_departed',
        'transferred',
      ],
      ...[...joined, 'member_departed', 'transferred', ...joined, 'ended'],
    ]);
    expect(session.participants.every(({ leftAt }: { leftAt: string | null }) => leftAt !== null)).toBe(true);
    const { rows } = await sql<{ action: string; id: string }>`
      select action, correlation_id as id from system_audit where change->>'lsid' = ${lsid} order by audit_id`.execute(
      desk.database.owner,
    );
    expect(rows.map(({ action }) => action.replace('support-session.', ''))).toEqual([
      ...['begin', 'join', 'transfer', 'join', 'representative-leaves', 'join', 'transfer', 'join', 'end'],
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  });

  test('of two who take it at once one owns it, and the other is told that it does not wait', async () => {
    for (let round = 0; round < 5; round += 1) {
      const lsid = await desk.wait();
      const answers = await Promise.all([act(anna, lsid, 'join'), act(ben, lsid, 'join')]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, expect.toBeOneOf([404, 409])]);
      const session = await whole(lsid);
      expect(types(session).filter((type) => type === 'owner_changed')).toHaveLength(1);
      expect(session.state).toBe('active');
    }
  });

  test('when it is over nothing more happens to it', async () => {
    const lsid = await desk.wait();
    await act(anna, lsid, 'join');
    await act(anna, lsid, 'end');
    const before = await whole(lsid);
    for (const what of ['join', 'leave', 'end']) expect((await act(anna, lsid, what)).status).toBe(404);
    expect(await whole(lsid)).toEqual(before);
  });

  test('what happened cannot be changed, whoever tries', async () => {
    const lsid = await desk.wait();
    await expect(
      sql`update support_events set body = '{}' where lsid = ${lsid}`.execute(desk.database.owner),
    ).rejects.toThrow('what happened in a session does not change');
  });

  test('every copy of the site is told of what happened, and only once it is kept', async () => {
    const all: (string | null)[] = [];
    const channel = listenTo(desk.test.url, supportChannel, (message) => void all.push(message));
    await until(() => all.includes(null));
    const heard = () => all.filter((message) => message !== null);
    const lsid = await desk.wait();
    await desk.site.database
      .system(async (tx) => {
        await changeSessionAttributes({ tx, by: program, now: new Date() }, lsid, { external_key: 'undone' });
        throw new Error('undo it');
      })
      .catch(() => undefined);
    await act(anna, lsid, 'join');
    await until(() => heard().length >= 4);
    expect(heard().map((one) => JSON.parse(one))).toEqual([
      { lsid, seq: 1, type: 'begun' },
      { lsid, seq: 2, type: 'member_added' },
      { lsid, seq: 3, type: 'member_added' },
      { lsid, seq: 4, type: 'owner_changed' },
    ]);
    await channel.close();
  });
});

const program = { principal: { kind: 'program', id: '1', name: 'Program' }, correlationId: 'c' } as const;
const setAttributes = (lsid: string, asked: Record<string, string>) =>
  desk.site.database.system((tx) => changeSessionAttributes({ tx, by: program, now: new Date() }, lsid, asked));

describe('attributes', () => {
  test('what is not named stays, what is empty is cleared, and unknown names change nothing', async () => {
    const lsid = await desk.wait();
    await setAttributes(lsid, { external_key: 'T1', asset: 'A', floor: '2' });
    await setAttributes(lsid, { asset: '' });
    await expect(setAttributes(lsid, { floor: '3', other: 'x' })).rejects.toMatchObject({
      errors: [{ field: 'other', message: 'There is no custom field “other”.' }],
    });
    expect(await whole(lsid)).toMatchObject({ externalKey: 'T1', attributes: { floor: '2' } });
  });

  test('one may be as long as the limit and no longer, and all together as well', async () => {
    const lsid = await desk.wait();
    const most = 'x'.repeat(attributeLimits.characters);
    await setAttributes(lsid, { asset: most });
    await expect(setAttributes(lsid, { asset: `${most}x` })).rejects.toMatchObject({ errors: [{ field: 'asset' }] });
    await expect(setAttributes(lsid, { asset: 'a\0b' })).rejects.toMatchObject({ errors: [{ field: 'asset' }] });
    for (let number = 0; number < 9; number += 1)
      await desk.operator.post('/api/custom-fields', { display_name: `More ${number}` });
    const more = Object.fromEntries(Array.from({ length: 8 }, (_, number) => [`more_${number}`, most]));
    await setAttributes(lsid, { ...more, floor: 'x'.repeat(1_024) });
    await expect(setAttributes(lsid, { more_8: 'é' })).rejects.toThrow('10240 bytes');
    const many = Object.fromEntries(Array.from({ length: attributeLimits.atOnce + 1 }, (_, at) => [`more_${at}`, '']));
    await expect(setAttributes(lsid, many)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('at most 30'),
    });
  });
});

describe('customers whom nobody can help any more', () => {
  test('wait again when the console of their representative is gone for ten minutes, and not before', async () => {
    const [lsid, other] = [await desk.wait(), await desk.wait()];
    await anna.beat();
    await act(anna, lsid, 'join');
    await act(ben, other, 'join');
    desk.clock.move((goneSeconds - 5) * 1_000);
    await ben.beat();
    await desk.site.support.sweep();
    expect((await whole(lsid)).state).toBe('active');
    desk.clock.move(10_000);
    await Promise.all([desk.site.support.sweep(), desk.site.support.sweep()]);
    const session = await whole(lsid);
    expect(session).toMatchObject({ state: 'waiting', queue: 'general', owner: null });
    expect(types(session).filter((type) => type === 'member_departed')).toHaveLength(1);
    expect((await whole(other)).state).toBe('active');
  });

  test('go to the general queue when the one they wait for may not help any more', async () => {
    const one = await desk.representative({ perm_support_allowed: true });
    const lsid = await desk.wait(`rep:${one.userId}`);
    await desk.site.support.sweep();
    expect((await whole(lsid)).queue).toBe(`rep:${one.userId}`);
    await desk.operator.ask('PATCH', `/api/users/${one.userId}`, { body: { enabled: false } });
    await desk.site.support.sweep();
    expect(await whole(lsid)).toMatchObject({ state: 'waiting', queue: 'general' });
  });
});

describe('rights', () => {
  test('a queue shows what waits there to those who may take from it, the urgent first', async () => {
    const general = await desk.wait();
    const printers = await desk.wait(`team:${desk.teams.printers}`);
    const urgent = await desk.wait('issue:paper_jam');
    const own = await desk.wait(`rep:${ben.userId}`);
    const seenByAnna = await waiting(anna);
    expect(seenByAnna).toEqual(expect.arrayContaining([general, printers, urgent]));
    expect(seenByAnna.indexOf(urgent)).toBeLessThan(seenByAnna.indexOf(general));
    expect(seenByAnna).not.toContain(own);
    const seenByBen = await waiting(ben);
    expect(seenByBen).toEqual(expect.arrayContaining([general, own]));
    expect(seenByBen).not.toContain(printers);
    expect((await act(ben, printers, 'join')).status).toBe(404);
  });

  test('whoever may not provide support finds nothing, and nobody takes from a queue without the right', async () => {
    const lsid = await desk.wait();
    const user = await desk.person();
    for (const answer of [
      await user.get('/api/support/sessions'),
      await user.post(`/api/support/sessions/${lsid}/join`),
      await user.ask('PUT', `/api/support/consoles/${'a'.repeat(32)}`, { body: {} }),
      await user.post('/api/support/session-keys', { queue: 'general' }),
    ])
      expect([answer.status, answer.body.title]).toEqual([404, 'Not found']);
    const only = await desk.representative({ perm_support_allowed: true });
    expect((await act(only, lsid, 'join')).status).toBe(404);
    expect((await only.post('/api/support/session-keys', { queue: 'general' })).status).toBe(403);
    expect(await waiting(only)).toEqual([]);
  });

  test('a team that somebody is not in takes the right to transfer there', async () => {
    const lsid = await desk.wait();
    await act(ben, lsid, 'join');
    expect((await act(ben, lsid, 'transfer', { queue: `team:${desk.teams.printers}` })).status).toBe(403);
    expect((await act(anna, lsid, 'transfer', { queue: 'general' })).status).toBe(404);
    expect((await act(ben, lsid, 'transfer', { queue: `team:${desk.teams.network}` })).status).toBe(200);
  });

  test('a group policy puts its members into teams, and a copy of it as well', async () => {
    const one = await desk.representative({ perm_support_allowed: true, perm_accept_team_sessions: true });
    const policies = (await desk.operator.get('/api/group-policies?limit=500')).body.items;
    const policy = policies.at(-1).id;
    const lsid = await desk.wait(`team:${desk.teams.network}`);
    expect(await waiting(one)).not.toContain(lsid);
    await desk.operator.post(`/api/group-policies/${policy}/teams`, { team_id: desk.teams.network, role: 'lead' });
    expect(await waiting(one)).toContain(lsid);
    const program = await desk.program();
    const copy = await program.post(`/api/config/v1/group-policy/${policy}/copy`, { name: 'Copy' });
    const teams = await program.get(`/api/config/v1/group-policy/${copy.body.id}/team`);
    expect(teams.body).toEqual([{ team_id: desk.teams.network, role: 'lead' }]);
    expect((await desk.operator.get(`/api/group-policies/${copy.body.id}`)).body).toMatchObject({
      ...{ perm_support_allowed: true, perm_accept_team_sessions: true, perm_transfer_other_team: false },
    });
  });
});

describe('consoles', () => {
  test('the status is kept from one beat to the next', async () => {
    const one = await desk.representative({ perm_support_allowed: true });
    expect((await one.beat({ status: 'busy' })).body).toMatchObject({ status: 'busy', sessions: 0 });
    expect((await one.beat()).body.status).toBe('busy');
  });

  test('nobody keeps the console of another alive', async () => {
    const one = await desk.representative({ perm_support_allowed: true });
    await one.beat();
    const { rows } = await sql<{ id: string }>`
      select client_id as id from support_consoles where user_id = ${one.userId}`.execute(desk.database.owner);
    const taken = await ben.ask('PUT', `/api/support/consoles/${rows[0]?.id}`, { body: {} });
    expect(taken.status).toBe(409);
  });
});
