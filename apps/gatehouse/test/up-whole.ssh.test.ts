import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { noSsh, runThere } from '@gatehouse/lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { call, findTarget } from '../src/commands/index.ts';
import { type RunningUp, startUp } from '../src/testing/running.ts';

const asRoot = process.getuid?.() === 0;
const reason = noSsh();
const main = join(import.meta.dirname, '../src/main.ts');
const password = 'seven quiet otters read maps';

const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-up-'));
  // As another user's PostgreSQL may pass through it.
  chmodSync(home, 0o711);
  return home;
};

/** Asks until it is so; the test's own time limit ends a wait for what does not happen. */
const until = async (isSo: () => boolean | Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
};

/** Programs of ours that have the folder in their environment or their words: programs, agents, the sample server. */
const runningFor = (home: string): readonly string[] =>
  readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return [];
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (words.includes(`machine.sh\0${home}`)) return ['machine'];
      if (words.includes('sshd_config') && readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(`${home}/lab/ssh`))
        return ['sshd'];
      const says = readFileSync(`/proc/${pid}/environ`, 'utf8');
      const program = /apps\/([a-z]+)\/src\/main\.ts/.exec(words)?.[1];
      return program !== undefined && (says.includes(`HOME=${home}`) || words.includes(home)) ? [program] : [];
    } catch {
      // Ended in between, or somebody else’s.
      return [];
    }
  });

/** A port of insights at which those of the others are free, too. */
const freeBase = async (): Promise<number> => {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all([0, 1, 10, 20, 30].map((more) => isFree(base + more)));
    if (free.every(Boolean)) return base;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const Items = z.object({ items: z.array(z.record(z.string(), z.unknown())) });

describe.skipIf(reason !== null)(
  `gatehouse up, all of it${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 240_000 },
  () => {
    const home = newHome();
    let up: RunningUp;
    let base = 0;
    const start = () => startUp(['--home', home, '--port', String(base)]);
    const ask = async (program: string, method: string, path: string, body?: unknown): Promise<unknown> => {
      const target = findTarget(home, undefined, undefined, program);
      const answer = await call(target, { method, path, ...(body !== undefined && { body }) });
      return answer.status === 204 ? null : await answer.json();
    };
    const list = async (program: string, path: string) => Items.parse(await ask(program, 'GET', path)).items;
    const server = () => ({
      ...{ address: '127.0.0.1', account: 'deploy' },
      port: Number(readFileSync(join(home, 'lab/ssh/port'), 'utf8')),
    });
    /** What the ECM finds for a person on the sample server, over the web services and as its own identity. */
    const ecmFinds = async (user: string) => {
      const words = ['ecm', 'test', '--home', join(home, 'ecm'), '--user', user, '--endpoint', '127.0.0.1', '--json'];
      const { stdout } = await promisify(execFile)(process.execPath, [main, ...words]);
      return z.object({ labels: z.array(z.string()) }).parse(JSON.parse(stdout)).labels;
    };

    beforeAll(async () => {
      base = await freeBase();
      up = await start();
    }, 240_000);
    afterAll(async () => {
      await up?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    test('every program is ready, at the port that was given and those after it, and one table says so', async () => {
      const printed = up.printed();
      expect(printed).toMatch(/program\s+address\s+state/);
      for (const [program, port] of [
        ['insights', base],
        ['site', base + 10],
        ['vault', base + 20],
        ['desk', base + 30],
      ] as const) {
        expect(up.urlOf(program)).toBe(`http://localhost:${port}`);
        expect((await fetch(`${up.urlOf(program)}/readyz`)).status).toBe(200);
      }
      expect(printed).toMatch(/ecm\s+\S+ → \S+\s+connected/);
      expect(printed).toMatch(/lab: Linux server\s+ssh:\/\/127\.0\.0\.1:\d+\s+ready/);
      expect(printed.match(/\/welcome/g)).toHaveLength(1);
    });

    test('one link makes the first administrator of all of them, once, and signs in to each', async () => {
      const link = new URL(up.link ?? '');
      const send = (fields: Record<string, string>, headers: Record<string, string> = { origin: link.origin }) =>
        fetch(new URL('/welcome', link), {
          ...{ method: 'POST', headers },
          body: new URLSearchParams({ key: link.searchParams.get('key') ?? '', ...fields }),
        });
      const ada = { name: 'Ada <b>', email: 'ada@meridianfreight.example', password, again: password };
      const short = await send({ ...ada, password: 'short', again: 'short' });
      expect([short.status, short.headers.getSetCookie()]).toEqual([422, []]);
      expect(await short.text()).toContain('Ada &lt;b&gt;');
      expect((await send(ada, { origin: 'http://elsewhere.example' })).status).toBe(403);
      expect((await send({ ...ada, key: 'ghu_another' })).status).toBe(404);
      const [first, second] = await Promise.all([send(ada), send({ ...ada, email: 'bea@meridianfreight.example' })]);
      expect([first.status, second.status].toSorted()).toEqual([200, 404]);
      const cookie = [...first.headers.getSetCookie(), ...second.headers.getSetCookie()]
        .map((one) => one.split(';')[0])
        .join('; ');
      const all = ['desk', 'insights', 'site', 'vault'];
      for (const program of all) {
        const session = await fetch(`${up.urlOf(program)}/api/session`, { headers: { cookie } });
        expect(await session.json()).toMatchObject({ person: { systemAdministrator: true }, setup: false });
        const apps = Items.parse(await (await fetch(`${up.urlOf(program)}/api/apps`, { headers: { cookie } })).json());
        expect(apps.items.map(({ id }) => id).toSorted()).toEqual(all.filter((other) => other !== program));
      }
      expect((await fetch(link)).status).toBe(404);
    });

    test('the ECM is connected to the site, and finds the managed account for the first administrator alone', async () => {
      expect(await list('site', '/api/ecm-clients')).toMatchObject([
        { name: 'Gatehouse ECM', plugin: 'Privileged Identity', lastError: null },
      ]);
      const [user] = await list('site', '/api/users');
      const name = String(user?.username);
      expect(['ada', 'bea']).toContain(name);
      expect(await ecmFinds(name)).toEqual([expect.stringContaining('deploy')]);
      expect(await ecmFinds('somebody')).toEqual([]);
      expect(await list('site', `/api/users/${user?.id}/reach`)).toMatchObject([
        { name: 'web1', hostname: '127.0.0.1', port: server().port, obstacle: null },
      ]);
    });

    test('after a session the password is another one: the old one is refused and the new one accepted', async () => {
      const sdk = await openSdk(ask, up.urlOf('vault'));
      const first = await sdk.checkOut('lease-1');
      expect(await runThere(server(), first, 'id -un')).toBe('deploy\n');
      const jobId = await sdk.checkIn('lease-1');
      await until(async () => Object(await ask('vault', 'GET', `/api/jobs/${jobId}`)).state === 'succeeded');
      const second = await sdk.checkOut('lease-2');
      expect(second).not.toBe(first);
      expect(await runThere(server(), first, 'id -un')).toBeNull();
      expect(await runThere(server(), second, 'id -un')).toBe('deploy\n');
      const next = await sdk.checkIn('lease-2');
      await until(async () => Object(await ask('vault', 'GET', `/api/jobs/${next}`)).state === 'succeeded');
    });

    /** Everything that was changed in them, without who logged in and connected. */
    const changes = async () => [
      ...(await list('site', '/api/audit?limit=500'))
        .filter(({ action }) => !String(action).startsWith('ecm.'))
        .map(({ id }) => id),
      ...(await list('vault', '/api/audit?limit=500'))
        .filter(({ event }) => !String(event).includes('LOG'))
        .map(({ seq }) => seq),
    ];

    test('stops within five seconds, and a second start changes nothing', async () => {
      const before = await changes();
      const { code, ms } = await up.stop();
      expect(code).toBe(0);
      expect(ms).toBeLessThan(5_000);
      expect(runningFor(home)).toEqual([]);
      up = await start();
      expect(up.link).toBeNull();
      expect(await changes()).toEqual(before);
      expect(up.printed()).toMatch(/ecm\s+\S+ → \S+\s+connected/);
    });

    // The programs are found by /proc.
    test('killed it leaves nothing running, and the next start repairs what is missing, at another port too', async () => {
      const [item] = await list('site', '/api/jump-items/shell-jump');
      await ask('site', 'DELETE', `/api/jump-items/shell-jump/${item?.id}`);
      const [registration] = (await list('vault', '/api/registrations')).filter(({ name }) => name === 'Gatehouse ECM');
      await ask('vault', 'DELETE', `/api/registrations/${registration?.registrationId}`);
      const before = runningFor(home);
      for (const name of ['insights', 'site', 'vault', 'desk', 'ecm', 'machine', 'sshd'])
        expect(before).toContain(name);
      await until(() => runningFor(home).includes('collector'));
      await up.stop('SIGKILL');
      // The database stays until the next start, which ends it.
      await until(() => runningFor(home).length === 0);
      base = await freeBase();
      up = await start();
      expect(up.printed()).toMatch(new RegExp(`ecm\\s+http://localhost:${base + 10} → \\S+${base + 20}\\s+connected`));
      expect(await list('site', '/api/jump-items/shell-jump')).toMatchObject([{ name: 'web1', port: server().port }]);
      const [user] = await list('site', '/api/users');
      expect(await ecmFinds(String(user?.username))).toEqual([expect.stringContaining('deploy')]);
      const [site, desk] = [base + 10, base + 30].map((port) => `http://localhost:${port}`);
      expect(await list('desk', '/api/sites')).toMatchObject([{ url: site }]);
      expect(await list('desk', '/api/connections')).toMatchObject([{ settings: { url: desk } }]);
      expect(await list('site', '/api/outbound-events/recipients')).toMatchObject([
        { url: expect.stringContaining(`${desk}/`) },
      ]);
    });
  },
);

/** The web services, as a program that may act for whoever has the role of the sample. */
const openSdk = async (
  ask: (program: string, method: string, path: string, body?: unknown) => Promise<unknown>,
  vault: string,
) => {
  const vaultAsk = async (method: string, path: string, body?: unknown) =>
    Object(await ask('vault', method, path, body));
  const own = await vaultAsk('POST', '/api/identities', {
    ...{ kind: 'explicit', name: 'svc-test', password: { from: 'random' } },
  });
  await vaultAsk('PUT', `/api/permissions/${own.identityId}`, {
    ...{ logIn: true, allAccess: false, ignorePasswordCheckout: false },
  });
  const identities = z
    .array(z.object({ identityId: z.string(), name: z.string(), personId: z.string().nullable() }))
    .parse((await vaultAsk('GET', '/api/identities')).items);
  const role = identities.find(({ name }) => name === 'Sample operators');
  const person = identities.find(({ personId }) => personId !== null);
  await vaultAsk('PUT', `/api/impersonations/${own.identityId}/${role?.identityId}`, {});
  const { key } = await vaultAsk('POST', '/api/registrations', { name: 'Test' });
  const operation = async (name: string, body: object) => {
    const answer = await fetch(`${vault}/ERPMWebService/json/V2/AuthService.svc/${name}`, {
      ...{ method: 'POST', headers: { apiregistrationkey: String(key) }, body: JSON.stringify(body) },
    });
    const said = Object(await answer.json());
    if (!answer.ok) throw new Error(`${name}: ${said.OperationMessage}`);
    return said;
  };
  const login = await operation('DoLogin2', { Username: 'svc-test', Password: own.password, LoginType: 1 });
  const acting = await operation('DoImpersonate', {
    ...{ AuthenticationToken: login.OperationMessage, IdentityName: person?.name, Comment: 'A test' },
  });
  const about = (lease: string) => ({
    ...{ AuthenticationToken: acting.OperationMessage, Comment: 'A test', LeaseID: lease },
    AccountIdentificationInfo: { AccountName: 'deploy', AccountStore: { TargetName: 'web1', Type: 4 } },
  });
  return {
    checkOut: async (lease: string): Promise<string> =>
      (await operation('AccountStoreOps_StoredCredential_CheckOut', about(lease))).Password,
    /** Answers the number of the job that changes the password now. */
    checkIn: async (lease: string): Promise<number> =>
      (await operation('AccountStoreOps_StoredCredential_CheckIn', about(lease))).JobID,
  };
};

/** As on a machine where the server of OpenSSH is not installed. */
const withoutSshd = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /usr/sbin && exec "$@"', 'sh'];

test.skipIf(!asRoot || reason !== null)(
  `without OpenSSH one sentence says what to install, and everything else runs${asRoot ? '' : ' (only root can try it)'}`,
  { timeout: 240_000 },
  async () => {
    const home = newHome();
    const up = await startUp(['--home', home, '--port', '0', '--only', 'site,vault'], {}, withoutSshd);
    try {
      expect(up.printed()).toContain('apt-get install openssh-server');
      expect(up.printed()).toMatch(/lab: Linux server\s+not running/);
      for (const program of ['site', 'vault']) expect((await fetch(`${up.urlOf(program)}/readyz`)).status).toBe(200);
      const system = await call(findTarget(home, undefined, undefined, 'vault'), {
        method: 'GET',
        path: '/api/systems',
      });
      expect(Items.parse(await system.json()).items).toEqual([]);
    } finally {
      await up.stop();
      rmSync(home, { recursive: true, force: true });
    }
  },
);
