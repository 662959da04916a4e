import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { StartFault } from '../start-fault.ts';
import { careless } from '../testing/global-setup.ts';
import { type Embedded, type EmbeddedOptions, findEmbedded, startEmbedded } from './start-embedded.ts';

const scratch: string[] = [];
const running: Embedded[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const folder = (mode = 0o711): string => {
  const made = mkdtempSync(join(tmpdir(), 'gatehouse-embedded-'));
  chmodSync(made, mode);
  scratch.push(made);
  return made;
};
const start = async (home: string, more: Partial<EmbeddedOptions> = {}): Promise<Embedded> => {
  const server = await startEmbedded({ home, settings: careless, ...more });
  running.push(server);
  return server;
};
const stop = async (server: Embedded) => {
  running.splice(running.indexOf(server), 1);
  await server.stop();
};
const query = async (server: Embedded, statement: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: (await server.database('insights')).reveal() });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};
/** The sentence of a start that must not succeed. */
const refusal = async (home: string, more: Partial<EmbeddedOptions> = {}): Promise<StartFault> => {
  const fault = await start(home, more).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(StartFault);
  return fault as StartFault;
};
const isRoot = process.getuid?.() === 0;

test('a first start makes a database, a second one finds everything there within two seconds', async () => {
  const home = join(folder(), 'home');
  const first = await start(home);
  await query(first, 'create table kept as select 1 as x');
  expect(await query(first, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  await stop(first);
  const before = performance.now();
  const second = await start(home);
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(await query(second, 'select x from kept')).toEqual([{ x: 1 }]);
});

test('the password is readable by its owner alone and the server listens on loopback only', async () => {
  const home = join(folder(), 'home');
  const server = await start(home);
  expect(statSync(join(home, 'postgres-password')).mode & 0o777).toBe(0o600);
  expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  const stranger = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'gatehouse', password: 'guess' });
  await expect(stranger.connect()).rejects.toThrow(/password/);
  expect(JSON.stringify(await server.database('insights'))).toBe('"[secret]"');
});

test('a second Gatehouse on the same folder is refused, and the first goes on', async () => {
  const home = join(folder(), 'home');
  const first = await start(home);
  const fault = await refusal(home);
  expect(fault.message).toContain('Another Gatehouse is running');
  expect(fault.message).toContain(home);
  expect(fault.flag).toBe('--home');
  expect(await query(first, 'select 1 as x')).toEqual([{ x: 1 }]);
  const url = findEmbedded(home)?.('insights').reveal();
  expect(url).toBe((await first.database('insights')).reveal());
});

test('after a kill the server that was left running is ended, and nothing is lost', async () => {
  const home = join(folder(), 'home');
  const program = `import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'start-embedded.ts'))};
    const server = await startEmbedded({ home: ${JSON.stringify(home)} }); await server.database('insights');
    console.log('ready'); setInterval(() => undefined, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const server = await start(home);
  expect(await query(server, 'select 1 as x')).toEqual([{ x: 1 }]);
});

test('a file left by a dead server whose number another process has now does not stop the start', async () => {
  const home = join(folder(), 'home');
  await stop(await start(home));
  writeFileSync(join(home, 'postgres', 'postmaster.pid'), `${process.pid}\n${join(home, 'postgres')}\n1\n5432\n`);
  await start(home);
});

test.each([
  ['PG_VERSION is missing', (data: string) => rmSync(join(data, 'PG_VERSION')), /PG_VERSION/],
  ['another major version made it', (data: string) => writeFileSync(join(data, 'PG_VERSION'), '12\n'), /PostgreSQL 12/],
  [
    'the control file is broken',
    (data: string) => truncateSync(join(data, 'global', 'pg_control'), 100),
    /does not start/,
  ],
])('a damaged folder is told by its name and left as it is: %s', async (_, damage, words) => {
  const home = join(folder(), 'home');
  await stop(await start(home));
  const data = join(home, 'postgres');
  damage(data);
  const before = readdirSync(data).toSorted();
  const contents = readFileSync(join(data, 'global', 'pg_control'));
  const fault = await refusal(home);
  expect(fault.message).toMatch(words);
  expect(fault.message).toContain(data);
  expect(fault.message).toContain('--home');
  // The only thing that a server which gave up may leave.
  expect(
    readdirSync(data)
      .filter((name) => name !== 'postmaster.pid')
      .toSorted(),
  ).toEqual(before);
  expect(readFileSync(join(data, 'global', 'pg_control')).equals(contents)).toBe(true);
});

test('a folder with something else in it is not overwritten', async () => {
  const home = join(folder(), 'home');
  mkdirSync(join(home, 'postgres'), { recursive: true });
  writeFileSync(join(home, 'postgres', 'thesis.txt'), 'precious');
  expect((await refusal(home)).message).toContain('--home');
  expect(readdirSync(join(home, 'postgres'))).toEqual(['thesis.txt']);
});

test('a database without its password is told, and no new one is made', async () => {
  const home = join(folder(), 'home');
  await stop(await start(home));
  rmSync(join(home, 'postgres-password'));
  expect((await refusal(home)).message).toContain('postgres-password');
  expect(existsSync(join(home, 'postgres-password'))).toBe(false);
});

test('a folder that is a file, or lies under one, is told by its name', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  for (const home of [file, join(file, 'home')]) {
    const fault = await refusal(home);
    expect(fault.message).toContain(home);
    expect(fault.flag).toBe('--home');
  }
  expect(readFileSync(file, 'utf8')).toBe('');
});

test.skipIf(isRoot)(
  `a folder that this user may not write is told by its name${isRoot ? ' (root may write everywhere)' : ''}`,
  async () => {
    const home = folder(0o500);
    expect((await refusal(home)).message).toContain('may not be written');
  },
);

test('a port that is taken is told with its flag', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const fault = await refusal(join(folder(), 'home'), { port });
  expect(fault.message).toContain(String(port));
  expect(fault.flag).toBe('--database-port');
  other.close();
});

test.runIf(isRoot)(
  `as root, a folder that only root may enter keeps a pointer to where its data are served from${isRoot ? '' : ' (only root can try it)'}`,
  async () => {
    const home = join(folder(0o700), 'home');
    const systemFolder = join(folder(), 'system');
    const told: string[] = [];
    const server = await start(home, { systemFolder, onProgress: (text) => void told.push(text) });
    expect(told.join('\n')).toContain(`Only root may enter ${home}`);
    expect(server.folder.startsWith(systemFolder)).toBe(true);
    expect(readFileSync(join(home, 'postgres-folder'), 'utf8')).toBe(`${server.folder}\n`);
    expect(statSync(server.folder).uid).not.toBe(0);
    await query(server, 'create table kept as select 1 as x');
    await stop(server);
    expect(await query(await start(home, { systemFolder }), 'select x from kept')).toEqual([{ x: 1 }]);
  },
);

test('a server that ends by itself says so', async () => {
  const server = await start(join(folder(), 'home'));
  const [row] = await query(server, "select pid from pg_stat_activity where backend_type = 'checkpointer'");
  const main = readFileSync(join(server.folder, 'postmaster.pid'), 'utf8').split('\n')[0];
  expect(row).toBeDefined();
  process.kill(Number(main), 'SIGQUIT');
  expect(await server.ended).toContain('The database ended');
});

test('a server that lost one of its processes is still known as ours', async () => {
  const home = join(folder(), 'home');
  const server = await start(home);
  const [row] = await query(server, "select pid from pg_stat_activity where backend_type = 'checkpointer'");
  process.kill(Number(row?.pid), 'SIGKILL');
  const holders = `select pid from pg_locks where locktype = 'advisory'`;
  // A session that the server ended answers the first questions.
  for (let held = false, asked = 0; !held && asked < 100; asked++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    held = (await query(server, holders).catch(() => [])).length > 0;
  }
  expect((await refusal(home)).message).toContain('Another Gatehouse is running');
  expect(await query(server, 'select 1 as x')).toEqual([{ x: 1 }]);
});

test('stopping takes less than three seconds, also with sessions open', async () => {
  const server = await start(join(folder(), 'home'));
  const client = new pg.Client({ connectionString: (await server.database('insights')).reveal() });
  client.on('error', () => undefined);
  await client.connect();
  const sleeping = client.query('select pg_sleep(60)').catch((error: unknown) => error);
  const before = performance.now();
  await stop(server);
  expect(performance.now() - before).toBeLessThan(3_000);
  expect(await sleeping).toBeInstanceOf(Error);
});
