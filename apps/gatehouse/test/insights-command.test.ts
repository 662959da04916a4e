import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorsCommands } from '../src/insights/collectors-commands.ts';
import { connectionsCommands } from '../src/insights/connections-commands.ts';
import { inventoryCommands } from '../src/insights/inventory-commands.ts';
import { tenantsCommands } from '../src/insights/tenants-commands.ts';
import { type RunningUp, startUp } from '../src/testing/running.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const commands = [...tenantsCommands, ...connectionsCommands, ...collectorsCommands, ...inventoryCommands];

describe('gatehouse insights …', { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-command-'));
  chmodSync(home, 0o711);
  let up: RunningUp;
  beforeAll(async () => {
    up = await startUp(['--home', home, '--port', '0', '--only', 'insights', '--no-lab']);
  }, 120_000);
  afterAll(async () => {
    await up?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const run = async (...words: string[]) => {
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [
        main,
        'insights',
        ...words,
        '--home',
        home,
      ]);
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code = 1, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
      return { code, stdout, stderr };
    }
  };

  test('makes a tenant, lists it as a table and as JSON, and finds it by name', async () => {
    expect((await run('tenants', 'create', '--name', 'Harbour')).code).toBe(0);
    expect((await run('tenants', 'list')).stdout).toMatch(/tenantId\s+name[\s\S]*Harbour/);
    expect(JSON.parse((await run('tenants', 'list', '--json')).stdout)).toMatchObject([
      { name: 'Harbour', role: 'administrator' },
    ]);
    const settings = await run('tenants', 'settings', '--tenant', 'harbour', '--json');
    expect(JSON.parse(settings.stdout)).toMatchObject({ name: 'Harbour', dormantDays: 60 });
  });

  test('adds a collector with a key that is printed once, renews the key and closes it', async () => {
    const made = await run('collectors', 'create', '--name', 'Head office', '--json');
    expect(made.code).toBe(0);
    const { connectivity, installation } = JSON.parse(made.stdout);
    expect(connectivity).toBe('pending');
    expect(installation).toMatchObject({
      key: expect.stringMatching(/^ghi_/),
      command: expect.stringMatching(/^node collector\.mjs install --server http/),
    });
    const listed = await run('collectors', 'list');
    expect(listed.stdout).toMatch(/Head office[\s\S]*open/);
    expect(listed.stdout).not.toContain(installation.key);
    const renewed = await run('collectors', 'new-key', '--connection', 'head office');
    expect(renewed.stdout).toMatch(/key: ghi_/);
    expect((await run('collectors', 'close-key')).stdout.trim()).toBe('Done.');
    expect(JSON.parse((await run('collectors', 'show', '--json')).stdout)).toMatchObject({
      ...{ name: 'Head office', device: null, key: { state: 'closed' } },
    });
    expect((await run('connections', 'off')).stderr).toContain('cannot be turned off');
    expect((await run('connections', 'delete')).code).toBe(0);
  });

  test('names the field that is wrong, changes nothing and ends with 1', async () => {
    const { code, stderr } = await run('tenants', 'change', '--dormant-days', '0');
    expect(code).toBe(1);
    expect(stderr).toContain('dormantDays');
    expect(JSON.parse((await run('tenants', 'settings', '--json')).stdout)).toMatchObject({ dormantDays: 60 });
  });

  test('says a wrong word once, with the words that are right', async () => {
    const { code, stderr } = await run('findings', 'list', '--severity', 'purple');
    expect(code).toBe(1);
    expect(stderr.trim()).toBe('severity: "purple" is not one of low, medium, high, critical.');
    expect((await run('findings', 'list', '--severity', 'critical,high')).code).toBe(0);
  });

  test('an unknown command is named, with the nearest one and where all are listed, and ends with 1', async () => {
    const bogus = await run('bogus');
    expect(bogus.code).toBe(1);
    expect(bogus.stderr.trim().split('\n')).toEqual([
      "error: unknown command 'bogus'",
      '(gatehouse insights --help lists the commands)',
    ]);
    const near = await run('tenant');
    expect(near.code).toBe(1);
    expect(near.stderr).toContain("unknown command 'tenant'\n(Did you mean tenants?)");
    const verb = await run('tenants', 'lst');
    expect(verb.code).toBe(1);
    expect(verb.stderr).toContain("unknown command 'lst'\n(Did you mean list?)");
    expect(verb.stderr).toContain('(gatehouse insights tenants --help lists the commands)');
  });

  test('ends quietly when nobody reads its output any more', async () => {
    const { stderr } = await promisify(execFile)('sh', [
      '-c',
      '"$0" "$1" insights --help | true',
      process.execPath,
      main,
    ]);
    expect(stderr).toBe('');
  });

  test('says what there is when a name is not known', async () => {
    const { code, stderr } = await run('connections', 'list', '--tenant', 'Nowhere');
    expect(code).toBe(1);
    expect(stderr).toContain('Harbour');
  });

  test('exports a list as CSV with its heading', async () => {
    const { code, stdout } = await run('inventory', 'export', 'accounts');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/login/i);
  });

  test('every path it sends to is one that the program describes', async () => {
    const described: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
      await (await fetch(`${up.url}/openapi.json`)).text(),
    );
    for (const { name, method, path } of commands) {
      const template = path.replaceAll(/:(\w+)/g, '{$1}');
      expect(described.paths[template]?.[method.toLowerCase()], `${name}: ${method} ${path}`).toBeDefined();
    }
  });

  test('every command has an example that calls it', () => {
    for (const { name, examples } of commands) {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example).toContain(`gatehouse insights ${name}`);
    }
  });
});
