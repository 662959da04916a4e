import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandDesk, openCommandDesk } from '../testing/command-desk.ts';

let desk: CommandDesk;
beforeAll(async () => {
  desk = await openCommandDesk();
});
afterAll(() => desk.close());

describe('the site', () => {
  test('get_api_info tells the version, the company and every permission of the account', async () => {
    const info = await desk.content('get_api_info');
    expect(info).toMatchObject({ api_version: expect.stringMatching(/^1\.\d+\.\d+$/), company_name: 'gatehouse' });
    const permissions = new Map(
      info.permissions.permission.map((one: Record<string, string>) => [one['@name'], one['#text']]),
    );
    expect(permissions.get('perm_command')).toBe('full_access');
    expect(permissions.get('perm_configuration')).toBe('1');
    expect(permissions.get('perm_ecm')).toBe('0');
  });

  test('check_health and get_appliances name the same appliance, by the same id for ever', async () => {
    const health = await desk.content('check_health');
    const { appliance } = await desk.content('get_appliances');
    expect(health).toMatchObject({
      success: '1',
      failover_role: 'none',
      appliance: { '@id': expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(appliance).toMatchObject({
      '@id': health.appliance['@id'],
      cluster_role: 'single',
      accepting_connections: '1',
    });
  });
});

describe('representatives and teams', () => {
  test('who is signed in is listed until the console is silent for ninety seconds, with the sessions they are in', async () => {
    await desk.anna.beat();
    const lsid = await desk.wait();
    await desk.ask('join_session', { lsid, rep_id: desk.anna.userId });
    const { rep } = await desk.content('get_logged_in_reps');
    expect(rep).toMatchObject({
      ...{ '@id': String(desk.anna.userId), type: 'Normal', support_session_count: '1', showing_on_rep_list: '0' },
      logged_in_since: { '#text': expect.stringMatching(/\+00:00$/), '@ts': expect.stringMatching(/^\d+$/) },
    });
    desk.clock.move(91_000);
    expect(await desk.content('get_logged_in_reps')).not.toHaveProperty('rep');
    await desk.anna.beat();
  });

  test('a status is set by its code name, and one that is not there is named', async () => {
    await desk.ask('set_rep_status', { rep_id: desk.anna.userId, code_name: 'away' });
    expect((await desk.anna.beat()).body.status).toBe('away');
    expect(await desk.errorOf('set_rep_status', { rep_id: desk.anna.userId, code_name: 'asleep' })).toContain(
      '“asleep”',
    );
    await desk.ask('set_rep_status', { rep_id: desk.anna.userId, code_name: 'available' });
  });

  test('a representative is named by rep_id, or by user_id as some programs do, and not by two', async () => {
    const { userId } = desk.anna;
    expect((await desk.ask('set_rep_status', { user_id: userId, status: 'busy' })).root).toBe('success');
    expect((await desk.anna.beat()).body.status).toBe('busy');
    await desk.ask('set_rep_status', { user_id: userId, code_name: 'available' });
    const lsid = await desk.wait();
    for (const action of ['join_session', 'leave_session'])
      expect((await desk.ask(action, { lsid, user_id: userId })).root).toBe('success');
    for (const more of [{}, { rep_id: userId, user_id: userId }])
      expect(await desk.errorOf('logout_rep', more)).toContain('rep_id');
    expect(await desk.errorOf('set_rep_status', { rep_id: userId })).toContain('code_name');
    const one = await desk.representative({ perm_support_allowed: true });
    await one.beat();
    expect((await desk.ask('logout_rep', { user_id: one.userId })).root).toBe('success');
  });

  test('whoever is logged out stays out of that console', async () => {
    const one = await desk.representative({ perm_support_allowed: true });
    await one.beat();
    expect((await desk.ask('logout_rep', { rep_id: one.userId })).root).toBe('success');
    expect((await one.beat()).status).toBe(409);
    expect(await desk.errorOf('logout_rep', { rep_id: one.userId })).toContain('is not signed in');
    expect(await desk.errorOf('logout_rep', { rep_id: 2_000_000 })).toContain('no representative with the id 2000000');
  });

  test('teams come with their issues, and with members only when they are asked for; names are escaped', async () => {
    const { text, content: plain } = await desk.ask('get_support_teams');
    expect(text).toContain('<name>Network &amp; &lt;wires&gt;</name>');
    expect(text).not.toContain('<members');
    const teams = plain.support_team;
    expect(teams.map(({ name }: { name: string }) => name)).toEqual(['Network & <wires>', 'Printers']);
    expect(teams[1]?.issues.issue).toMatchObject({ title: 'Paper jam', code_name: 'paper_jam' });
    const shown = await desk.content('get_support_teams', { showmembers: 1 });
    expect(shown.support_team[1].members.representative).toMatchObject({
      username: desk.anna.username,
      role: 'member',
    });
    // Some name it, and say nothing.
    expect((await desk.full.get('/api/command?action=get_support_teams&showmembers')).text).toContain('<members>');
  });
});

describe('session keys', () => {
  test('the answer has the members that programs read, in both namings of the external key', async () => {
    for (const named of ['external_key', 'session.custom.external_key']) {
      const key = await desk.content('generate_session_key', {
        type: 'support',
        queue_id: 'general',
        ttl: 1_800,
        [named]: 'T<1>',
      });
      expect(Object.keys(key)).toEqual([
        ...['type', 'expires', 'queue', 'external_key', 'short_key', 'key_url', 'mail_subject', 'mail_body'],
      ]);
      expect(key).toMatchObject({
        type: 'support',
        external_key: 'T<1>',
        queue: { '#text': 'general', '@available': '1' },
      });
      expect(Number(key.expires) - desk.clock.now().getTime() / 1_000).toBeCloseTo(1_800, -1);
      expect(key.key_url).toMatch(/\?ak=[0-9a-f]{32}$/);
      expect(key.mail_body).toContain(key.short_key);
    }
  });

  test.each([
    ['rep:', () => `rep:${desk.anna.userId}`, 'rep'],
    ['rep_username:', () => `rep_username:${desk.anna.username}`, 'rep'],
    ['team:', () => `team:${desk.teams.printers}`, 'team'],
    ['issue:', () => 'issue:paper_jam', 'team'],
  ])('a queue may be named with %s, and the customer waits there', async (_form, queue, type) => {
    const key = await desk.content('generate_session_key', { type: 'support', queue_id: queue() });
    expect(key.queue['#text']).toBe(type);
    const { lsid } = await desk.redeem(key.short_key);
    expect((await desk.sessionOf(lsid)).queue).toBe(`${type}:${key.queue_id}`);
  });

  test('the priority is the one that is said, in both namings, or that of the issue', async () => {
    for (const [named, queue_id, priority] of [
      [{ priority: 1 }, 'general', 1],
      [{ 'session.priority': 3 }, 'issue:paper_jam', 3],
      [{}, 'issue:paper_jam', 1],
      [{}, 'general', 2],
    ] as const) {
      const key = await desk.content('generate_session_key', { type: 'support', queue_id, ...named });
      const { lsid } = await desk.redeem(key.short_key);
      expect([named, (await desk.sessionOf(lsid)).priority]).toEqual([named, priority]);
    }
  });

  test('a queue that is not there, or not clear, is an error that names it', async () => {
    const error = (queue_id: string) => desk.errorOf('generate_session_key', { type: 'support', queue_id });
    expect(await error('rep_username:nobody')).toContain('“nobody”');
    expect(await error('team:4711')).toContain('4711');
    expect(await error('issue:none')).toContain('“none”');
    expect(await error('everybody')).toContain('“everybody” is no queue');
    const first = await desk.representative({ perm_support_allowed: true });
    const second = await desk.representative({ perm_support_allowed: true });
    await desk.operator.ask('PATCH', `/api/users/${first.userId}`, { body: { username: 'first' } });
    await desk.operator.ask('PATCH', `/api/users/${second.userId}`, { body: { username: first.email } });
    expect(await error(`rep_username:${first.email}`)).toContain('More than one representative');
    expect(await desk.errorOf('generate_session_key', { queue_id: 'general' })).toBe('The parameter type is missing.');
    expect(
      await desk.errorOf('generate_session_key', { type: 'support', queue_id: 'general', 'session.custom.none': 'x' }),
    ).toContain('“none”');
    expect(
      await desk.errorOf('generate_session_key', { type: 'support', queue_id: 'general', url_hostname: 'a/b' }),
    ).toContain('url_hostname');
  });

  test('whether somebody could take the session now is told', async () => {
    const of = async (queue_id: string) =>
      (await desk.content('generate_session_key', { type: 'support', queue_id })).queue['@available'];
    await desk.anna.beat();
    expect([await of('general'), await of(`team:${desk.teams.network}`)]).toEqual(['1', '0']);
    await desk.anna.beat({ status: 'busy' });
    expect(await of('general')).toBe('0');
    await desk.operator.ask('PATCH', `/api/teams/${desk.teams.network}`, { body: { persistent_queue: true } });
    expect(await of(`team:${desk.teams.network}`)).toBe('1');
    await desk.anna.beat({ status: 'available' });
  });

  test('a virtual customer uses the key up, and a wrong key is an error', async () => {
    const { short_key } = await desk.content('generate_session_key', { type: 'support', queue_id: 'general' });
    const about = { name: 'Bot & Co', ip_address: '192.0.2.44', operating_system: 'Linux', computer_name: 'pc7' };
    const { lsid } = await desk.content('create_virtual_customer', { short_key, ...about });
    expect((await desk.sessionOf(lsid)).participants[0]).toMatchObject({
      name: 'Bot & Co',
      hostname: 'pc7',
      address: '192.0.2.44',
    });
    expect(await desk.errorOf('create_virtual_customer', { short_key, ...about })).toContain('not valid');
    expect(await desk.errorOf('create_virtual_customer', { ...about, short_key: '12' })).toContain('seven digits');
  });
});

describe('sessions', () => {
  test('a representative joins, leaves and the session is transferred and ended, with the words that programs read', async () => {
    await desk.anna.beat();
    const lsid = await desk.wait();
    const words = async (action: string, more: Record<string, string | number> = {}) =>
      (await desk.ask(action, { lsid, ...more })).text.replace(/^.*<success[^>]*>([^<]*)<.*$/s, '$1');
    expect(await words('join_session', { rep_username: desk.anna.username })).toBe('Representative successfully added');
    expect(await desk.errorOf('join_session', { lsid, rep_id: desk.anna.userId })).toContain(
      'is in the session already',
    );
    expect(await words('leave_session', { rep_id: desk.anna.userId })).toBe('Representative successfully removed');
    expect(await desk.errorOf('leave_session', { lsid, rep_id: desk.anna.userId })).toContain('is not in the session');
    expect(await words('transfer_session', { queue_id: `team:${desk.teams.printers}` })).toBe(
      'Successfully transferred',
    );
    expect(await desk.sessionOf(lsid)).toMatchObject({ state: 'waiting', queue: `team:${desk.teams.printers}` });
    expect(await words('terminate_session')).toBe('Successfully terminated');
    expect(await desk.sessionOf(lsid)).toMatchObject({ state: 'ended', endReason: 'ended_by_program' });
    for (const [action, more] of [
      ...([
        ['terminate_session', {}],
        ['join_session', { rep_id: desk.anna.userId }],
      ] as const),
      ...([
        ['transfer_session', { queue_id: 'general' }],
        ['send_chat_message', { body: 'x' }],
      ] as const),
      ['set_session_attributes', { 'session.custom.asset': 'x' }] as const,
    ])
      expect([action, await desk.errorOf(action, { lsid, ...more })]).toEqual([action, 'The session is over.']);
    expect(await desk.errorOf('get_session_attributes', { lsid })).toContain('There is no such session');
  });

  test('whoever is not signed in, or named twice or not at all, cannot join', async () => {
    const lsid = await desk.wait();
    const away = await desk.representative({ perm_support_allowed: true });
    expect(await desk.errorOf('join_session', { lsid, rep_id: away.userId })).toContain('is not signed in');
    expect(await desk.errorOf('join_session', { lsid })).toContain('either rep_id or rep_username');
    expect(await desk.errorOf('join_session', { lsid, rep_id: 1, rep_username: 'a' })).toContain(
      'either rep_id or rep_username',
    );
    expect((await desk.sessionOf(lsid)).state).toBe('waiting');
  });

  test('attributes are read as they were set, escaped, and what is empty is cleared', async () => {
    const lsid = await desk.wait();
    const value = `<&>"' ä\u{1f511} ]]> line\nline \u0001`;
    await desk.ask('set_session_attributes', {
      lsid,
      'session.custom.external_key': 'T-1',
      'session.custom.asset': value,
    });
    const { custom_attribute } = await desk.content('get_session_attributes', { lsid });
    expect(custom_attribute).toEqual([
      { '@display_name': 'External Key', '@code_name': 'external_key', '#text': 'T-1' },
      { '@display_name': 'Asset "tag" <&>', '@code_name': 'asset', '#text': value.replace('\u0001', '\ufffd') },
      { '@display_name': 'Floor', '@code_name': 'floor' },
    ]);
    await desk.ask('set_session_attributes', { lsid, 'session.custom.asset': '' });
    expect(await desk.sessionOf(lsid)).toMatchObject({ externalKey: 'T-1', attributes: {} });
    expect(await desk.errorOf('set_session_attributes', { lsid })).toContain('Name an attribute');
    expect(await desk.errorOf('set_session_attributes', { lsid, 'session.custom.asset': 'x'.repeat(1_025) })).toContain(
      '1024',
    );
  });

  test('words are kept as an event of whoever they are said by', async () => {
    const lsid = await desk.wait();
    await desk.ask('send_chat_message', { lsid, body: 'From the desk' });
    await desk.ask('send_chat_message', { lsid, body: 'From Carol', impersonate: 'customer' });
    expect(
      await desk.errorOf('send_chat_message', { lsid, body: 'x', impersonate: `rep:${desk.anna.userId}` }),
    ).toContain('not in the session');
    for (const impersonate of ['nobody', 'rep:x', 'rep_username:', 'team:1'])
      expect(await desk.errorOf('send_chat_message', { lsid, body: 'x', impersonate })).toContain('impersonate: Write');
    const said = (await desk.sessionOf(lsid)).events.filter(({ type }: { type: string }) => type === 'chat_message');
    expect(said).toMatchObject([
      { performedBy: null, body: { text: 'From the desk', by: expect.stringContaining('API account') } },
      { performedBy: 1, body: { text: 'From Carol' } },
    ]);
  });
});

describe('clients', () => {
  test('the list counts by type and names each, and the details of those that are asked for', async () => {
    await desk.anna.beat();
    await desk.wait('general', 'Dora');
    const list = await desk.content('get_connected_client_list');
    const counts = new Map(
      list.connected_client_summary.appliance_summary.count.map((one: Record<string, string>) => [
        one['@type'],
        one['#text'],
      ]),
    );
    const customers = list.connected_client.filter(
      (one: Record<string, string>) => one['@type'] === 'support_customer',
    );
    expect(counts.get('support_customer')).toBe(String(customers.length));
    expect(counts.get('push_agent')).toBe('0');
    const summary = await desk.content('get_connected_client_list', { type: 'representative', summary_only: 1 });
    expect(summary).not.toHaveProperty('connected_client');
    expect(summary.connected_client_summary.appliance_summary.count).toMatchObject({ '@type': 'representative' });
    const one = customers.at(-1)['@id'];
    const details = await desk.content('get_connected_clients', { id: one, include_connections: 1 });
    expect(details.connected_support_customer).toMatchObject({
      ...{ '@id': one, hostname: 'pc1', platform: { '#text': 'Windows', '@id': 'windows' } },
      client_connections: { client_connection: { '@address': '192.0.2.9' } },
    });
    expect(await desk.errorOf('get_connected_clients', { id: 'x' })).toContain('32 hexadecimal digits');
    const many = Array.from({ length: 101 }, () => one).join(',');
    expect(await desk.errorOf('get_connected_clients', { id: many })).toBe('id: Name at most 100.');
    expect(await desk.errorOf('get_connected_client_list', { type: 'everything' })).toContain('Choose among');
  });
});

test('all clients are told where no ids are named, however many there are', async () => {
  const { rows } = await sql<{ before: number }>`
    select count(*)::int as before from support_participants where kind = 'customer' and left_at is null`.execute(
    desk.database.owner,
  );
  await sql`with begun as (
      insert into support_sessions (lsid, correlation_id, state, queue, priority, began_at, waiting_since)
      select md5(n::text), 'x', 'waiting', 'general', 2, now(), now() from generate_series(1, 120) n returning lsid)
    insert into support_participants (lsid, gsnumber, client_id, kind, name, joined_at)
    select lsid, 1, lsid, 'customer', lsid, now() from begun`.execute(desk.database.owner);
  const details = await desk.content('get_connected_clients', { type: 'support_customer' });
  expect(details.connected_support_customer).toHaveLength(120 + (rows[0]?.before ?? 0));
});

describe('import_jump_shortcut', () => {
  test('a shell, VNC or RDP item is made in the group, and another kind, group or field is refused by name', async () => {
    await desk.operator.post('/api/jump-groups', { name: 'Linux' });
    const common = { name: 'web 1', group: 'linux', tag: 'a', comments: 'b' };
    await desk.ask('import_jump_shortcut', { ...common, shelljump_hostname: 'web1', protocol: 'ssh', port: 2_222 });
    await desk.ask('import_jump_shortcut', { ...common, remote_vnc_hostname: 'web2' });
    await desk.ask('import_jump_shortcut', { ...common, remote_rdp_hostname: 'web3', domain: 'CORP' });
    const [made] = (await desk.operator.get('/api/jump-items/shell-jump')).body.items;
    expect(made).toMatchObject({ name: 'web 1', hostname: 'web1', port: 2_222, tag: 'a' });
    expect((await desk.operator.get('/api/jump-items/remote-vnc')).body.items).toHaveLength(1);
    expect((await desk.operator.get('/api/jump-items/remote-rdp')).body.items[0].domain).toBe('CORP');
    expect(await desk.errorOf('import_jump_shortcut', { ...common, local_jump_hostname: 'pc' })).toContain(
      'Name one of shelljump_hostname',
    );
    expect(
      await desk.errorOf('import_jump_shortcut', { ...common, group: 'none', remote_vnc_hostname: 'a' }),
    ).toContain('“none”');
    expect(
      await desk.errorOf('import_jump_shortcut', { ...common, shelljump_hostname: 'a', protocol: 'carrier' }),
    ).toContain('protocol');
  });
});
