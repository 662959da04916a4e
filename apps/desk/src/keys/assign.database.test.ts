import type { Json } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ForeignDesk, foreignDesk } from '../testing/foreign-desk.ts';
import { type SupportedDesk, supportedDesk } from '../testing/support-desk.ts';

let host: ForeignDesk;
beforeAll(async () => {
  host = await foreignDesk();
  const { operator } = host.desk;
  const path = `/api/desk/people/${host.technician.deskId}`;
  await ok(operator.ask('PATCH', path, { body: { login: 'sarcher' } }));
  for (const login of ['twin', 'stranger'])
    await ok(
      operator.post('/api/desk/people', { name: login, login, role: 'technician', email: `${login}@x.example` }),
    );
  for (const name of ['Whose', 'Which team']) await ok(operator.post('/api/case-fields', { table: 'support', name }));
  for (const name of ['Network', 'Nobody’s']) await ok(operator.post('/api/teams', { name }));
});
afterAll(() => host.close());

/** What the preview says, and what becomes of the button. */
const both = async (of: { readonly [name: string]: Json }, assignment: { readonly [name: string]: Json }) => {
  const { number } = await host.desk.makeCase(of);
  const path = `/api/connections/${host.connectionId}/tickets/${number}`;
  const before = host.appliance.keys.length;
  const preview = (await ok(host.technician.post(`${path}/preview`, { assignment }))).body;
  expect(host.appliance.keys).toHaveLength(before);
  const made = await host.technician.post(`${path}/key`, { assignment });
  return { preview, made, sent: host.appliance.keys.slice(before).map(({ queue }) => queue) };
};

describe('a preview names the queue that the key is made for', () => {
  test.each<[string, object, { to: string; [name: string]: string }, string]>([
    ['whoever presses', {}, { to: 'me' }, 'rep_username:sarcher'],
    ['who works on it', { assignee: 'sarcher' }, { to: 'assignee' }, 'rep_username:sarcher'],
    [
      ...(['the person in a field', { fields: { Whose: 'sarcher' } }] as const),
      ...([{ to: 'person-field', field: 'Whose' }, 'rep_username:sarcher'] as const),
    ],
    [
      ...(['the team in a field', { fields: { 'Which team': 'NETWORK' } }] as const),
      ...([{ to: 'team-field', field: 'Which team' }, 'team:3'] as const),
    ],
    ['the team that it is in', { team: 'Network' }, { to: 'group' }, 'team:3'],
    ['the general queue', {}, { to: 'general' }, 'general'],
    ['a named team', {}, { to: 'team', team: 'network' }, 'team:3'],
    ['a named representative', {}, { to: 'representative', username: 'sarcher' }, 'rep_username:sarcher'],
  ])('%s', async (_whom, of, assignment, queue) => {
    const { preview, made, sent } = await both({ ...of }, assignment);
    expect([preview.queue, made.body.queue, ...sent]).toEqual([queue, queue, queue]);
    expect(made.body.words).toBe(preview.words);
  });
});

describe('whoever is not there, or there twice, is named and nothing is sent', () => {
  test.each<[string, object, { to: string; [name: string]: string }, string]>([
    ['nobody works on it', {}, { to: 'assignee' }, 'Nobody is assigned'],
    ['twice on the site', { assignee: 'twin' }, { to: 'assignee' }, 'several people with the user name “twin”'],
    ['a field that is empty', {}, { to: 'person-field', field: 'Whose' }, 'is empty'],
    ['a field that is not there', {}, { to: 'person-field', field: 'Who' }, 'has no field “Who”'],
    [
      'a person that is not at the desk',
      { fields: { Whose: 'carl' } },
      { to: 'person-field', field: 'Whose' },
      '“carl”',
    ],
    ['a team that is not on the site', { team: 'Nobody’s' }, { to: 'group' }, 'no team “Nobody’s”'],
    ['in no team', {}, { to: 'group' }, 'is in no team'],
    ['a named one twice', {}, { to: 'representative', username: 'TWIN' }, 'several people'],
  ])('%s', async (_what, of, assignment, words) => {
    const { preview, made, sent } = await both({ ...of }, assignment);
    expect(preview).toEqual({ queue: null, words: expect.stringContaining(words) });
    expect([made.status, made.body.detail, sent]).toEqual([409, preview.words, []]);
  });

  test('where the site does not say whom it knows, when the key is made', async () => {
    const { made, sent } = await both({}, { to: 'representative', username: 'stranger' });
    expect([made.status, sent]).toEqual([409, []]);
    expect(made.body.detail).toContain('rep_username:stranger');
  });
});

test('a site that says whom it knows names whoever it does not, before anything is made', async () => {
  const ours: SupportedDesk = await supportedDesk();
  try {
    const made = await ours.site.account({ perm_command: 'full_access', perm_configuration: true });
    const { clientId, secret: clientSecret } = made;
    await ok(ours.desk.operator.ask('PATCH', `/api/sites/${ours.siteId}`, { body: { clientId, clientSecret } }));
    const { number } = await ours.desk.makeCase();
    const preview = async (username: string) => {
      const path = `/api/connections/${ours.connectionId}/tickets/${number}/preview`;
      return (await ok(ours.technician.post(path, { assignment: { to: 'representative', username } }))).body;
    };
    expect(await preview('no such one')).toEqual({ queue: null, words: expect.stringContaining('“no such one”') });
    const { username } = (await ok(ours.site.operator.get(`/api/users/${ours.site.anna.userId}`))).body;
    expect((await preview(username)).queue).toBe(`rep_username:${username}`);
  } finally {
    await ours.close();
  }
});
