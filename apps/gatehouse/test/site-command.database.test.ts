import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { siteCommands } from '../src/site/commands.ts';
import { siteCommand } from '../src/site/index.ts';
import { type RunningUp, startGatehouse } from '../src/testing/running.ts';
import { typed } from '../src/testing/typed.ts';

const root = join(import.meta.dirname, '../../..');

describe('gatehouse site …', { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-site-command-'));
  chmodSync(home, 0o711);
  let database: TestDatabase;
  let site: RunningUp;
  beforeAll(async () => {
    database = await testDatabase({ migrations: [] });
    site = await startGatehouse(
      ['site', 'start', '--home', home, '--port', '0', '--database-url', database.url],
      'site',
    );
  }, 120_000);
  afterAll(async () => {
    await site?.stop();
    await database?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const run = (...words: string[]) => typed(siteCommand(root), [...words, '--home', home]);
  const json = async (...words: string[]) => {
    const { code, stdout, stderr } = await run(...words, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };

  test('starts, says where it answers and how to become its administrator', () => {
    expect(site.url).toMatch(/^http:\/\/localhost:\d+\/login$/);
    expect(site.link).toMatch(/\/welcome#/);
  });

  test('makes a Jump group with an endpoint and a policy that leads a user there', async () => {
    const group = await json('jump-groups', 'add', '--set', 'name=Linux servers');
    const item = ['name=22', 'hostname=web-1', 'protocol=ssh', `jump_group_id=${group.id}`, 'jumpoint_id=1'];
    const refused = await run('shell-jumps', 'add', '--set', ...item);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('name:')]);
    const made = await json('shell-jumps', 'add', '--set', 'name="22"', ...item.slice(1));
    expect(made).toMatchObject({ name: '22', port: 22 });
    const user = await json('users', 'add', '--set', 'username=bea', 'public_display_name=Bea');
    const granted = ['perm_access_allowed=true', 'perm_shell_jump=true', 'default_jump_item_role_id=2'];
    const policy = await json(
      ...['group-policies', 'add', '--set', 'name=Operations', 'access_perm_status=defined', ...granted],
    );
    const id = String(policy.id);
    const member = ['security_provider_id=1', `user_id=${user.id}`];
    expect((await run('group-policies', 'add-member', id, '--set', ...member)).code).toBe(0);
    expect((await run('group-policies', 'add-jump-group', id, '--set', `jump_group_id=${group.id}`)).code).toBe(0);
    expect((await run('users', 'reach', String(user.id))).stdout).toMatch(/shell-jump[\s\S]*Linux servers/);
    const changed = await json('users', 'change', String(user.id), '--set', 'enabled=false');
    expect(changed.enabled).toBe(false);
    const listed = await run('group-policies', 'jump-groups', id);
    expect(listed.stdout).toMatch(/jump_group_id[\s\S]*\d/);
  });

  test('gives a program its secret, once, and lets programs in', async () => {
    const account = await json('api-accounts', 'add', '--set', 'name=Terraform', 'perm_configuration=true');
    expect(account).not.toHaveProperty('client_secret');
    const secret = await json('api-accounts', 'secret', String(account.id));
    expect(secret.client_secret).toMatch(/^[A-Za-z0-9+/]{44}$/);
    expect(await json('options', 'change', '--enable-xml-api', 'true')).toMatchObject({ enableXmlApi: true });
    const answer = await fetch(new URL('/oauth2/token', site.url), {
      method: 'POST',
      body: new URLSearchParams({ ...secret, grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(200);
  });

  test('sets a schedule, and says what is wrong with one', async () => {
    const policy = await json('jump-policies', 'add', '--set', 'display_name=Office hours');
    const id = String(policy.id);
    const times = ['--timezone', 'Europe/Berlin', '--entry', '0 08:00 4 18:00', '5 09:00 5 12:00'];
    expect(await json('jump-policies', 'set-schedule', id, ...times)).toMatchObject({
      entries: [{}, { start_day: 5 }],
    });
    const wrong = await run('jump-policies', 'set-schedule', id, '--timezone', 'UTC', '--entry', 'Monday');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('0 is Monday')]);
    expect((await run('audit', 'list', '--search', 'schedule')).stdout).toContain('jump-policy.schedule');
    expect((await json('status', 'show')).healthy).toBe(true);
  });

  test('sets remote support up: a team with an issue, a sentence, what may be shared, and what is asked at the end', async () => {
    const team = await json('teams', 'add', '--set', 'name=First line');
    const issue = await json('support-issues', 'add', '--set', 'description=Paper jam', `team_id=${team.id}`);
    expect(issue).toMatchObject({ code_name: 'paper_jam', team_id: team.id });
    await json('canned-messages', 'add', '--set', 'title=Greeting', 'message=Hello, how can I help?');
    expect((await run('canned-messages', 'list', '--search', 'help')).stdout).toContain('Greeting');
    const sharing = ['--customers-send-files', 'false', '--file-allowed-types', 'pdf', 'png', '--portal-name', 'Help'];
    expect(await json('options', 'change', ...sharing)).toMatchObject({
      ...{ customersSendFiles: false, fileAllowedTypes: ['pdf', 'png'], portalName: 'Help' },
    });
    expect(await json('options', 'change', '--file-allowed-types', '')).toMatchObject({ fileAllowedTypes: [] });
    const survey = await json('surveys', 'show', 'customer');
    expect(survey.questions).toHaveLength(2);
    const file = join(home, 'survey.json');
    const questions = [{ label: 'Which way?', type: 'choice', options: ['Chat', 'Telephone'], required: true }];
    writeFileSync(file, JSON.stringify({ ...survey, questions }));
    expect((await json('surveys', 'change', 'customer', '--file', file)).questions).toMatchObject([
      { name: 'which_way', required: true },
    ]);
    writeFileSync(file, JSON.stringify({ enabled: true, questions: [{ label: 'A', type: 'choice', options: ['x'] }] }));
    const wrong = await run('surveys', 'change', 'customer', '--file', file);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('questions.0.options: Offer at least two')]);
  });

  test('lists and exports support sessions and keys, and says what is not there', async () => {
    const lsid = 'a'.repeat(32);
    expect((await run('support-sessions', 'list', '--from', '2026-01-01T00:00:00Z')).code).toBe(0);
    const csv = await run('support-sessions', 'export', '--search', 'nobody');
    expect([csv.code, csv.stdout.split(',').slice(0, 2)]).toEqual([0, ['lsid', 'customer']]);
    expect(JSON.parse((await run('support-sessions', 'export-json')).stdout)).toEqual([]);
    expect((await run('session-keys', 'list', '--search', 'INC-7')).code).toBe(0);
    const held = await run('support-sessions', 'hold', lsid, '--reason', 'Case 12');
    expect([held.code, held.stderr]).toEqual([1, expect.stringContaining('There is nothing here')]);
    const help = await run('support-sessions', 'hold', '--help');
    expect(help.stdout).toContain('gatehouse site support-sessions hold');
  });

  test('every command has an example that names it, and every path is one of the API', async () => {
    const { paths } = await (await fetch(new URL('/openapi.json', site.url))).json();
    for (const { name, method, path, examples } of siteCommands) {
      expect(examples.every((example) => example.startsWith(`gatehouse site ${name}`))).toBe(true);
      expect([path, Object.keys(paths[path.replaceAll(/:(\w+)/g, '{$1}')] ?? {})]).toEqual([
        path,
        expect.arrayContaining([method.toLowerCase()]),
      ]);
    }
  });
});
