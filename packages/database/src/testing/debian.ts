import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { choosePlace } from '../embedded/place.ts';
import { choosePort } from '../embedded/postmaster.ts';
import { careless } from './global-setup.ts';
import { makeScratch } from './scratch.ts';

export interface DebianPostgres {
  /** Of an administrator; goes into GATEHOUSE_TEST_DATABASE_URL. */
  readonly url: string;
  /** "PostgreSQL 15.18". */
  readonly version: string;
  stop(): Promise<void>;
}

/** Starts the server of Debian's package in a scratch folder of its own, as an ordinary user also when we are root. */
export const startDebianPostgres = async (bin = '/usr/lib/postgresql/15/bin'): Promise<DebianPostgres> => {
  const scratch = makeScratch('gatehouse-debian-postgres-');
  const { runAs } = choosePlace(scratch, join(scratch, 'system'), () => undefined);
  const data = join(scratch, 'data');
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(scratch, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs) for (const path of [data, passwordFile]) chownSync(path, runAs.uid, runAs.gid);

  const options = { ...runAs, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  const made = spawn(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'tester', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8'],
    { ...options, stdio: 'ignore' },
  );
  if ((await exitCode(made)) !== 0) throw new Error(`${bin}/initdb failed.`);
  const port = await choosePort(undefined);
  const settings = { ...careless, port, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...options, stdio: 'ignore' },
  );
  const ended = exitCode(server);
  const url = `postgres://tester:${password}@127.0.0.1:${port}/postgres`;
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    return { url, version: await versionOf(url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const exitCode = (child: ReturnType<typeof spawn>) =>
  new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });

const versionOf = async (url: string): Promise<string> => {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('show server_version');
      return `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`;
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
};
