import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { accept, ok, type TestClient } from '@gatehouse/server/testing';
import { configureEcm, type EcmProgram, openPage, type PageSocket, until } from '@gatehouse/site/testing';
import { z } from 'zod';
import { freePort } from '../../../../test/servers/free-port.ts';
import { type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { type Line, openLine } from './line.ts';
import { type Program, prepareProgram } from './program-process.ts';

const root = join(import.meta.dirname, '../../../..');

export interface Person extends TestClient {
  /** What the site and the vault call them. */
  readonly name: string;
}

export interface OpenSession extends PageSocket {
  readonly id: string;
}

/** Person, site, ECM, vault and an endpoint, each its own process, and a network between any two of them. */
export interface SessionPath {
  readonly lines: Readonly<Record<'personSite' | 'ecmSite' | 'ecmVault' | 'vaultSsh' | 'siteSsh', Line>>;
  readonly site: Program;
  readonly vault: Program;
  readonly ecm: EcmProgram;
  readonly sshd: OpenSsh;
  /** Somebody who may use the account, signed in. */
  person(name: string): Promise<Person>;
  /** Asks which credentials of the vault somebody may use. */
  listCredentials(person: Person): ReturnType<TestClient['get']>;
  /** Asks for a session as the managed account; what comes of it is said by the session itself. */
  ask(person: Person): Promise<string>;
  /** The session of somebody, with a prompt in it. */
  open(person: Person): Promise<OpenSession>;
  /** How a session ended, once it has. */
  ended(person: Person, id: string): Promise<Ended>;
  end(person: Person, id: string): Promise<void>;
  /** Resolves once the vault has everything back, and site and ECM know it. */
  givenBack(): Promise<void>;
  /** Resolves once every change of the password that is due was made. */
  changed(): Promise<void>;
  /** The newest change of the password. */
  lastJob(): Promise<{ readonly state: string; readonly message: string }>;
  /** What was seen in a session, as text. */
  transcript(person: Person, id: string): Promise<string>;
  /** What the endpoint keeps of the account's password: another text after every change. */
  kept(): Promise<string>;
  /** Resolves once the ECM can be asked: one that has only greeted is asked for nothing yet. */
  connected(person: Person): Promise<void>;
  close(): Promise<void>;
}

const Ended = z.object({
  ...{ state: z.literal('ended'), ending: z.string(), problem: z.string().nullable() },
  ...{ recording: z.string(), correlationId: z.string() },
});
export type Ended = z.output<typeof Ended>;

const Audit = z.array(
  z.object({ action: z.string(), change: z.object({ lease: z.string().optional(), outcome: z.string().optional() }) }),
);
const Job = z
  .object({ state: z.string(), targets: z.tuple([z.object({ message: z.string() })]) })
  .transform(({ state, targets: [{ message }] }) => ({ state, message }));
const Jobs = z.array(z.object({ jobId: z.number(), state: z.string() }));

/** The name of the endpoint and of its managed account. */
export const endpoint = '127.0.0.1';
export const account = 'ops';
const first = 'Planted-Tr0ub4dor-of-ops';

/** Waits that are a minute or a quarter of one where it is installed. */
const waits = {
  ecmPace: { roundMs: 300, goneMs: 2_500 },
  ...{ sessionPace: { roundMs: 200, graceMs: 1_500, beatMs: 1_000, flushMs: 100 }, beatMs: 1_000 },
};

export const startSessionPath = async (): Promise<SessionPath> => {
  const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-path-'));
  const databases: TestDatabase[] = [];
  const [sitePort, vaultPort, sshd] = [
    await freePort(),
    await freePort(),
    await startOpenSsh([{ name: account, password: first }]),
  ];
  const sshPort = () => sshd.port;
  const lines = {
    personSite: await openLine(() => sitePort),
    ecmSite: await openLine(() => sitePort),
    ecmVault: await openLine(() => vaultPort),
    vaultSsh: await openLine(sshPort),
    siteSsh: await openLine(sshPort),
  };
  const program = async (name: 'site' | 'vault', file: string, port: number, env: NodeJS.ProcessEnv) => {
    const database = await testDatabase({ migrations: [] });
    databases.push(database);
    return prepareProgram(name, join(root, 'apps', name, 'src', file), join(scratch, name), {
      ...{ GATEHOUSE_PORT: String(port), GATEHOUSE_DATABASE_URL: database.url, ...env },
    });
  };
  const personUrl = `http://127.0.0.1:${lines.personSite.port}`;
  const site = await program('site', 'testing/site-process.ts', sitePort, {
    ...{ GATEHOUSE_PUBLIC_URL: personUrl, GATEHOUSE_TEST_WAITS: JSON.stringify(waits) },
  });
  const vault = await program('vault', 'main.ts', vaultPort, {});
  await Promise.all([site.start(), vault.start()]);
  const [credential, place] = await Promise.all([
    keepCredential(vault, lines.vaultSsh, sshd),
    keepItem(site, lines.siteSsh),
  ]);
  const ecm = await configureEcm({
    ...{ site: `http://127.0.0.1:${lines.ecmSite.port}`, ...place.ecmAccount },
    endpointUrl: `http://127.0.0.1:${lines.ecmVault.port}/ERPMWebService/AuthService.svc`,
    ...{ apiUser: credential.apiUser, apiPassword: credential.apiPassword, set: ['spinJobs=yes'] },
  });
  ecm.start();

  const audit = async (search: string) =>
    (await ok(site.operator().get(`/api/audit?limit=500&search=${encodeURIComponent(search)}`))).body.items;
  const listCredentials = (person: Person) => person.get(`/api/console/items/shell-jump/${place.item}/credentials`);
  let chosen: string | null = null;
  const ask: SessionPath['ask'] = async (person) => {
    chosen ??= (await ok(listCredentials(person))).body.credentials[0]?.id ?? null;
    const input = { item: { type: 'shell-jump', id: place.item }, credential: { from: 'vault', id: chosen } };
    return (await ok(person.post('/api/console/sessions', input))).body.id;
  };
  return {
    ...{ lines, site, vault, ecm, sshd, listCredentials, ask },
    person: async (name) => {
      const email = `${name}@example.com`;
      const { body } = await ok(site.operator().post('/api/people', { email, name }));
      const client = await accept(personUrl, body.link);
      const [user] = (await ok(site.operator().get(`/api/users?search=${name}`))).body.items;
      await ok(site.operator().ask('PATCH', `/api/users/${user.id}`, { body: { username: name } }));
      const member = { security_provider_id: 1, user_id: user.id };
      await ok(site.operator().post(`/api/group-policies/${place.policy}/members`, member));
      await credential.delegate(name);
      return { ...client, name };
    },
    async open(person) {
      const id = await ask(person);
      const page = await openPage(person, id);
      await page.is('open');
      await page.shown('$ ');
      return { ...page, id };
    },
    async ended(person, id) {
      const read = async () => (await ok(person.get(`/api/console/sessions/${id}`))).body;
      await until(async () => (await read()).state === 'ended', read);
      return Ended.parse(await read());
    },
    end: async (person, id) => void (await ok(person.post(`/api/console/sessions/${id}/end`, {}))),
    async givenBack() {
      const left = async () => {
        const open = (await ok(vault.operator().get('/api/checkouts?state=open'))).body.items;
        const told = Audit.parse(await audit('credential.'));
        const released = new Set(
          told.flatMap((one) => (one.action === 'credential.released' ? [one.change.lease] : [])),
        );
        const asked = told.filter(({ change }) => change.outcome === 'asked' && !released.has(change.lease));
        return [...open, ...asked];
      };
      await until(
        async () => (await left()).length === 0,
        async () => [await left(), (await ecm.log()).slice(-3_000)],
      );
    },
    async changed() {
      const jobs = async () => Jobs.parse((await ok(vault.operator().get('/api/jobs'))).body.items);
      await until(async () => (await jobs()).every(({ state }) => state === 'succeeded'), jobs);
    },
    async lastJob() {
      const [job] = Jobs.parse((await ok(vault.operator().get('/api/jobs?limit=1'))).body.items);
      return Job.parse((await ok(vault.operator().get(`/api/jobs/${job?.jobId}`))).body);
    },
    transcript: async (person, id) => (await ok(person.get(`/api/sessions/${id}/recording?as=text`))).text,
    kept: async () => (await sshd.asRoot(`grep '^${account}:' /etc/shadow`)).split(':')[1] ?? '',
    connected: (person) => until(async () => (await listCredentials(person)).status === 200, ecm.log),
    async close() {
      await ecm.close();
      await Promise.all([site.kill(), vault.kill()]);
      await Promise.all([...databases.map((one) => one.close()), ...Object.values(lines).map((one) => one.close())]);
      await sshd.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
};

/** The account as a managed one whose password is made by the vault, and who may act for whom. */
const keepCredential = async (vault: Program, { port }: Line, sshd: OpenSsh) => {
  const client = vault.operator();
  const post = async (path: string, body: TestBody) => (await ok(client.post(path, body))).body;
  const put = (path: string, body: TestBody) => ok(client.ask('PUT', path, { body }));
  const where = { address: '127.0.0.1', port, trust: [sshd.hostKeys.ed25519] };
  const { systemId } = await post('/api/systems', { name: endpoint, kind: 'linux', ...where });
  const secret = { from: 'entered', value: first };
  const { credentialId } = await post('/api/credentials', { systemId, accountName: account, autoSpin: true, secret });
  const [apiUser, apiPassword] = ['svc-ecm', 'a planted password of an API user'];
  const logIn = { logIn: true, allAccess: false, ignorePasswordCheckout: false };
  const identity = async (name: string, more: TestBody = {}) => {
    const { identityId } = await post('/api/identities', { kind: 'explicit', name, ...more });
    await put(`/api/permissions/${identityId}`, logIn);
    return String(identityId);
  };
  const api = await identity(apiUser, { password: { from: 'entered', value: apiPassword } });
  const delegate = (identityId: string, rights: TestBody) =>
    put('/api/delegations', { identityId, credentialId, rights });
  await delegate(api, { viewAccounts: true, spin: true });
  const { jobId } = await post(`/api/credentials/${credentialId}/change`, {});
  const job = async () => (await ok(client.get(`/api/jobs/${jobId}`))).body;
  await until(async () => (await job()).state === 'succeeded', job);
  return {
    ...{ apiUser, apiPassword },
    async delegate(name: string) {
      const person = await identity(name);
      await delegate(person, { viewAccounts: true, remoteSessions: true });
      await put(`/api/impersonations/${api}/${person}`, {});
    },
  };
};

type TestBody = NonNullable<Parameters<TestClient['post']>[1]> & object;

/** The endpoint as a Jump item in a group that a policy gives to its members, and an account for an ECM. */
const keepItem = async (site: Program, { port }: Line) => {
  const client = site.operator();
  const post = async (path: string, body: TestBody) => (await ok(client.post(path, body))).body;
  await ok(client.ask('PATCH', '/api/options', { body: { enableXmlApi: true, allowEcmConnections: true } }));
  const group = await post('/api/jump-groups', { name: 'Servers' });
  const item = await post('/api/jump-items/shell-jump', {
    ...{ name: 'web1', hostname: endpoint, port, protocol: 'ssh', jumpoint_id: 1, jump_group_id: group.id },
  });
  const policy = await post('/api/group-policies', {
    ...{ name: 'Operators', access_perm_status: 'defined', perm_access_allowed: true, default_jump_item_role_id: 2 },
    perm_shell_jump: true,
  });
  await post(`/api/group-policies/${policy.id}/jump-groups`, { jump_group_id: group.id });
  const made = await post('/api/api-accounts', { name: 'ECM', perm_ecm: true });
  const { client_id: clientId, client_secret: secret } = await post(`/api/api-accounts/${made.id}/secret`, {});
  return {
    item: Number(item.id),
    policy: Number(policy.id),
    ecmAccount: { clientId: String(clientId), secret: String(secret) },
  };
};
