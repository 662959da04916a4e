import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EndedEarly, type RunningUp, startUp } from '../src/testing/running.ts';

const asRoot = process.getuid?.() === 0;

/** A home as another user's PostgreSQL may pass through it. */
const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-up-'));
  chmodSync(home, 0o711);
  return home;
};

const failure = async (args: readonly string[]): Promise<EndedEarly> => {
  try {
    const up = await startUp(args);
    await up.stop();
  } catch (error) {
    if (error instanceof EndedEarly) return error;
    throw error;
  }
  throw new Error('it started');
};

/** Asks until it is so; the test's own time limit ends a wait for what does not happen. */
const until = async (isSo: () => boolean | Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe('gatehouse up, one program', { timeout: 120_000 }, () => {
  const home = newHome();
  let first: RunningUp;
  beforeAll(async () => {
    first = await startUp(['--home', home, '--port', '0', '--only', 'insights', '--no-lab']);
  }, 120_000);
  afterAll(async () => {
    await first.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('prints where each program answers and a link for the first administrator', async () => {
    expect(first.printed()).toMatch(/program\s+address/);
    expect(first.link).toContain('/welcome');
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  test('a second start on the same folder says that it is in use and leaves the first alone', async () => {
    const { code, printed } = await failure(['--home', home, '--port', '0', '--only', 'insights', '--no-lab']);
    expect(code).toBe(1);
    expect(printed).toContain(home);
    expect(printed).toContain('--home');
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  test('a taken port is named with the flag that changes it', async () => {
    const other = newHome();
    const { port } = new URL(first.url);
    const { code, printed } = await failure(['--home', other, '--port', port, '--only', 'insights', '--no-lab']);
    expect(code).toBe(1);
    expect(printed).toContain(port);
    expect(printed).toContain('--port');
    expect(printed).not.toMatch(/^\s+at /m);
    rmSync(other, { recursive: true, force: true });
  });

  test('a database that is killed is started again, and the pages answer again without a restart', async () => {
    const pointer = join(home, 'postgres-folder');
    const data = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(home, 'postgres');
    const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await until(() => first.printed().includes('The database runs again.'));
    expect(first.printed()).toContain('The database was killed');
    await until(async () => (await fetch(`${first.url}/readyz`)).status === 200);
    expect((await fetch(`${first.url}/api/session`)).status).toBe(200);
    expect((await fetch(`${first.url}/sign-in`)).status).toBe(200);
  });

  test('stops cleanly within five seconds, and everything is there at the next start', async () => {
    const { code, ms } = await first.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
    first = await startUp(['--home', home, '--port', '0', '--only', 'insights', '--no-lab']);
    expect(first.link).not.toBeNull();
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  test('a folder that cannot be a home is named with the flag that changes it', async () => {
    const file = join(newHome(), 'file');
    writeFileSync(file, '');
    const { code, printed } = await failure([
      '--home',
      join(file, 'home'),
      '--port',
      '0',
      '--only',
      'insights',
      '--no-lab',
    ]);
    expect(code).toBe(1);
    expect(printed).toContain(join(file, 'home'));
    expect(printed).toContain('--home');
  });

  test('a damaged data folder is named, and nothing in it is overwritten', async () => {
    const broken = newHome();
    const up = await startUp(['--home', broken, '--port', '0', '--only', 'insights', '--no-lab']);
    await up.stop();
    const pointer = join(broken, 'postgres-folder');
    const data = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(broken, 'postgres');
    writeFileSync(join(data, 'global/pg_control'), 'damaged');
    const before = readdirSync(data)
      .filter((name) => name !== 'postmaster.pid')
      .sort();
    const { code, printed } = await failure(['--home', broken, '--port', '0', '--only', 'insights', '--no-lab']);
    expect(code).toBe(1);
    expect(printed).toContain(data);
    expect(printed).toContain('--home');
    expect(readFileSync(join(data, 'global/pg_control'), 'utf8')).toBe('damaged');
    // PostgreSQL leaves its own lock file behind when it refuses; the next start knows it as stale.
    expect(
      readdirSync(data)
        .filter((name) => name !== 'postmaster.pid')
        .sort(),
    ).toEqual(before);
    rmSync(broken, { recursive: true, force: true });
  });

  test.skipIf(!asRoot)(
    `under a folder that only root may enter it keeps the database elsewhere and says so${asRoot ? '' : ' (only root can try it)'}`,
    async () => {
      const outer = mkdtempSync(join(tmpdir(), 'gatehouse-root-only-'));
      chmodSync(outer, 0o700);
      const up = await startUp(['--home', join(outer, 'home'), '--port', '0', '--only', 'insights', '--no-lab']);
      expect(up.printed()).toContain('Only root may enter');
      expect((await fetch(`${up.url}/readyz`)).status).toBe(200);
      await up.stop();
      rmSync(outer, { recursive: true, force: true });
    },
  );

  test('a port of the sample organisation that is taken at its first start is replaced by another', async () => {
    const blocker = createServer().listen(8_491, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve).once('error', resolve));
    const other = newHome();
    const up = await startUp(['--home', other, '--port', '0', '--only', 'insights']);
    expect(up.printed()).toMatch(/lab: Okta\s+http:\/\/127\.0\.0\.1:(?!8491)\d+/);
    await up.stop();
    blocker.close();
    rmSync(other, { recursive: true, force: true });
  });
});
