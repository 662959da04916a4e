import { ok } from '@gatehouse/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, openDesk, type Representative } from '../support/testing/desk.ts';
import { type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';

let desk: Desk;
let client: JumpClientProgram & { readonly id: number };
let program: Awaited<ReturnType<Desk['program']>>;
/** May do everything there is. */
let anna: Representative;

beforeAll(async () => {
  desk = await openDesk({ jumpPace: { roundMs: 200, openMs: 5_000 } });
  const group = await ok(desk.operator.post('/api/jump-groups', { name: 'Desks' }));
  const jump = { jump_group_id: group.body.id, jump_group_type: 'shared' };
  client = await pinned(desk, {
    name: 'Front desk',
    tag: 'lobby',
    comments: 'By the door',
    jump_group_id: group.body.id,
  });
  for (const name of ['front-web', 'back-web'])
    await ok(
      desk.operator.post('/api/jump-items/shell-jump', {
        ...{ name, hostname: `${name}.example`, protocol: 'ssh', jumpoint_id: 1, ...jump },
      }),
    );
  anna = desk.anna;
  await ok(desk.operator.ask('PATCH', `/api/people/${anna.personId}`, { body: { systemAdministrator: true } }));
  program = await desk.program({ perm_command: 'full_access' });
});
afterAll(async () => {
  await client?.close();
  await desk?.close();
});

const script = (query: string) => fetch(`${desk.url}/api/client_script?${query}`, { redirect: 'manual' });
const search = { action: 'start_jump_item_session', search_string: 'FRONT', 'session.custom.external_key': 'T-7' };
const link = async (more: Record<string, string> = {}): Promise<string> => {
  const form = { type: 'web_console', operation: 'generate', username: anna.username, ...search, ...more };
  const made = await program.ask('POST', `/api/client_script?${new URLSearchParams(form)}`);
  expect([made.status, made.text]).toEqual([201, expect.stringContaining('/console/launch#')]);
  return new URL(made.body.url).hash.slice(1);
};
const find = (token: string, who = anna) => who.post('/api/console/launches/find', { token });
const names = async (token: string): Promise<string[]> =>
  (await ok(find(token))).body.items.map(({ name }: { name: string }) => name).toSorted();

describe('a file for the desktop console', () => {
  test('is made for whoever asks, with what was asked for and nothing else', async () => {
    const answer = await script(
      'type=rep&operation=generate&action=start_jump_item_session&search_string=a%20b%2Bc&jump.method=pinned',
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="gatehouse\.brcs-gatehouse"$/);
    expect(await answer.text()).toBe(
      'BRCS1.0\naction=start_jump_item_session&search_string=a%20b%2Bc&jump.method=pinned\n',
    );
    const old = await fetch(`${desk.url}/api/client_script.ns`, {
      ...{ method: 'POST', body: new URLSearchParams({ type: 'rep', operation: 'execute', action: 'login' }) },
    });
    expect(await old.text()).toBe('BRCS1.0\naction=login\n');
  });

  test.each([
    ['type=rep&operation=generate&action=format_disk', 'action: '],
    ['type=rep&operation=generate&action=start_jump_item_session', 'search_string: '],
    ['type=rep&operation=generate&action=login%0Aaction%3Dx', 'action: '],
    ['type=rep&operation=erase&action=login', 'operation: '],
    ['type=web_console&operation=execute&action=login', 'action: '],
  ])('is refused by the parameter: %s', async (query, words) => {
    const answer = await script(query);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  });
});

test('links of other pages lead a customer to the portal, with the key that they bring', async () => {
  for (const [query, location] of [
    ['?short_key=1234567', '/?ak=1234567'],
    ['.ns?issue_menu=1&id=1&c2cjs=1', '/'],
    ['', '/'],
    ['?short_key=%2F%2Fevil.example', '/'],
    ['?short_key=1234567&short_key=7654321', '/'],
  ]) {
    const answer = await fetch(`${desk.url}/api/start_session${query}`, { redirect: 'manual' });
    expect([query, answer.status, answer.headers.get('location')]).toEqual([query, 303, location]);
  }
});

describe('the web console', () => {
  test('shows what an address means to whoever signs in, and begins nothing by being opened', async () => {
    const answer = await script(
      'type=web_console&operation=execute&action=start_jump_item_session&search_string=front',
    );
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/launch?search_string=front']);
    const asked = { parameters: { search_string: 'front' } };
    const found = await ok(anna.post('/api/console/launches/find', asked));
    expect(found.body.items).toMatchObject([
      { kind: 'jump-client', name: 'Front desk', tag: 'lobby', jumpGroup: 'Desks', obstacle: null },
      { kind: 'shell-jump', name: 'front-web' },
    ]);
    expect((await ok(anna.get('/api/support/sessions'))).body.mine).toEqual([]);
    const stranger = await desk.person();
    expect((await ok(stranger.post('/api/console/launches/find', asked))).body.items).toEqual([]);
  });

  test('has a link that leads to what is meant, for one user, once, and for minutes', async () => {
    const token = await link({ 'jump.method': 'pinned' });
    expect(await names(token)).toEqual(['Front desk']);
    const other = await desk.person({ systemAdministrator: true });
    expect((await find(token, { ...anna, post: other.post })).status).toBe(409);
    const target = { token, kind: 'jump-client', id: client.id };
    expect((await other.post('/api/console/launches', target)).status).toBe(409);
    // Something else than what the link is for.
    expect((await anna.post('/api/console/launches', { ...target, kind: 'shell-jump', id: 1 })).status).toBe(404);
    const begun = await ok(anna.post('/api/console/launches', target));
    const lsid = begun.body.path.split('/').at(-1);
    expect((await ok(desk.operator.get(`/api/support-sessions/${lsid}`))).body).toMatchObject({
      ...{ state: 'active', externalKey: 'T-7' },
    });
    expect((await anna.post('/api/console/launches', target)).status).toBe(409);
    await ok(anna.post(`/api/support/sessions/${lsid}/end`, {}));

    const late = await link();
    expect(await names(late)).toEqual(['Front desk', 'front-web']);
    desk.clock.move(301_000);
    expect((await find(late)).body.detail).toContain('is over');
    expect((await find('guessed')).status).toBe(409);
  });

  test('goes to the page of a Jump item, where a credential is chosen', async () => {
    const token = await link({ search_string: 'front-web', 'jump.method': 'shelljump' });
    const [target] = (await ok(find(token))).body.items;
    const begun = await ok(anna.post('/api/console/launches', { token, kind: target.kind, id: target.id }));
    expect(begun.body.path).toBe(`/console/shell-jump/${target.id}`);
  });

  test('has no links for accounts that may not, for nobody, or for what it does not do', async () => {
    const form = { type: 'web_console', operation: 'generate', ...search };
    const ask = (who: Pick<typeof program, 'ask'>, more: object) =>
      who.ask('POST', `/api/client_script?${new URLSearchParams({ ...form, ...more })}`);
    const weak = await desk.program({ perm_command: 'read_only' });
    expect((await ask(weak, { username: anna.username })).status).toBe(403);
    expect((await fetch(`${desk.url}/api/client_script?${new URLSearchParams(form)}`, { method: 'POST' })).status).toBe(
      401,
    );
    for (const username of ['nobody', '', 'no\0body', 'x'.repeat(10_000)]) {
      const nobody = await ask(program, { username });
      expect([nobody.status, Object.keys(nobody.body.errors)]).toEqual([422, ['username']]);
    }
    const login = await ask(program, {
      username: anna.username,
      action: 'login',
      search_string: '',
      'session.custom.external_key': '',
    });
    expect([login.status, Object.keys(login.body.errors)]).toEqual([422, ['action']]);
  });
});
