import { realDisk } from '@gatehouse/host/agent';
import { Fault, Secret } from '@gatehouse/kernel';
import type { AnyVault } from '@gatehouse/vault-kit';
import {
  type EcmSettings,
  type Entered,
  ownName,
  ProxyUrl,
  readSettings,
  SiteUrl,
  secretPaths,
  valueAt,
  withValue,
  writeSettings,
} from '../settings/index.ts';

/** What stands on the screen: everything as it was entered, whether it is right or not. */
export interface Draft {
  readonly name: string;
  readonly site: string;
  readonly certificateAuthorities: string;
  /** Addresses of HTTP proxies; empty: none. */
  readonly siteProxy: string;
  readonly vaultProxy: string;
  readonly clientId: string;
  /** Empty: the one that is stored. */
  readonly clientSecret: string;
  readonly logLevel: 'info' | 'debug';
}

/** What is stored now, with what a screen shows of it: no secret. */
export const openStored = (home: string): Promise<EcmSettings | null> => readSettings(realDisk, home);

export const draftOf = (stored: EcmSettings | null): Draft => ({
  name: stored?.name ?? ownName(),
  site: stored?.site.url ?? '',
  certificateAuthorities: stored?.site.certificateAuthorities ?? '',
  ...{ siteProxy: stored?.site.proxy ?? '', vaultProxy: stored?.vaultProxy ?? '' },
  ...{ clientId: stored?.clientId ?? '', clientSecret: '', logLevel: stored?.logLevel ?? 'info' },
});

/** The account of a draft, with the stored secret where none was entered. @throws Fault that names the field. */
export const accountOf = (draft: Draft, stored: EcmSettings | null) => {
  const url = SiteUrl.safeParse(draft.site);
  if (!url.success) throw new Fault('misconfigured', `Site: ${url.error.issues[0]?.message}`);
  const clientId = draft.clientId.trim();
  if (clientId === '' || clientId.length > 100)
    throw new Fault('misconfigured', 'Client id: Enter the id of the API account.');
  // A stored secret belongs to the account that it was entered for, and must not be sent elsewhere.
  const isSame = stored !== null && stored.site.url === url.data && stored.clientId === clientId;
  if (draft.clientSecret === '' && !isSame)
    throw new Fault('misconfigured', 'Client secret: Enter the secret of the API account.');
  const clientSecret =
    draft.clientSecret === '' && stored !== null ? stored.clientSecret : new Secret(draft.clientSecret);
  const certificateAuthorities = draft.certificateAuthorities.trim() || null;
  if (certificateAuthorities !== null && !certificateAuthorities.includes('BEGIN CERTIFICATE'))
    throw new Fault('misconfigured', 'Certificate authority: Paste it in PEM form, or leave it empty.');
  const proxy = proxyOf(draft.siteProxy, 'Proxy to the site');
  return { site: { url: url.data, certificateAuthorities, proxy }, clientId, clientSecret };
};

/** Null where none was entered. @throws Fault that names the field. */
const proxyOf = (entered: string, title: string): string | null => {
  if (entered.trim() === '') return null;
  const parsed = ProxyUrl.safeParse(entered);
  if (parsed.success) return parsed.data;
  throw new Fault('misconfigured', `${title}: ${parsed.error.issues[0]?.message}`);
};

/** Stores the first screen; the plugin stays as it is. @throws Fault that names the field. */
export const saveAccount = async (home: string, draft: Draft): Promise<void> => {
  const stored = await openStored(home);
  const name = draft.name.trim();
  if (name === '' || name.length > 100) throw new Fault('misconfigured', 'Name: Enter 1 to 100 characters.');
  const { logLevel } = draft;
  const vaultProxy = proxyOf(draft.vaultProxy, 'Proxy to the vault');
  const account = accountOf(draft, stored);
  await writeSettings(realDisk, home, { name, logLevel, vaultProxy, ...account, plugin: stored?.plugin ?? null });
};

/** The settings of a plugin with its stored secrets in the places that were left empty. */
export const withStoredSecrets = (vault: AnyVault, values: Entered, stored: EcmSettings | null): Entered => {
  if (stored?.plugin?.id !== vault.id) return values;
  let whole = values;
  for (const path of stored.plugin.secret) {
    const kept = valueAt(stored.plugin.values, path);
    if (valueAt(whole, path) === undefined && kept !== undefined) whole = withValue(whole, path, kept);
  }
  return whole;
};

/** Stores the plugin and its settings. @throws Fault that names the setting, or says that the first screen comes first. */
export const savePlugin = async (home: string, vault: AnyVault, values: Entered): Promise<void> => {
  const stored = await openStored(home);
  if (stored === null) throw new Fault('misconfigured', 'Save the site and the API account first.');
  const whole = withStoredSecrets(vault, values, stored);
  const parsed = vault.config.safeParse(whole);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault('misconfigured', `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
  }
  const plugin = { id: vault.id, values: whole, secret: secretPaths(vault.config) };
  await writeSettings(realDisk, home, { ...stored, plugin });
};
