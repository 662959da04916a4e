import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Embedded } from '@gatehouse/database';
import { ok } from '@gatehouse/server/testing';
import { configureEcm } from '@gatehouse/site/testing';
import { type Figure, median, percentile } from './figure.ts';
import { type Program, startProgram } from './programs.ts';
import { startSiteWorker } from './site-process.ts';

const apiUser = { name: 'svc-ecm', password: 'a planted password of an API user' };
/** Requests that one of the two makes before the other one's turn. */
const inOneTurn = 20;

/**
 * (a) A session asks for a credential and gives it back, one session after the other: the site, the ECM with the plugin
 * `privileged-identity` and the vault, each a process of its own as it is installed, with all that is looked at on the way
 * (rights at the site and in the vault, the token), sealed to the session, every step audited at both ends.
 *
 * The floor is the same three hops with nothing in them, over connections that stay: a WebSocket and HTTP, with one row
 * for each commit of the design, in the same PostgreSQL, and one line for each that the ECM waits for. Counted in the
 * code: the lease with its audit before the ECM is asked (1), the ECM's lease (a line), as whom it asks (a line), the
 * check-out with its audit (2), what the vault said (a line), that it was handed (3), that the session is over (4). What
 * follows by itself, the check-in, is waited for by nobody: it counts in neither, and the next request begins after it.
 */
export const measureCredentials = async (
  server: Embedded,
  scratch: string,
  plan: { readonly requests: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  await using vault = await startProgram('vault', server, scratch);
  await keepCredential(vault);
  await using site = await startSiteWorker(server, scratch, 'broker');
  const errand = await site.errand('sarcher', 'web1');
  const account = await site.ecmAccount();
  const ecm = await configureEcm({
    ...{ site: site.url, clientId: account.clientId, secret: account.secret },
    ...{
      endpointUrl: `${vault.url}/ERPMWebService/AuthService.svc`,
      apiUser: apiUser.name,
      apiPassword: apiUser.password,
    },
  });
  const hops = await startHops(server, scratch);
  try {
    ecm.start();
    const credential = await site.firstCredential(errand);
    const [ours, floor]: [number[], number[]] = [[], []];
    const turns = Math.ceil(plan.requests / inOneTurn);
    // A first turn that is not counted warms everything up, and signs in.
    for (let turn = 0; turn <= turns; turn++) {
      const bare = await hops.ask(inOneTurn);
      const whole = await site.ask({ type: 'ask', credential, count: inOneTurn, ...errand });
      if (turn === 0) continue;
      ours.push(...whole);
      floor.push(...bare);
    }
    say(`credentials: ${ours.length} requests: ${spoken(ours)}, bare ${spoken(floor)}`);
    return figures(ours, floor);
  } finally {
    hops.stop();
    await ecm.close();
  }
};

const spoken = (ms: readonly number[]) =>
  `median ${median(ms).toFixed(1)} ms, p99 ${percentile(ms, 0.99).toFixed(1)} ms`;

const figures = (ours: readonly number[], floor: readonly number[]): readonly Figure[] => {
  const name = 'a credential from the vault to a session and back';
  const bare = 'three bare hops with their commits';
  return [
    {
      ...{ name: `${name}, median`, ours: median(ours), unit: 'ms', limit: null },
      floor: { name: bare, value: median(floor), atMost: 1.6 },
    },
    {
      ...{ name: `${name}, 99th of a hundred`, ours: percentile(ours, 0.99), unit: 'ms', limit: null },
      floor: { name: bare, value: percentile(floor, 0.99), atMost: 3 },
    },
  ];
};

/** One account of one system, a person who may use it in sessions, and the API user that may act for them. */
const keepCredential = async ({ operator }: Program): Promise<void> => {
  const post = async (path: string, body: object) =>
    (await ok(operator.post(path, JSON.parse(JSON.stringify(body))))).body;
  const put = (path: string, body: object) => ok(operator.ask('PUT', path, { body: JSON.parse(JSON.stringify(body)) }));
  const { systemId } = await post('/api/systems', { name: 'web1', kind: 'linux' });
  const secret = { from: 'entered', value: 'a planted password of web1' };
  const { credentialId } = await post('/api/credentials', { systemId, accountName: 'root', secret });
  const person = await post('/api/identities', { kind: 'explicit', name: 'sarcher' });
  const { name, password } = apiUser;
  const api = await post('/api/identities', { kind: 'explicit', name, password: { from: 'entered', value: password } });
  const logIn = { logIn: true, allAccess: false, ignorePasswordCheckout: false };
  for (const { identityId } of [person, api]) await put(`/api/permissions/${identityId}`, logIn);
  const rights = { viewAccounts: true, remoteSessions: true };
  await put('/api/delegations', { identityId: person.identityId, credentialId, rights });
  await put(`/api/impersonations/${api.identityId}/${person.identityId}`, {});
};

/** The floor: three processes of hops-worker.ts, connected. */
const startHops = async (server: Embedded, scratch: string) => {
  const children: ChildProcess[] = [];
  const start = async (...args: readonly string[]) => {
    const child = fork(join(import.meta.dirname, 'hops-worker.ts'), [...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    const [{ url }] = await once(child, 'message');
    return { child, url: String(url) };
  };
  const database = async (name: string) => (await server.database(`bench_hops_${name}`)).reveal();
  const vault = await start('vault', await database('vault'));
  const site = await start('site', await database('site'));
  await start('ecm', join(scratch, 'hops.jsonl'), site.url, vault.url);
  return {
    async ask(count: number): Promise<readonly number[]> {
      site.child.send({ count });
      const [{ ms }] = await once(site.child, 'message');
      return ms;
    },
    stop: () => {
      for (const child of children) child.kill();
    },
  };
};
