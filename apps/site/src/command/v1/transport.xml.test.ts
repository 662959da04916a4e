import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, raw } from '../../testing/test-site.ts';
import { complaintsOf } from '../../xml-api/testing/validate.ts';
import { type CommandDesk, openCommandDesk } from '../testing/command-desk.ts';
import { actions } from './actions.ts';

let desk: CommandDesk;
let reader: Program;
beforeAll(async () => {
  desk = await openCommandDesk();
  reader = await desk.program({ perm_command: 'read_only' });
});
afterAll(() => desk.close());

describe('the transport', () => {
  test('an answer begins as programs expect: a declaration, an empty line, a root in the namespace', async () => {
    const { text } = await desk.ask('get_api_info');
    expect(text).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n\n<api_information xmlns="http:\/\/www\.beyondtrust\.com\/sra\/namespaces\/API\/command">/,
    );
  });

  test('parameters come in the address or a form, at either address of the API', async () => {
    for (const path of ['/api/command', '/api/command.ns']) {
      const headers = {
        authorization: `Bearer ${desk.full.token}`,
        'content-type': 'application/x-www-form-urlencoded',
      };
      desk.clock.move(100);
      const answer = await raw(desk.url, 'POST', path, { headers, body: 'action=check_health&x=1' });
      expect(answer.text).toContain('<health_check');
      expect((await desk.full.get(`${path}?action=check_health`)).text).toBe(answer.text);
    }
  });

  test('what is wrong is an error with status 200, in words that name it', async () => {
    expect(await desk.errorOf('no_such_action')).toBe('Invalid action');
    expect(await desk.errorOf('')).toBe('Invalid action');
    expect(await desk.errorOf('terminate_session')).toBe('The parameter lsid is missing.');
    expect(await desk.errorOf('terminate_session', { lsid: 'x' })).toContain('lsid: This is no id of a session');
    expect(await desk.errorOf('terminate_session', { lsid: 'a'.repeat(32) })).toBe('lsid: There is no such session.');
    expect(await desk.errorOf('set_failover_role', { role: 'backup' })).toContain('no failover role');
    const twice = await desk.full.get('/api/command?action=get_api_info&action=check_health');
    expect(twice.text).toContain('The parameter action is there twice');
    const multipart = { 'content-type': 'multipart/form-data; boundary=x', authorization: `Bearer ${desk.full.token}` };
    desk.clock.move(100);
    const parts = await raw(desk.url, 'POST', '/api/command', { headers: multipart, body: '--x--' });
    expect(parts.text).toContain('<error');
  });

  test('a parameter that is empty is one that is not there, and an attribute that is empty is cleared', async () => {
    const lsid = await desk.wait();
    const { username } = desk.anna;
    expect((await desk.ask('join_session', { lsid, rep_id: '', rep_username: username })).root).toBe('success');
    const key = { type: 'support', queue_id: 'general', ttl: '', priority: '', url_hostname: '', external_key: '' };
    expect((await desk.ask('generate_session_key', key)).root).toBe('session_key');
    expect((await desk.ask('get_connected_client_list', { type: '' })).root).toBe('connected_client_list');
    const bare = await desk.full.get(
      '/api/command?action=generate_session_key&type=support&queue_id=general&external_key',
    );
    expect(bare.text).not.toContain('<external_key>');
    expect(await desk.errorOf('terminate_session', { lsid: '' })).toBe('The parameter lsid is missing.');
    expect(await desk.errorOf('send_chat_message', { lsid, body: '' })).toBe('The parameter body is missing.');
    await desk.ask('set_session_attributes', { lsid, 'session.custom.asset': 'A' });
    await desk.ask('set_session_attributes', { lsid, 'session.custom.asset': '' });
    expect((await desk.sessionOf(lsid)).attributes).toEqual({});
  });

  test('what is wrong with several of a list is said once', async () => {
    const words = await desk.errorOf('get_connected_client_list', { type: 'x,y,z' });
    expect(words.match(/Choose among/g)).toHaveLength(1);
  });

  test('other methods do nothing, and say which there are', async () => {
    const headers = { authorization: `Bearer ${desk.full.token}` };
    for (const [path, allow] of [
      ['/api/command?action=generate_session_key&type=support&queue_id=general', 'GET,POST'],
      ['/api/command.ns', 'GET,POST'],
      ['/api/command.xsd', 'GET,HEAD'],
    ] as const)
      for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (allow.includes(method)) continue;
        desk.clock.move(100);
        const answer = await raw(desk.url, method, path, { headers });
        const status = method === 'OPTIONS' ? 200 : 405;
        expect([path, method, answer.status, answer.headers.get('allow')]).toEqual([path, method, status, allow]);
      }
    expect((await raw(desk.url, 'PUT', '/api/command')).status).toBe(401);
    desk.clock.move(100);
    expect((await raw(desk.url, 'HEAD', '/api/command.xsd', { headers })).status).toBe(200);
  });

  test('the namespace is a setting, and the schema follows it', async () => {
    await desk.operator.ask('PATCH', '/api/options', {
      body: { xmlNamespace: 'https://www.beyondtrust.com/namespaces/API' },
    });
    const answer = await desk.full.get('/api/command?action=check_health');
    const other = (await desk.full.get('/api/command.xsd')).text;
    expect(answer.text).toContain('<health_check xmlns="https://www.beyondtrust.com/namespaces/API/command">');
    expect(await complaintsOf(desk.schema, answer.text)).not.toBe('');
    expect(await complaintsOf(other, answer.text)).toBe('');
    await desk.operator.ask('PATCH', '/api/options', {
      body: { xmlNamespace: 'http://www.beyondtrust.com/sra/namespaces/API' },
    });
    const refused = await desk.operator.ask('PATCH', '/api/options', { body: { xmlNamespace: 'http://a"b' } });
    expect(refused.status).toBe(400);
  });

  test('limits are told with every answer, and too many are refused in JSON', async () => {
    const { headers } = await desk.ask('get_api_info');
    expect(headers.get('x-ratelimit-limit')).toBe('15000');
    expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+$/);
    const one = await desk.program({ perm_command: 'read_only' });
    await sql`update api_use set in_hour = 15000, hour_at = ${new Date(Math.floor(desk.clock.now().getTime() / 3_600_000) * 3_600_000)}
      where account_id = ${one.account.id}`.execute(desk.database.owner);
    const over = await one.get('/api/command?action=get_api_info');
    expect([over.status, over.body]).toEqual([429, { message: expect.stringContaining('Too many requests') }]);
  });
});

describe('permissions', () => {
  test('a bad token is answered in JSON with 401, and no permission with 403', async () => {
    for (const path of ['/api/command?action=get_api_info', '/api/command.ns', '/api/command.xsd']) {
      const answer = await raw(desk.url, 'GET', path, { headers: { authorization: `Bearer ${'x'.repeat(40)}` } });
      expect([answer.status, answer.body.error]).toEqual([401, 'access_denied']);
    }
    const denied = await desk.program({ perm_command: 'deny' });
    for (const { name } of actions) {
      const answer = await denied.get(`/api/command?action=${name}`);
      expect([name, answer.status, answer.body]).toEqual([
        name,
        403,
        { message: expect.stringContaining('permission') },
      ]);
    }
  });

  test('an account that may only read changes nothing, with any action', async () => {
    const lsid = await desk.wait();
    const before = await desk.sessionOf(lsid);
    const changing = actions.filter(({ needs }) => needs === 'full_access').map(({ name }) => name);
    expect(changing.length).toBe(12);
    for (const action of changing) {
      const answer = await reader.get(
        `/api/command?action=${action}&lsid=${lsid}&type=support&queue_id=general&rep_id=${desk.anna.userId}`,
      );
      expect([action, answer.status]).toEqual([action, 403]);
    }
    for (const { name, needs } of actions)
      if (needs === 'read_only')
        expect((await reader.get(`/api/command?action=${name}&lsid=${lsid}`)).status).toBe(200);
    expect(await desk.sessionOf(lsid)).toEqual(before);
  });
});
