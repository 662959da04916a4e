import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Program, raw, type TestSite, testSite } from '../testing/test-site.ts';

let host: TestSite;
let program: Program;
const api = '/api/config/v1';

beforeAll(async () => {
  host = await testSite();
  program = await host.program();
});
afterAll(() => host.close());

const post = (path: string, body: object) => program.post(`${api}${path}`, JSON.parse(JSON.stringify(body)));
const get = (path: string) => program.get(`${api}${path}`);
const ask = (method: string, path: string, body?: object) =>
  program.ask(method, `${api}${path}`, body ? { body: JSON.parse(JSON.stringify(body)) } : {});

describe('lists', () => {
  test('a list is a bare array whose headers lead through every page once', async () => {
    for (let number = 0; number < 12; number += 1) await post('/jump-group', { name: `Paged ${number}` });
    const seen: string[] = [];
    let path: string | undefined = `${api}/jump-group?per_page=5&current_page=1`;
    let pages = 0;
    while (path !== undefined) {
      const answer = await program.get(path);
      expect(answer.status).toBe(200);
      seen.push(...answer.body.map((one: { name: string }) => one.name));
      const link = answer.headers.get('link') ?? '';
      expect(link).toMatch(/rel="first"/);
      expect(link).toMatch(/rel="last"/);
      expect(answer.headers.get('x-bt-pagination-total')).toBe('12');
      expect(answer.headers.get('x-bt-pagination-per-page')).toBe('5');
      expect(answer.headers.get('x-bt-pagination-last-page')).toBe('3');
      pages += 1;
      expect(answer.headers.get('x-bt-pagination-current-page')).toBe(String(pages));
      path = /<([^>]+)>; rel="next"/.exec(link)?.[1];
    }
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
  });

  test('an empty list has one page, first and last', async () => {
    const answer = await get('/jump-group?name=nobody');
    expect(answer.body).toEqual([]);
    expect(answer.headers.get('link')).toMatch(/rel="first", <[^>]+>; rel="last"$/);
    expect(answer.headers.get('x-bt-pagination-last-page')).toBe('1');
  });

  test('filters match exactly, without regard to case, and all of them together', async () => {
    expect((await get('/jump-group?name=PAGED%203')).body).toHaveLength(1);
    expect((await get('/jump-group?name=Paged')).body).toHaveLength(0);
    expect((await get('/jump-group?name=Paged%203&code_name=paged_4')).body).toHaveLength(0);
  });

  test.each([
    ['per_page=4', 'per_page'],
    ['per_page=101', 'per_page'],
    ['current_page=0', 'current_page'],
    ['per_page=5&per_page=6', 'per_page'],
    ['per_page=%00', 'per_page'],
  ])('%s is 422 and names the field', async (query, field) => {
    const answer = await get(`/jump-group?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toHaveProperty(field);
  });
});

describe('errors', () => {
  test('what is not known in a query or a body is 401, and changes nothing', async () => {
    expect((await get('/jump-group?nmae=x')).status).toBe(401);
    const answer = await post('/jump-group', { name: 'Never made', colour: 'red' });
    expect(answer.status).toBe(401);
    expect(answer.body.message).toContain('colour');
    expect((await get('/jump-group?name=Never%20made')).body).toEqual([]);
  });

  test('wrong values are 422 with every field, and change nothing', async () => {
    const answer = await post('/jump-item/shell-jump', { name: '', jumpoint_id: '1', hostname: 'h', port: 0 });
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.errors).sort()).toEqual([
      'jump_group_id',
      'jumpoint_id',
      'name',
      'port',
      'protocol',
    ]);
    expect(answer.body.message).toEqual(expect.any(String));
  });

  test('what does not exist is 404 with a message, whatever its id looks like', async () => {
    for (const id of ['2147483647', '2147483648', 'abc', '0', '-1', '%00'])
      for (const method of ['GET', 'DELETE'])
        expect(await ask(method, `/jump-group/${id}`)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    expect((await get('/no-such-thing')).body).toEqual({ message: 'Not Found' });
  });

  test('a verb that an address does not have is 405 and says which it has', async () => {
    const answer = await ask('PUT', '/jump-group', { name: 'x' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET,HEAD,POST');
    expect((await ask('DELETE', '/api-account/1')).status).toBe(405);
  });

  test('OPTIONS says what an address takes, and HEAD answers as GET without its body', async () => {
    const options = await ask('OPTIONS', '/user');
    expect([options.status, options.headers.get('allow')]).toEqual([200, 'GET,HEAD,POST']);
    const head = await ask('HEAD', '/jump-group?per_page=5');
    expect([head.status, head.text, head.headers.get('x-bt-pagination-per-page')]).toEqual([200, '', '5']);
  });

  test('a body is JSON whatever its type is, and an answer is JSON whatever is accepted', async () => {
    const headers = { authorization: `Bearer ${program.token}`, accept: 'text/html' };
    for (const [number, type] of [undefined, 'text/plain', 'application/x-www-form-urlencoded'].entries()) {
      const answer = await raw(host.url, 'POST', `${api}/jump-group`, {
        headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
        body: JSON.stringify({ name: `Typed ${number}` }),
      });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/json; charset=utf-8']);
    }
    const broken = await raw(host.url, 'POST', `${api}/jump-group`, { headers, body: '{"name":' });
    expect([broken.status, broken.body.message]).toEqual([422, 'The body is not JSON.']);
  });

  test('a field that is only answered may be sent back as it was, and as nothing else', async () => {
    const made = await post('/jump-group', { name: 'Sent back' });
    const same = await ask('PATCH', `/jump-group/${made.body.id}`, { ...made.body, comments: 'new' });
    expect([same.status, same.body.comments]).toEqual([200, 'new']);
    const other = await ask('PATCH', `/jump-group/${made.body.id}`, { id: made.body.id + 1 });
    expect([other.status, Object.keys(other.body.errors)]).toEqual([422, ['id']]);
    const admin = await post('/user', { username: 'sly', public_display_name: 'Sly', perm_admin: true });
    expect([admin.status, Object.keys(admin.body.errors)]).toEqual([422, ['perm_admin']]);
  });
});

describe('objects', () => {
  test('a change keeps what it does not name, and the defaults are those of the description', async () => {
    const group = await post('/jump-group', { name: 'Linux servers' });
    expect(group.body).toEqual({
      id: group.body.id,
      name: 'Linux servers',
      code_name: 'linux_servers',
      comments: null,
    });
    const item = await post('/jump-item/shell-jump', {
      ...{ name: 'web-1', hostname: 'web-1.example', protocol: 'ssh', jumpoint_id: 1, jump_group_id: group.body.id },
    });
    expect(item.body).toMatchObject({
      ...{ port: 22, terminal: 'xterm', jump_group_type: 'shared', tag: '', jump_policy_id: null, keep_alive: 0 },
    });
    const changed = await ask('PATCH', `/jump-item/shell-jump/${item.body.id}`, { tag: 'blue' });
    expect(changed.body).toEqual({ ...item.body, tag: 'blue' });
  });

  test('a copy of a Jump item has everything but its id, name and owner', async () => {
    const group = (await post('/jump-group', { name: 'Copies' })).body;
    const item = (
      await post('/jump-item/remote-rdp', {
        ...{
          name: 'dc',
          hostname: 'dc.example',
          jumpoint_id: 1,
          jump_group_id: group.id,
          domain: 'EX',
          quality: 'low',
        },
      })
    ).body;
    const copied = await post(`/jump-item/remote-rdp/${item.id}/copy`, {
      ...{ name: 'dc again', jump_group_id: group.id, jump_group_type: 'shared' },
    });
    expect(copied).toMatchObject({ status: 200, body: { action: 'copy', success: '1' } });
    const copy = (await get(`/jump-item/remote-rdp/${copied.body.destId}`)).body;
    expect(copy).toEqual({ ...item, id: copied.body.destId, name: 'dc again' });
  });

  test('items go with their Jump group, and personal ones with their user', async () => {
    const group = (await post('/jump-group', { name: 'Short-lived' })).body;
    const user = (await post('/user', { username: 'owner', public_display_name: 'Owner' })).body;
    const item = { name: 'x', hostname: 'x', jumpoint_id: 1 };
    const shared = (await post('/jump-item/remote-vnc', { ...item, jump_group_id: group.id })).body;
    const own = await post('/jump-item/remote-vnc', { ...item, jump_group_id: user.id, jump_group_type: 'personal' });
    expect(own.status).toBe(201);
    await ask('DELETE', `/jump-group/${group.id}`);
    await ask('DELETE', `/user/${user.id}`);
    for (const { id } of [shared, own.body]) expect((await get(`/jump-item/remote-vnc/${id}`)).status).toBe(404);
  });

  test('what refers to nothing is 422 and names the field; what is referred to stays', async () => {
    const group = (await post('/jump-group', { name: 'Referring' })).body;
    const item = { name: 'x', hostname: 'x', jumpoint_id: 1, jump_group_id: group.id };
    for (const field of ['jump_group_id', 'jumpoint_id', 'jump_policy_id', 'session_policy_id']) {
      const answer = await post('/jump-item/remote-vnc', { ...item, [field]: 999_999 });
      expect([answer.status, Object.keys(answer.body.errors)]).toEqual([422, [field]]);
    }
    const policy = (await post('/jump-policy', { display_name: 'In use' })).body;
    await post('/jump-item/remote-vnc', { ...item, jump_policy_id: policy.id });
    const refused = await ask('DELETE', `/jump-policy/${policy.id}`);
    expect([refused.status, refused.body.message]).toEqual([422, 'This Jump policy is still in use.']);
  });

  test('a name that is taken is 422, in any case of its letters', async () => {
    await post('/group-policy', { name: 'Night shift' });
    const answer = await post('/group-policy', { name: 'NIGHT SHIFT' });
    expect(answer).toMatchObject({ status: 422, body: { errors: { name: ['This is taken already.'] } } });
  });

  test('a Jump policy that nobody gave a schedule keeps nobody out', async () => {
    const policy = (await post('/jump-policy', { display_name: 'New' })).body;
    expect(policy.schedule_enabled).toBe(true);
    expect((await get(`/jump-policy/${policy.id}/schedule`)).body).toEqual({
      ...{ timezone: 'UTC', entries: [{ start_day: 0, start_time: '00:00', end_day: 0, end_time: '00:00' }] },
    });
    const both = await ask('PATCH', `/jump-policy/${policy.id}`, { approval_required: true });
    expect(Object.keys(both.body.errors)).toContain('approval_required');
  });

  test('a copied group policy has the members and Jump groups of the other', async () => {
    const policy = (await post('/group-policy', { name: 'Original', perm_shell_jump: true })).body;
    const user = (await post('/user', { username: 'copied', public_display_name: 'Copied' })).body;
    const group = (await post('/jump-group', { name: 'Of the original' })).body;
    const member = await post(`/group-policy/${policy.id}/member`, { security_provider_id: 1, user_id: user.id });
    expect([member.status, member.text]).toEqual([201, '']);
    const linked = await post(`/group-policy/${policy.id}/jump-group`, { jump_group_id: group.id });
    expect([linked.status, linked.text]).toEqual([201, '']);
    const copy = (await post(`/group-policy/${policy.id}/copy`, { name: 'Copy' })).body;
    expect(copy).toEqual({ ...policy, id: copy.id, name: 'Copy' });
    expect((await get(`/group-policy/${copy.id}/member`)).body).toMatchObject([{ user_id: user.id }]);
    expect((await get(`/group-policy/${copy.id}/jump-group`)).body).toEqual([
      { jump_group_id: group.id, jump_item_role_id: 0, jump_policy_id: 0 },
    ]);
    expect((await get(`/user/${user.id}/group-policies`)).body).toEqual([
      { id: policy.id, name: 'Original' },
      { id: copy.id, name: 'Copy' },
    ]);
    await ask('PATCH', `/user/${user.id}/group-policy-changes`, { removed: [policy.id, policy.id], added: [copy.id] });
    expect((await get(`/user/${user.id}/group-policies`)).body).toEqual([{ id: copy.id, name: 'Copy' }]);
  });

  test('the description that is served has every operation, and reads as YAML', async () => {
    const answer = await get('/openapi.yaml');
    const document = parse(answer.text);
    expect(answer.headers.get('content-type')).toContain('application/yaml');
    expect(document.paths['/jump-group/{id}/user/{user_id}'].patch.requestBody).toBeDefined();
    expect(document.components.schemas.User.properties.password.writeOnly).toBe(true);
    expect(document.components.schemas.JumpGroup.required).toEqual(['name']);
  });

  test('who changed what is in the audit under the name of the API account', async () => {
    const group = (await post('/jump-group', { name: 'Audited' })).body;
    await ask('PATCH', `/jump-group/${group.id}`, { comments: 'why' });
    const { body } = await host.operator.get('/api/audit?search=Audited');
    expect(body.items.map(({ action, actor }: { action: string; actor: string }) => [action, actor])).toEqual([
      ['jump-group.change', expect.stringMatching(/^API account Account /)],
      ['jump-group.create', expect.stringMatching(/^API account Account /)],
    ]);
    expect(body.items[0].change.comments).toEqual({ before: null, after: 'why' });
  });
});
