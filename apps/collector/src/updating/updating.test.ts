import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readState } from '../status/index.ts';
import { type Installed, installOne, type Running, startProcess, until } from '../testing/installed.ts';
import { makeReleaseKey, programs, release } from '../testing/releases.ts';

const key = makeReleaseKey();
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
const set = async (): Promise<Installed> => {
  const installed = await installOne({ releaseKey: key.public });
  open.push(() => installed.close());
  return installed;
};
const run = ({ home }: Installed, trialSeconds = 2): Running => {
  const running = startProcess('collector-process.ts', [
    'run',
    '--home',
    home,
    '--trial-seconds',
    String(trialSeconds),
  ]);
  open.push(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
  });
  return running;
};
const offer = ({ server }: Installed, version: string, files: Record<string, string | Uint8Array>) => {
  server.knobs.release = files;
  server.knobs.offers = version;
};
const markOf = ({ home }: Installed) => join(home, 'started.txt');
const startsOf = (installed: Installed) =>
  existsSync(markOf(installed)) ? readFileSync(markOf(installed), 'utf8').trim().split('\n') : [];
const fetches = ({ server }: Installed) =>
  server.heard.filter((line) => line.startsWith('GET /api/collector/release/')).length;
const saidOf = async ({ home }: Installed) => (await readState(home))?.update?.said ?? '';

describe('a newer version', { timeout: 60_000 }, () => {
  test('is fetched, checked, started, and stays when it reports, also after a restart', async () => {
    const installed = await set();
    offer(installed, '0.2.0', release(key, '0.2.0', programs.reports(markOf(installed))));
    const running = run(installed);
    await until(() => running.printed().includes('0.2.0 reported and stays'), running.printed);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    run(installed);
    await until(() => startsOf(installed).length === 2);
    expect(readdirSync(join(installed.home, 'versions'))).toEqual(['0.2.0']);
  });

  test('that does not report goes back within its time, and is not tried again that day', async () => {
    const installed = await set();
    offer(installed, '0.2.0', release(key, '0.2.0', programs.isSilent(markOf(installed))));
    const running = run(installed, 1);
    await until(() => running.printed().includes('did not report within 1 s'), running.printed);
    const { length } = installed.server.hellos;
    // The version before it runs again, and leaves the one that is still offered alone.
    await until(() => installed.server.hellos.length > length + 5, running.printed);
    expect(startsOf(installed)).toEqual(['silent']);
    expect(fetches(installed)).toBe(1);
    await until(async () => /not tried again for a day/.test(await saidOf(installed)));
    offer(installed, '0.3.0', release(key, '0.3.0', programs.reports(markOf(installed))));
    await until(() => running.printed().includes('0.3.0 reported and stays'), running.printed);
  });

  test('that ends before it reports goes back at once', async () => {
    const installed = await set();
    offer(installed, '0.2.0', release(key, '0.2.0', programs.ends(markOf(installed))));
    const running = run(installed, 60);
    await until(() => running.printed().includes('0.2.0 ended before it reported'), running.printed);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length, running.printed);
    expect(startsOf(installed)).toEqual(['ends']);
  });

  test('whose trial was cut short by the power goes back at the next start', async () => {
    const installed = await set();
    offer(installed, '0.2.0', release(key, '0.2.0', programs.isSilent(markOf(installed))));
    const running = run(installed, 60);
    await until(() => startsOf(installed).length === 1, running.printed);
    running.child.kill('SIGKILL');
    await running.ended;
    const again = run(installed, 60);
    await until(() => again.printed().includes('0.2.0 was ended before it reported'), again.printed);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length, again.printed);
    expect(startsOf(installed)).toEqual(['silent']);
  });

  const mark = '/nowhere';
  const good = release(key, '0.2.0', programs.reports(mark));
  test.each([
    ['signed with another key', release(makeReleaseKey(), '0.2.0', programs.reports(mark)), /not signed with the key/],
    ['whose file was changed', { ...good, 'collector.mjs': programs.ends(mark) }, /not the one that was signed/],
    [
      'whose manifest was changed',
      { ...good, 'release.json': good['release.json']?.toString().replace('0.2.0', '0.9.0') ?? '' },
      /not signed with the key/,
    ],
    ['without a signature', { ...good, 'release.json': '{"version":"0.2.0"}' }, /cannot be read/],
    [
      'that is older than the one that runs',
      release(key, '0.0.9', programs.reports(mark)),
      /0\.0\.9 is not newer than 0\.1\.0/,
    ],
  ])('%s is refused, said, and never started', async (_, files, words) => {
    const installed = await set();
    offer(installed, '0.2.0', files);
    const running = run(installed);
    await until(async () => words.test(await saidOf(installed)), running.printed);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length + 3);
    expect(running.printed()).not.toContain('is started');
    expect(existsSync(join(installed.home, 'versions', '0.2.0'))).toBe(false);
  });

  test('that was changed on the disk since is not started', async () => {
    const installed = await set();
    offer(installed, '0.2.0', release(key, '0.2.0', programs.reports(markOf(installed))));
    const running = run(installed);
    await until(() => running.printed().includes('0.2.0 reported and stays'), running.printed);
    running.child.kill('SIGTERM');
    await running.ended;
    installed.server.knobs.offers = null;
    writeFileSync(join(installed.home, 'versions', '0.2.0', 'collector.mjs'), programs.ends(markOf(installed)));
    const again = run(installed);
    const { length } = installed.server.hellos;
    await until(() => installed.server.hellos.length > length, again.printed);
    expect(again.printed()).toMatch(/0\.2\.0 is not started: .*not the one that was signed/);
    expect(startsOf(installed)).toEqual(['reports']);
  });

  test('is the bundle of this very program: one file that reads nothing else, and reports as what it is', async () => {
    const installed = await set();
    const out = join(installed.home, 'bundle');
    execFileSync(process.execPath, [join(import.meta.dirname, '../../bundle.ts'), '--out', out, '--version', '0.2.0'], {
      stdio: 'ignore',
    });
    const program = readFileSync(join(out, 'collector.mjs'));
    offer(installed, '0.2.0', release(key, '0.2.0', program));
    const running = run(installed, 30);
    await until(() => installed.server.hellos.some(({ version }) => version === '0.2.0'), running.printed, 40_000);
    await until(() => running.printed().includes('0.2.0 reported and stays'), running.printed);
    running.child.kill('SIGTERM');
    const begun = performance.now();
    expect(await running.ended).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('a collector that ends by itself is started again', async () => {
    const installed = await set();
    const running = run(installed);
    await until(() => installed.server.hellos.length > 0, running.printed);
    const pid = async () => (await readState(installed.home))?.pid ?? 0;
    await until(async () => (await pid()) > 0);
    const before = await pid();
    process.kill(before, 'SIGKILL');
    await until(async () => (await pid()) !== before, running.printed);
    expect(running.printed()).toContain('started again');
  });
});
