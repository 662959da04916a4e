import { Secret } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type ConsoleSite, consoleSite } from '../testing/console-site.ts';
import { until } from '../testing/errands.ts';
import { openPage } from '../testing/page-socket.ts';

const password = 'a planted password of somebody who may not go on';
let sshd: OpenSsh;
let stage: ConsoleSite;

beforeAll(async () => {
  sshd = await startOpenSsh([{ name: 'ops', password }]);
  stage = await consoleSite({
    ...{ type: 'shell-jump', item: { port: sshd.port, protocol: 'ssh' } },
    credential: { kind: 'password', username: 'ops', domain: null, password: new Secret(password) },
  });
});
afterAll(async () => {
  await stage?.close();
  await sshd?.stop();
});

const open = async () => {
  const { body } = await ok(stage.ask(stage.user));
  const page = await openPage(stage.user, body.id);
  await page.is('open');
  return page;
};
const change = (path: string, body: object) =>
  ok(stage.site.operator.ask('PATCH', path, { body: JSON.parse(JSON.stringify(body)) }));
const group = () => `/api/group-policies/${stage.ids.groupPolicy}`;
const end = (id = '') => ok(stage.user.post(`/api/console/sessions/${id}/end`, {}));

test.each([
  ['the session policy alone', 30, -1, 0, 30],
  ['the group policy, where it is stricter', 30, 600, 0, 10],
  ['the session policy, where that is stricter', 5, 600, 0, 5],
  ['the session policy, where the group policy has no limit', 30, 0, 300, 30],
  ['the site, where the group policy leaves it to the site', null, -1, 900, 15],
  ['nothing, where nothing limits', null, 0, 300, null],
] as const)('the strictest idle limit counts: %s', async (_, idleMinutes, seconds, siteSeconds, counts) => {
  await stage.rules({ idleMinutes });
  await change(group(), { perm_session_idle_timeout: seconds });
  await change('/api/options', { sessionIdleSeconds: siteSeconds });
  const { conditions } = (await ok(stage.user.get(`/api/console/items/shell-jump/${stage.ids.item}`))).body;
  expect(conditions.idleMinutes).toBe(counts);
  const { body } = await ok(stage.ask(stage.user));
  expect(body.rules.idleMinutes).toBe(counts);
  await end(body.id);
});

test('a session ends after the idle limit of its person’s group policy, though its own policy has none', async () => {
  await stage.rules({ idleMinutes: null });
  await change(group(), { perm_session_idle_timeout: 300 });
  const { pace } = stage.site.site.sessions.parts;
  const usual = pace.minuteMs;
  Object.assign(pace, { minuteMs: 100 });
  const page = await open();
  expect(await page.is('ended')).toMatchObject({ ending: 'idle' });
  Object.assign(pace, { minuteMs: usual });
  await change(group(), { perm_session_idle_timeout: -1 });
  await change('/api/options', { sessionIdleSeconds: 0 });
  await stage.rules({});
  const refused = await stage.site.operator.ask('PATCH', '/api/options', { body: { sessionIdleSeconds: -1 } as never });
  expect([refused.status, refused.body.errors]).toMatchObject([400, [{ field: 'sessionIdleSeconds' }]]);
});

test('whom the Jump policy names is told by mail that a session is open, and that it ended, also where its copy is gone', async () => {
  const { database } = stage.site;
  const mails = async () => {
    const { rows } = await sql<{ recipients: string[]; subject: string }>`
      select recipients, subject from mails order by place`.execute(database.owner);
    return rows;
  };
  await stage.policy({
    ...{ session_start_notification: true, session_end_notification: true },
    ...{ notification_email_addresses: ['soc@acme.example'], notification_display_name: 'The SOC' },
  });
  for (const isGone of [false, true]) {
    await sql`delete from mails`.execute(database.owner);
    const { body } = await ok(stage.ask(stage.user));
    const page = await openPage(stage.user, body.id);
    await page.is('open');
    expect(await mails()).toMatchObject([
      { recipients: ['soc@acme.example'], subject: expect.stringMatching(/^.+ began a session with web1$/) },
    ]);
    if (isGone)
      await sql`update sessions set process_id = gen_random_uuid() where session_id = ${body.id}`.execute(
        database.owner,
      );
    else await end(body.id);
    await until(async () => (await mails()).length === 2, mails);
    expect((await mails())[1]?.subject).toMatch(/^The session of .+ with web1 has ended$/);
    if (isGone) await end(body.id);
    await page.closed;
  }
  await stage.policy({ session_start_notification: false, session_end_notification: false });
});

describe('a session ends with the right to have it, and says which right that was', () => {
  test('the protocol of the group policy', async () => {
    const page = await open();
    await change(group(), { perm_shell_jump: false });
    expect(await page.is('ended')).toMatchObject({
      ...{ ending: 'access', problem: 'No group policy lets you open sessions with this protocol.' },
    });
    await change(group(), { perm_shell_jump: true });
  });

  test('the role in the Jump group', async () => {
    const page = await open();
    // An auditor sees, and opens nothing.
    await change(group(), { default_jump_item_role_id: 3 });
    expect(await page.is('ended')).toMatchObject({
      ...{ ending: 'access', problem: 'Your role for this Jump item does not start sessions.' },
    });
    await change(group(), { default_jump_item_role_id: 2 });
  });

  test('membership of the group policy', async () => {
    const page = await open();
    const { items } = (await ok(stage.site.operator.get(`${group()}/members`))).body;
    const member = items.find((one: { user_id: number }) => one.user_id === stage.user.userId);
    await ok(stage.site.operator.ask('DELETE', `${group()}/members/${member.id}`));
    expect(await page.is('ended')).toMatchObject({
      ...{ ending: 'access', problem: 'You may not have sessions with this endpoint any more.' },
    });
    await ok(
      stage.site.operator.post(`${group()}/members`, { security_provider_id: 1, user_id: stage.user.userId } as never),
    );
  });

  test('the schedule, where its policy ends sessions; its person is told before', async () => {
    const page = await open();
    await ok(
      stage.site.operator.ask('PUT', `/api/jump-policies/${stage.ids.jumpPolicy}/schedule`, {
        body: {
          timezone: 'UTC',
          entries: [{ start_day: 0, start_time: '00:00', end_day: 6, end_time: '23:00' }],
        } as never,
      }),
    );
    // Switched on in the middle of the session, which counts at once.
    await stage.policy({ schedule_enabled: true, schedule_strict: true });
    const { clock } = stage.site;
    const now = clock.now();
    const sunday = new Date(
      Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + ((7 - now.getUTCDay()) % 7 || 7), 22, 51),
    );
    clock.move(sunday.getTime() - now.getTime());
    const notes = () => page.messages.flatMap((one) => (one.type === 'note' ? [one.note] : []));
    await until(() => notes().length === 1);
    expect(notes()).toEqual(['This session ends within 10 minutes, because the time for it is over then.']);
    clock.move(5 * 60_000);
    await until(() => notes().length === 2);
    expect(notes()[1]).toContain('within 5 minutes');
    // Whoever comes back is told, too.
    const back = await openPage(stage.user, page.session()?.id ?? '');
    await until(() => back.messages.some((one) => one.type === 'note' && one.note.includes('within 5 minutes')));
    clock.move(5 * 60_000);
    expect(await back.is('ended')).toMatchObject({ ending: 'schedule' });
    expect((await stage.ask(stage.user)).status).toBe(403);
    clock.move(2 * 3_600_000);
  });

  test('but not with a schedule that lets people finish: they are told that they may not begin another', async () => {
    await stage.policy({ schedule_enabled: true, schedule_strict: false });
    const page = await open();
    stage.site.clock.move(7 * 86_400_000 - 2 * 3_600_000);
    await until(() => page.messages.some((one) => one.type === 'note' && one.note.includes('you may finish')));
    page.type('echo on-$((5+5))\n');
    await page.shown('on-10');
    expect((await stage.ask(stage.user)).status).toBe(403);
    await end(page.session()?.id);
    await stage.policy({ schedule_enabled: false });
  });

  test('what was taken away while somebody approved the credential opens nothing', async () => {
    let asked = 0;
    stage.answer(() => {
      asked += 1;
      return { state: 'waiting', advice: 'Grace has to approve it.', againMs: 50 };
    });
    const { body } = await ok(stage.ask(stage.user));
    await until(() => asked > 1);
    await change(group(), { perm_access_allowed: false });
    const page = await openPage(stage.user, body.id).catch(() => null);
    await until(async () => (await stage.user.get(`/api/console/sessions/${body.id}`)).body.state === 'ended');
    stage.answer(() => null);
    expect((await ok(stage.user.get(`/api/console/sessions/${body.id}`))).body).toMatchObject({
      ...{ ending: 'access', openedAt: null, problem: 'No group policy lets you open sessions.' },
    });
    page?.socket.terminate();
    await change(group(), { perm_access_allowed: true });
  });

  test('the item itself', async () => {
    const page = await open();
    await ok(stage.site.operator.ask('DELETE', `/api/jump-items/shell-jump/${stage.ids.item}`));
    expect(await page.is('ended')).toMatchObject({
      ...{ ending: 'access', problem: 'This endpoint was removed from the site.' },
    });
  });
});
