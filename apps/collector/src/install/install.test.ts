import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemdUnit, windowsCommands } from '@gatehouse/host/agent';
import { afterEach, describe, expect, test } from 'vitest';
import { collector } from '../agent.ts';
import { type Fresh, key, startFresh } from '../testing/fresh.ts';
import { startProcess, until } from '../testing/installed.ts';

const open: Fresh[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const fresh = async (): Promise<Fresh> => {
  const one = await startFresh();
  open.push(one);
  return one;
};
const isRegistered = ({ server }: Fresh) => !server.installationKeys.has(key);
/** The answers, in the order of the questions. */
const answers = ({ server, directory }: Fresh) => [
  ...[server.url, key, 'active-directory', directory.origin, 'reader', directory.knobs.password, ''],
];
const flags = ({ server, directory, file }: Fresh) => [
  ...['install', '--server', server.url, '--key-file', file('key.txt', `${key}\n`), '--source', 'active-directory'],
  ...['--address', directory.origin, '--bind-name', 'reader', '--no-service'],
];

describe('gatehouse collector install', { timeout: 60_000 }, () => {
  test('asks for everything, tests each permission, registers, and runs', async () => {
    const one = await fresh();
    const { code, printed } = await one.run(['install', '--no-service'], answers(one));
    expect(printed).toMatch(
      /ok +Made-up Directory is reached, its certificate is trusted, and the account is signed in/,
    );
    expect(printed).toMatch(/ok +Users/);
    expect(printed).toMatch(/ok +Events/);
    expect(printed).toMatch(/Registered as "Head office", to read 127\.0\.0\.1:/);
    expect(printed).toMatch(/who can read the whole folder can read\s+all of it/);
    expect(printed).toContain('NoNewPrivileges=yes');
    expect(code).toBe(0);
    const running = startProcess('collector-process.ts', ['run', '--home', one.home]);
    await until(() => one.server.batches.some(({ type }) => type === 'end'), running.printed);
    const begun = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('takes every answer as a flag, a variable, a file or a line of standard input, and then asks nothing', async () => {
    const one = await fresh();
    const { code, printed } = await one.run([...flags(one), '--password-file', '-'], [one.directory.knobs.password], {
      GATEHOUSE_COLLECTOR_AUTHORITIES: '',
    });
    expect(printed).toContain('Registered as');
    expect(code).toBe(0);
    const two = await fresh();
    const variables = await two.run(['install', '--no-service'], [], {
      ...{ GATEHOUSE_COLLECTOR_SERVER: two.server.url, GATEHOUSE_COLLECTOR_KEY: key },
      ...{ GATEHOUSE_COLLECTOR_SOURCE: 'active-directory', GATEHOUSE_COLLECTOR_ADDRESS: two.directory.origin },
      ...{ GATEHOUSE_COLLECTOR_BIND_NAME: 'reader', GATEHOUSE_COLLECTOR_PASSWORD: two.directory.knobs.password },
      GATEHOUSE_COLLECTOR_AUTHORITIES: '',
    });
    expect(variables.printed).toContain('Registered as');
    expect(variables.code).toBe(0);
  });

  test('prints no secret, keeps them sealed, and lets nobody else read anything', async () => {
    const one = await fresh();
    const ran = await one.run(['install', '--no-service'], answers(one));
    const tested = await one.run(['test', '--json']);
    const everything = [ran.printed, tested.printed, one.settings()].join('\n');
    for (const secret of [key, one.directory.knobs.password]) expect(everything.includes(secret)).toBe(false);
    expect(one.settings()).toContain('"bindName": "reader"');
    expect(tested.code).toBe(0);
    expect(statSync(one.home).mode & 0o077).toBe(0);
    for (const name of readdirSync(one.home)) expect(statSync(join(one.home, name)).mode & 0o077, name).toBe(0);
    expect(existsSync(join(one.home, 'device.key'))).toBe(false);
    // What another name or another machine sealed does not open.
    const moved = one
      .settings()
      .replace(/"password": "[^"]+"/, `"password": ${/"deviceKey": ("[^"]+")/.exec(one.settings())?.[1]}`);
    one.file('collector/collector.json', moved);
    expect((await one.run(['test'])).printed).toMatch(/cannot be opened/);
  });

  test('says which permission is missing and what to do, and registers nothing unless that is accepted', async () => {
    const one = await fresh();
    one.directory.knobs.forbidEvents = true;
    const refused = await one.run([...flags(one), '--password-file', '-'], [one.directory.knobs.password, '', 'no']);
    expect(refused.printed).toMatch(/missing +Events cannot be read: grant Event Log Readers/);
    expect(refused.printed).toMatch(/Nothing was registered/);
    expect(refused.code).toBe(1);
    expect(isRegistered(one)).toBe(false);
    const taken = await one.run(
      [...flags(one), '--password-file', '-', '--accept-missing'],
      [one.directory.knobs.password, ''],
    );
    expect(taken.code).toBe(0);
    expect(isRegistered(one)).toBe(true);
    expect((await one.run(['test'])).code).toBe(1);
  });

  test('that cannot sign in says so, and the key can still be used', async () => {
    const one = await fresh();
    const { code, printed } = await one.run([...flags(one), '--password-file', '-'], ['wrong', '']);
    expect(printed).toMatch(/missing +Made-up Directory refused the credentials/);
    expect(printed).toMatch(/the installation key can still be used/);
    expect(code).toBe(1);
    expect(isRegistered(one)).toBe(false);
  });

  test('says in one clear sentence that a key was used, that a server is none, that an address is not private', async () => {
    const one = await fresh();
    one.server.installationKeys.clear();
    const used = await one.run([...flags(one), '--password-file', '-'], [one.directory.knobs.password, '']);
    expect(used.printed).toMatch(/does not take this installation key: it was used already/);
    expect(used.printed).not.toMatch(/ at .*\.ts/);
    expect(used.code).toBe(1);
    const elsewhere = await one.run(
      [...flags(one), '--password-file', '-', '--server', one.directory.origin],
      [one.directory.knobs.password, ''],
    );
    expect(elsewhere.printed).toMatch(/no Gatehouse answers/);
    const plain = await one.run(['install', '--server', 'http://insights.example']);
    expect(plain.printed).toMatch(/--server\): Enter an address that starts with https/);
    expect(plain.code).toBe(1);
  });

  test('names the flag and the variable of an answer that is missing', async () => {
    const one = await fresh();
    const { code, printed } = await one.run(['install', '--server', one.server.url]);
    expect(printed).toMatch(/Installation key is missing: give --key-file or GATEHOUSE_COLLECTOR_KEY/);
    expect(code).toBe(1);
  });

  test('does not install over a collector, and makes room for another after uninstall', async () => {
    const one = await fresh();
    await one.run(['install', '--no-service'], answers(one));
    const again = await one.run(['install', '--no-service'], answers(one));
    expect(again.printed).toMatch(/installed in .* already, "Head office"/);
    const no = await one.run(['uninstall'], ['no']);
    expect(no.printed).toMatch(/Nothing was removed/);
    expect((await one.run(['uninstall', '--yes'])).code).toBe(0);
    expect(readdirSync(one.home)).toEqual([]);
    expect((await one.run(['status'])).printed).toMatch(/No collector has run/);
    expect((await one.run(['run'])).code).toBe(78);
  });

  test('tells how it is, for people and as JSON', async () => {
    const one = await fresh();
    await one.run(['install', '--no-service'], answers(one));
    const running = startProcess('collector-process.ts', ['run', '--home', one.home]);
    await until(() => one.server.batches.some(({ type }) => type === 'end'), running.printed);
    const json = async () => JSON.parse((await one.run(['status', '--json'])).printed);
    await until(async () => (await json()).streams.every(({ readAt }: { readAt: string | null }) => readAt !== null));
    expect(await json()).toMatchObject({ isRunning: true, standing: { state: 'connected' }, version: '0.1.0' });
    const lines = await one.run(['status']);
    expect(lines.printed).toMatch(/Collector "Head office", version 0\.1\.0, process \d+/);
    expect(lines.printed).toMatch(/connected, last answer \d+ s ago/);
    expect(lines.printed).toMatch(/read by this collector/);
    expect(lines.code).toBe(0);
    running.child.kill('SIGTERM');
    await running.ended;
  });

  test('has help with an example for every command', async () => {
    const one = await fresh();
    for (const command of ['install', 'run', 'status', 'test', 'uninstall']) {
      const { printed, code } = await one.run([command, '--help']);
      expect(printed, command).toContain(`gatehouse collector ${command}`);
      expect(code).toBe(0);
    }
    const { printed } = await one.run(['install', '--help']);
    expect(printed).toContain('--password-file <path>');
    expect(printed).not.toMatch(/--(password|key) </);
  });
});

describe('what makes a service', () => {
  const started = {
    agent: collector,
    node: '/opt/node 24/bin/node',
    program: '/opt/gatehouse-collector/collector.mjs',
    home: '/var/lib/gatehouse-collector',
  };

  test.for(['/var/lib/gatehouse x', '/srv/100% "sure" $HOME', '/var/lib/gatehouse'])(
    'systemd takes the unit of a folder that is called %s',
    async (home, { skip }) => {
      if (!existsSync('/usr/bin/systemd-analyze')) skip('there is no systemd here');
      const folder = await mkdtemp(join(tmpdir(), 'gatehouse-unit-'));
      const file = join(folder, 'gatehouse-collector.service');
      for (const isUnconfined of [true, false]) {
        const node = process.execPath;
        await writeFile(file, systemdUnit({ ...started, node, program: join(home, 'a.mjs'), home, isUnconfined }));
        // Of other units of this machine it complains, too.
        const { stderr } = await promisify(execFile)('/usr/bin/systemd-analyze', ['verify', file]);
        expect(stderr).not.toContain('gatehouse');
      }
    },
  );

  test('a unit runs as its own user, may write its folder alone, and gains nothing', () => {
    const unit = systemdUnit(started);
    expect(unit).toContain(
      'ExecStart="/opt/node 24/bin/node" /opt/gatehouse-collector/collector.mjs run --home /var/lib/gatehouse-collector',
    );
    for (const line of [
      'User=gatehouse-collector',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'ProtectHome=yes',
      'CapabilityBoundingSet=',
      'ReadWritePaths=/var/lib/gatehouse-collector',
      'UMask=0077',
    ])
      expect(unit.split('\n')).toContain(line);
    // A service that a person has to mend is not started again and again.
    expect(unit).toContain('RestartPreventExitStatus=78');
  });

  test('the commands for Windows name the program, what happens when it fails, and an account without a password', () => {
    const commands = windowsCommands({
      agent: collector,
      node: 'C:\\node\\node.exe',
      program: 'C:\\Gatehouse\\collector.mjs',
      home: "C:\\Data\\O'Hara",
    });
    for (const words of [
      'New-Service',
      'sc.exe failure',
      'gatehouse$',
      'C:\\Gatehouse\\collector.mjs',
      'Register-ScheduledTask',
    ])
      expect(commands).toContain(words);
    expect(commands).toContain("O''Hara");
  });
});
