import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runAgent } from '../agents/index.ts';
import type { Target } from '../commands/index.ts';
import { ask, ensure, find, isCalled } from './ensure.ts';
import { ensureEcmIdentity } from './vault.ts';

/** What the ECM is called on the site and in the vault. */
const name = 'Gatehouse ECM';
const loopback = ['127.0.0.0/8', '::1/128'];

const Options = z.object({ enableXmlApi: z.boolean(), allowEcmConnections: z.boolean() });
const Account = z.object({ id: z.number(), name: z.string(), client_id: z.string() });
const AccountSecret = z.object({ client_id: z.string(), client_secret: z.string() });
const Registration = z.object({ registrationId: z.string(), name: z.string() });
const NewRegistration = Registration.extend({ key: z.string() });
const Shown = z.object({ password: z.string() });
const Clients = z.object({ items: z.array(z.object({ account: z.string() })) });

/** What an ECM was configured with, beside its secrets. */
const Wired = z.object({
  site: z.string(),
  vault: z.string(),
  account: z.string(),
  identity: z.string(),
  registration: z.string(),
});

export interface EcmPlace {
  readonly root: string;
  readonly home: string;
}

/** The folder of the ECM that `up` runs. */
export const ecmFolder = (home: string): string => join(home, 'ecm');

/**
 * Configures an ECM between the two, as a person would. It is left alone where nothing about it has changed; else it gets
 * new secrets, so that nobody but the ECM keeps one. False where its Configurator did not take that; its log says why.
 */
export const wireEcm = async ({ root, home }: EcmPlace, site: Target, vault: Target): Promise<boolean> => {
  const options = await ask(site, 'GET', '/api/options', Options);
  if (!options.enableXmlApi || !options.allowEcmConnections)
    await ask(site, 'PATCH', '/api/options', z.unknown(), { enableXmlApi: true, allowEcmConnections: true });
  const account = await ensure(
    site,
    '/api/api-accounts',
    Account,
    (one) => isCalled(name)(one.name),
    () => ({ name, perm_ecm: true, ip_addresses: loopback.join('\n'), comments: 'The ECM that “gatehouse up” runs.' }),
  );
  const identity = await ensureEcmIdentity(vault);
  const registration = await find(vault, '/api/registrations', Registration, (one) => isCalled(name)(one.name));
  const wanted = {
    ...{ site: site.url, vault: vault.url, account: account.client_id, identity: identity.identityId },
    registration: registration?.registrationId ?? '',
  };
  if (isWired(home, wanted)) return true;

  if (registration !== null)
    await ask(vault, 'DELETE', `/api/registrations/${registration.registrationId}`, z.unknown());
  const made = await ask(vault, 'POST', '/api/registrations', NewRegistration, { name, networks: loopback });
  const path = `/api/identities/${identity.identityId}/password`;
  const { password } = await ask(vault, 'PUT', path, Shown, { from: 'random' });
  const secret = await ask(site, 'POST', `/api/api-accounts/${account.id}/secret`, AccountSecret, {});
  const isDone = await configure({ root, home }, [
    ...['--name', name, '--site', site.url, '--client-id', secret.client_id],
    ...['--client-secret-file', { secret: secret.client_secret }, '--plugin', 'privileged-identity'],
    ...['--set', `endpointUrl=${vault.url}/ERPMWebService/AuthService.svc`, '--set', `apiUser=${identity.name}`],
    ...['--set-file', { name: 'apiPassword', secret: password }],
    ...['--set-file', { name: 'apiRegistrationKey', secret: made.key }],
    ...['--set', 'preferAddress=yes', '--set', 'fallBackToLocal=yes', '--set', 'spinJobs=yes'],
  ]);
  if (isDone)
    writeFileSync(wiredPath(home), JSON.stringify({ ...wanted, registration: made.registrationId }), { mode: 0o600 });
  return isDone;
};

/** Whether the site has it on its line, asked for some seconds. */
export const isConnected = async (site: Target): Promise<boolean> => {
  for (const ends = performance.now() + 15_000; performance.now() < ends; ) {
    const { items } = await ask(site, 'GET', '/api/ecm-clients', Clients);
    if (items.some(({ account }) => account === name)) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
};

const wiredPath = (home: string) => join(ecmFolder(home), 'wired.json');

const isWired = (home: string, wanted: z.output<typeof Wired>): boolean => {
  if (!existsSync(wiredPath(home)) || !existsSync(join(ecmFolder(home), 'ecm.json'))) return false;
  try {
    const was = Wired.parse(JSON.parse(readFileSync(wiredPath(home), 'utf8')));
    return Object.entries(wanted).every(([key, value]) => Reflect.get(was, key) === value);
  } catch {
    // Damaged: wired once more.
    return false;
  }
};

type Word = string | { readonly name?: string; readonly secret: string };

/** Runs the Configurator. Secrets are files that are there for no longer than it is: everybody sees the command line. */
const configure = async ({ root, home }: EcmPlace, words: readonly Word[]): Promise<boolean> => {
  mkdirSync(ecmFolder(home), { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(ecmFolder(home), 'secrets-'));
  try {
    const args = words.map((word, index) => {
      if (typeof word === 'string') return word;
      const file = join(folder, String(index));
      writeFileSync(file, word.secret, { mode: 0o600 });
      return word.name === undefined ? file : `${word.name}=${file}`;
    });
    const whole = ['configure', '--home', ecmFolder(home), '--no-test', ...args];
    return (await runAgent({ root, home, name: 'ecm', args: whole, env: {} })) === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
