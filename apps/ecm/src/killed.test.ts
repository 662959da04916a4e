import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { configure, openFolders, textIn, until } from './testing/configured.ts';
import { startFakeSite } from './testing/fake-site.ts';
import { startFakeVault } from './testing/fake-vault.ts';

const folders = openFolders();
afterAll(() => folders.remove());

test('whenever the ECM is killed, nothing stays checked out, and no lease is two', { timeout: 180_000 }, async () => {
  const [home, cache] = [folders.make(), folders.make()];
  const site = await startFakeSite();
  const vault = await startFakeVault();
  await configure(home, site.url, { url: vault.origin, password: 'vault-password' });
  let killed = 0;
  let lives = 0;
  const ended: string[] = [];

  /** A process that has loaded everything and waits for its turn. */
  const spawn = (killAt: number, from: 'start' | 'retrieval') =>
    fork(join(import.meta.dirname, 'testing', 'ecm-process.ts'), [home, String(killAt), from], {
      execArgv: [],
      env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: cache },
    });

  /** One life: a session gets a credential and gives it back. True where the ECM lived through it. */
  const live = async (child: ChildProcess): Promise<boolean> => {
    const lease = `lease-${++lives}`;
    child.send('go');
    const over = once(child, 'exit').then(() => false);
    const session = async () => {
      await site.connected();
      await site.retrieve(lease);
      site.live.add(lease);
      const ecm = await site.connected();
      await ecm.ask('credentials.release', { lease });
      return true;
    };
    const isDone = await Promise.race([session().catch(() => over), over]);
    // Whether a session outlives its ECM or not, in turns. A later life hears of both.
    if (!isDone && lives % 2 === 0) site.live.delete(lease);
    if (!isDone) killed++;
    else child.kill();
    await over;
    site.cut();
    ended.push(lease);
    return isDone;
  };

  try {
    let next = spawn(1, 'retrieval');
    for (let step = 2; step < 100; step++) {
      const now = next;
      next = spawn(step, 'retrieval');
      if (await live(now)) break;
    }
    next.kill('SIGKILL');
    for (const step of [1, 2, 4, 6]) await live(spawn(step, 'start'));
    expect(killed).toBeGreaterThan(12);
    // The sessions are over; one more life hears so.
    site.live.clear();
    const last = spawn(0, 'start');
    last.send('go');
    await until(
      () => vault.out.size === 0,
      () => [...vault.out.keys()].join(),
    );
    await site.connected();
    last.kill();
    await once(last, 'exit');
    expect(vault.ever.size).toBeGreaterThan(5);
    expect(vault.passwords).toHaveLength(vault.ever.size);
    const written = `${textIn(home)}\n${site.wire.join('\n')}`;
    for (const password of vault.passwords) expect(written).not.toContain(password);
  } finally {
    await site.close();
    await vault.server.close();
  }
});
