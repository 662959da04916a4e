import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embedded } from '@gatehouse/database';
import { ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { endOf, signIn } from './programs.ts';
import type { ErrandTask, SiteAnswer, SiteTask } from './site-worker.ts';

/** The site in a process of its own, whose door is asked in it. */
export interface SiteProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly operator: TestClient;
  /** Somebody who may open sessions on an endpoint. */
  errand(username: string, hostname: string): Promise<ErrandTask>;
  /** An API account for ECMs. */
  ecmAccount(): Promise<{ readonly clientId: string; readonly secret: string }>;
  /** What one such account connects with. */
  token(): Promise<string>;
  /** Of an account that may have reports. */
  reportToken(): Promise<string>;
  /** Resolves once an ECM lists one. */
  firstCredential(errand: ErrandTask): Promise<string>;
  ask(task: Extract<SiteTask, { type: 'ask' }>): Promise<readonly number[]>;
  hold(task: Extract<SiteTask, { type: 'hold' }>): Promise<Extract<SiteAnswer, { type: 'held' }>>;
  release(): Promise<void>;
}

/** `waitMs`: how long a request may wait; left out, as usual. */
export const startSiteWorker = async (
  server: Embedded,
  scratch: string,
  name: string,
  waitMs?: number,
): Promise<SiteProcess> => {
  const home = join(scratch, name);
  await mkdir(home, { recursive: true });
  const words = [(await server.database(`bench_${name}`)).reveal(), home, String(waitMs ?? '')];
  const child = fork(join(import.meta.dirname, 'site-worker.ts'), words, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ url }] = await once(child, 'message');
  const token = readFileSync(join(home, 'site.token'), 'utf8').trim();
  const operator = testClient(url, { authorization: `Bearer ${token}` });
  const tell = async <T extends SiteAnswer['type']>(task: SiteTask, wanted: T) => {
    const told = new AbortController();
    const { signal } = told;
    child.send(task);
    const answer: SiteAnswer = await Promise.race([
      once(child, 'message', { signal }).then(([said]) => said), // What site-worker.ts sends.
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error('The site of the bench has ended.'))),
    ]).finally(() => told.abort());
    if (answer.type !== wanted) throw new Error(`The site of the bench answered ${answer.type}.`);
    return answer as Extract<SiteAnswer, { type: T }>; // Its type was looked at.
  };
  const accountOf = async (permission: 'perm_ecm' | 'perm_reporting_support') => {
    await ok(operator.ask('PATCH', '/api/options', { body: { enableXmlApi: true, allowEcmConnections: true } }));
    const { body } = await ok(operator.post('/api/api-accounts', { name: permission, [permission]: true }));
    const secret = await ok(operator.post(`/api/api-accounts/${body.id}/secret`, {}));
    return { clientId: secret.body.client_id, secret: secret.body.client_secret };
  };
  const ecmAccount: SiteProcess['ecmAccount'] = () => accountOf('perm_ecm');
  return {
    ...{ url, pid: child.pid ?? 0, operator },
    async errand(username, hostname) {
      const { personId } = await signIn({ url, operator });
      const found = await ok(operator.get('/api/users?search=ada'));
      const userId: number = found.body.items[0].id;
      await ok(operator.ask('PATCH', `/api/users/${userId}`, { body: { username } }));
      const group = await ok(operator.post('/api/jump-groups', { name: 'Servers' }));
      const item = { name: hostname, hostname, protocol: 'ssh', jumpoint_id: 1, jump_group_id: group.body.id };
      const { body } = await ok(operator.post('/api/jump-items/shell-jump', item));
      return { personId, userId, itemId: body.id };
    },
    ecmAccount,
    token: async () => tokenOf(url, await ecmAccount()),
    reportToken: async () => tokenOf(url, await accountOf('perm_reporting_support')),
    async firstCredential(errand) {
      for (const ends = performance.now() + 60_000; performance.now() < ends; ) {
        const [first] = (await tell({ type: 'list', ...errand }, 'listed')).credentials;
        if (first !== undefined) return first;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error('No ECM of the bench lists a credential.');
    },
    ask: async (task) => (await tell(task, 'asked')).ms,
    hold: (task) => tell(task, 'held'),
    release: async () => void (await tell({ type: 'release' }, 'released')),
    [Symbol.asyncDispose]: () => endOf(child),
  };
};

const tokenOf = async (
  url: string,
  { clientId, secret }: { readonly clientId: string; readonly secret: string },
): Promise<string> => {
  const answer = await fetch(new URL('/oauth2/token', url), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return Object(await answer.json()).access_token;
};
