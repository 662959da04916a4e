import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '@gatehouse/host/agent';
import { identityPassword, type Sample, sampleVault, setImpersonation } from '@gatehouse/vault/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configure, openFolders, textIn } from './testing/configured.ts';
import { type FakeSite, startFakeSite } from './testing/fake-site.ts';
import { clearTokens } from './tokens/index.ts';

/** The vault is the program itself, with its own plugin; only the site is a stand-in. */
const folders = openFolders();
const planted = 'planted-Tr0ub4dor-horse';
let site: FakeSite;
let vault: Sample;
beforeAll(async () => {
  [site, vault] = await Promise.all([startFakeSite(), sampleVault()]);
  const [api, person] = [await vault.identity('svc-ecm'), await vault.identity('sarcher')];
  const root = await vault.account({ system: 'web1', account: 'root', password: planted, autoSpin: true });
  await vault.delegate(person, root, { remoteSessions: true });
  await vault.database.system((tx) => setImpersonation(tx, api, person, true));
});
afterAll(async () => {
  await Promise.all([site?.close(), vault?.close()]);
  folders.remove();
});

const checkouts = async (state: 'open' | 'all'): Promise<readonly unknown[]> =>
  (await vault.operator.get(`/api/checkouts?state=${state}&limit=500`)).body.items;
const nothingOut = (words: string) =>
  expect.poll(() => checkouts('open'), { timeout: 20_000, interval: 50, message: words }).toEqual([]);

/** Leases in the book of which the site has not heard that they ended. */
const unsettled = (home: string): readonly string[] => {
  const lines = textOf(join(home, 'leases.jsonl')).trim().split('\n').filter(Boolean);
  const written = lines.map((line): { is: string; id: string } => JSON.parse(line));
  const known = new Set(written.flatMap(({ is, id }) => (is === 'known' ? [id] : [])));
  return written.flatMap(({ is, id }) => (is === 'open' && !known.has(id) ? [id] : []));
};
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Nothing was leased yet.
    return '';
  }
};

test('killed at any step of a list, a check-out or a check-in at a real vault, the ECM leaves nothing checked out when it is back', {
  timeout: 300_000,
}, async () => {
  const [home, cache] = [folders.make(), folders.make()];
  const endpointUrl = `${vault.url}/ERPMWebService/AuthService.svc`;
  await configure(
    home,
    site.url,
    { endpointUrl, apiUser: 'svc-ecm', apiPassword: identityPassword },
    { plugin: 'privileged-identity', secret: 'apiPassword' },
  );
  /** A process that has loaded everything and waits for its turn. */
  const spawn = (killAt: number) =>
    fork(join(import.meta.dirname, 'testing', 'ecm-process.ts'), [home, String(killAt), 'list'], {
      execArgv: [],
      env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: cache },
    });
  const endpoint = { hostname: 'web1', address: null, domain: null, protocol: 'ssh' };

  /** What a session does: it takes a credential, and gives it back. */
  const use = async (lease: string, credential: unknown) => {
    expect(await site.retrieve(lease, { person: 'sarcher', credential })).toMatchObject({ password: planted });
    const ending = await site.connected();
    await ending.ask('credentials.release', { lease });
  };
  const list = async (lease: string): Promise<unknown> => {
    const asking = await site.connected();
    const listed = await asking.ask('credentials.list', { person: 'sarcher', endpoint, correlation: `l-${lease}` });
    const [first]: readonly unknown[] = Array.isArray(listed.credentials) ? listed.credentials : [];
    return Object(first).credential;
  };
  const session = async (lease: string) => use(lease, await list(lease));

  /** One life. True where the ECM lived through it. */
  const live = async (child: ChildProcess, lease: string): Promise<boolean> => {
    child.send('go');
    const over = once(child, 'exit').then(() => false);
    await site.connected();
    // No session of before lives: whatever the last life left behind is given back by now.
    await nothingOut(`before ${lease}`);
    // So that every life takes the same steps: its book is open, all is told, and nobody has logged in.
    if (lives++ > 0) await use(`before-${lease}`, credential);
    await expect.poll(() => unsettled(home), { timeout: 20_000, interval: 20, message: lease }).toEqual([]);
    await clearTokens(realDisk, home);
    const isDone = await Promise.race([
      session(lease).then(
        () => true,
        () => over,
      ),
      over,
    ]);
    if (isDone) child.kill();
    await over;
    site.cut();
    return isDone;
  };

  let lives = 0;
  let killed = 0;
  const whole = spawn(0);
  const credential = JSON.stringify(['stored', 4, 'web1', '[Linux]', 'root', '']);
  expect(await live(whole, 'lease-0')).toBe(true);
  let next = spawn(1);
  for (let step = 2; step < 100; step++) {
    const now = next;
    next = spawn(step);
    if (await live(now, `lease-${step - 1}`)) break;
    killed++;
  }
  next.kill('SIGKILL');
  // The way there and back of five requests, five writes of the book, three answers to the site.
  expect(killed).toBeGreaterThan(17);
  const last = spawn(0);
  last.send('go');
  await site.connected();
  await nothingOut('at the end');
  last.kill();
  await once(last, 'exit');

  // One for each life that got so far, beside those before it: a lease that was asked for again was the same one.
  const sessions = (await checkouts('all')).length - (lives - 1);
  expect(sessions).toBeGreaterThan(10);
  expect(sessions).toBeLessThanOrEqual(killed + 2);
  expect(`${textIn(home)}\n${site.wire.join('\n')}`).not.toContain(planted);
});
