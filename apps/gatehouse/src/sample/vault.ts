import type { ServedSsh } from '@gatehouse/lab';
import { z } from 'zod';
import type { Target } from '../commands/index.ts';
import { ask, ensure, find, isCalled } from './ensure.ts';

const System = z.object({
  systemId: z.string(),
  name: z.string(),
  kind: z.string(),
  address: z.string().nullable(),
  port: z.number().nullable(),
  trust: z.array(z.string()),
});
const Credential = z.object({
  credentialId: z.string(),
  systemId: z.string(),
  accountName: z.string(),
  isRandom: z.boolean(),
  hasSecret: z.boolean(),
});
const Job = z.object({ state: z.string(), nextRunAt: z.string().nullable() });
const JobMade = z.object({ jobId: z.number() });

export const Identity = z.object({
  identityId: z.string(),
  kind: z.string(),
  name: z.string(),
  personId: z.string().nullable(),
});
export type Identity = z.output<typeof Identity>;

/** Whoever may open sessions on the sample server. */
export const operatorsName = 'Sample operators';
/** As whom the ECM speaks with the vault. */
const ecmIdentityName = 'svc-ecm';

const identity = (vault: Target, name: string, kind: 'role' | 'explicit', comment: string) =>
  ensure(
    vault,
    '/api/identities',
    Identity,
    (one) => isCalled(name)(one.name),
    () => ({ kind, name, comment }),
  );

/** The identity of the ECM, which may log in. It has no password until the ECM gets one. */
export const ensureEcmIdentity = async (vault: Target): Promise<Identity> => {
  const own = await identity(vault, ecmIdentityName, 'explicit', 'The ECM that “gatehouse up” runs.');
  const permission = z.object({ identityId: z.string() });
  if ((await find(vault, '/api/permissions', permission, (one) => one.identityId === own.identityId)) === null)
    await ask(vault, 'PUT', `/api/permissions/${own.identityId}`, z.unknown(), {
      ...{ logIn: true, allAccess: false, ignorePasswordCheckout: false },
    });
  return own;
};

/** The role of those who use the sample server: without ever seeing its password. */
export const ensureOperators = (vault: Target): Promise<Identity> =>
  identity(vault, operatorsName, 'role', 'May open sessions on the sample server, and sees no password.');

/** The sample server as a managed system, its account with the password that it has, and who may use it. */
export const wireVault = async (vault: Target, server: ServedSsh, say: (line: string) => void): Promise<void> => {
  const system = await ensureSystem(vault, server);
  const credential = await ensureCredential(vault, server, system.systemId);
  const [ecm, operators] = [await ensureEcmIdentity(vault), await ensureOperators(vault)];
  await ensureDelegation(vault, operators, credential, { viewAccounts: true, remoteSessions: true });
  await ensureDelegation(vault, ecm, credential, { viewAccounts: true, spin: true });
  const mapping = z.object({ identityId: z.string(), targetId: z.string() });
  const isMapped = (one: z.output<typeof mapping>) =>
    one.identityId === ecm.identityId && one.targetId === operators.identityId;
  if ((await find(vault, '/api/impersonations', mapping, isMapped)) === null)
    await ask(vault, 'PUT', `/api/impersonations/${ecm.identityId}/${operators.identityId}`, z.unknown(), {});
  if (credential.isRandom) return;
  // From here on nobody knows the password but the vault, which changes it after each session.
  say(`Changing the password of ${server.account} on ${server.name} …`);
  await changeNow(vault, credential.credentialId);
};

const ensureSystem = async (vault: Target, server: ServedSsh) => {
  const { name, address, port, hostKey } = server;
  const is = { address, port, trust: [hostKey] };
  const found = await ensure(
    vault,
    '/api/systems',
    System,
    (one) => isCalled(name)(one.name) && one.kind === 'linux',
    () => ({ ...{ name, kind: 'linux', comment: 'The Linux server of the sample organisation.' }, ...is }),
  );
  if (found.address !== address || found.port !== port || !found.trust.includes(hostKey))
    await ask(vault, 'PATCH', `/api/systems/${found.systemId}`, z.unknown(), is);
  return found;
};

const ensureCredential = async (vault: Target, server: ServedSsh, systemId: string) => {
  const entered = async () => ({ from: 'entered', value: (await server.newPassword()).reveal() });
  const found = await find(
    vault,
    '/api/credentials',
    Credential,
    (one) => one.systemId === systemId && isCalled(server.account)(one.accountName),
  );
  const comment = 'Changed after each session.';
  if (found === null)
    return await ask(vault, 'POST', '/api/credentials', Credential, {
      ...{ systemId, accountName: server.account, autoSpin: true, comment, secret: await entered() },
    });
  if (found.hasSecret && !server.isNew) return found;
  await ask(vault, 'PUT', `/api/credentials/${found.credentialId}/secret`, z.unknown(), await entered());
  return { ...found, isRandom: false };
};

const ensureDelegation = async (
  vault: Target,
  { identityId }: Identity,
  { credentialId }: z.output<typeof Credential>,
  rights: Readonly<Record<string, boolean>>,
): Promise<void> => {
  const path = `/api/delegations?identityId=${identityId}&credentialId=${credentialId}`;
  if ((await find(vault, path, z.unknown(), () => true)) === null)
    await ask(vault, 'PUT', '/api/delegations', z.unknown(), { identityId, credentialId, rights });
};

/** Waits some seconds for it; what takes longer goes on by itself, and the pages show it. */
const changeNow = async (vault: Target, credentialId: string): Promise<void> => {
  const { jobId } = await ask(vault, 'POST', `/api/credentials/${credentialId}/change`, JobMade, {});
  for (const ends = performance.now() + 15_000; performance.now() < ends; ) {
    const { state } = await ask(vault, 'GET', `/api/jobs/${jobId}`, Job);
    if (state !== 'waiting' && state !== 'running') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
