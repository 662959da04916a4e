import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Disk, isConfidential, openSeal, replaceFile, type Seal } from '@gatehouse/host/agent';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { ecm } from '../agent.ts';
import { type Entered, valueAt, withValue } from './form.ts';

/** Where the site is: `access.example`, or its address. Plain HTTP is only for this very machine. */
export const SiteUrl = z
  .string()
  .trim()
  .min(1, 'Enter the name of the site, such as access.example.')
  .max(2_000)
  .transform((text) => (/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`).replace(/\/+$/, ''))
  .refine(
    (text) => isConfidential(text) && URL.parse(text)?.pathname === '/',
    'Enter a name such as access.example, or an address that starts with https://.',
  );

/** An HTTP proxy of the network. Without a name and a password: what stands here is not sealed. */
export const ProxyUrl = z
  .string()
  .trim()
  .max(300)
  .regex(
    /^https?:\/\/([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?\/?$/,
    'Enter an address such as http://proxy.corp.example:3128, without a name and a password.',
  )
  .transform((text) => text.replace(/\/$/, ''));
const OptionalProxy = ProxyUrl.nullable().default(null);

const Settings = z.record(z.string(), z.json());
const Sealed = z.record(z.string(), z.string());

/** `ecm.json`. Secrets stand in it sealed. */
const Stored = z.strictObject({
  name: z.string().min(1).max(100),
  site: z.strictObject({
    url: SiteUrl,
    certificateAuthorities: z.string().max(200_000).nullable(),
    proxy: OptionalProxy,
  }),
  /** What requests of the plugin go through. */
  vaultProxy: OptionalProxy,
  clientId: z.string().min(1).max(100),
  clientSecret: z.string().max(2_000),
  plugin: z.strictObject({ id: z.string().max(64), settings: Settings, secrets: Sealed }).nullable(),
  logLevel: z.enum(['debug', 'info']).default('info'),
});

/** The settings of a plugin as they were entered: secrets in the clear, in memory only. */
export interface PluginSettings {
  readonly id: string;
  readonly values: Entered;
  /** Paths in `values` that are secret. */
  readonly secret: readonly string[];
}

export interface EcmSettings extends Omit<z.output<typeof Stored>, 'clientSecret' | 'plugin'> {
  readonly clientSecret: Secret;
  readonly plugin: PluginSettings | null;
}

export const ownName = (): string => hostname().slice(0, 100) || 'ecm';

const settingsFile = (home: string): string => join(home, 'ecm.json');

/** Null where nothing was configured yet. @throws Fault `misconfigured` with what is wrong with the file. */
export const readSettings = async (disk: Disk, home: string): Promise<EcmSettings | null> => {
  const bytes = await disk.read(settingsFile(home));
  if (bytes === null) return null;
  const { clientSecret, plugin, ...rest } = parse(new TextDecoder().decode(bytes), settingsFile(home));
  const seal = await openSeal(disk, home, ecm);
  return {
    ...rest,
    clientSecret: seal.open(clientSecret, 'clientSecret'),
    plugin: plugin && { id: plugin.id, values: opened(seal, plugin), secret: Object.keys(plugin.secrets) },
  };
};

export const writeSettings = async (disk: Disk, home: string, settings: EcmSettings): Promise<void> => {
  await disk.makeFolder(home);
  const seal = await openSeal(disk, home, ecm);
  const { plugin, clientSecret, ...rest } = settings;
  const stored: z.input<typeof Stored> = {
    ...rest,
    clientSecret: seal.close(clientSecret, 'clientSecret'),
    plugin: plugin && sealed(seal, plugin),
  };
  await replaceFile(disk, settingsFile(home), `${JSON.stringify(stored, null, 2)}\n`);
};

/** What leads to the site: none where it is on this very machine. */
export const wayTo = ({ url, certificateAuthorities, proxy }: EcmSettings['site']) => ({
  ...(certificateAuthorities !== null && { certificateAuthorities }),
  ...(proxy !== null && url.startsWith('https:') && { proxy }),
});

/** Everything in the settings that must never be printed. */
export const secretsIn = ({ clientSecret, plugin }: EcmSettings): readonly string[] => [
  clientSecret.reveal(),
  ...(plugin === null ? [] : pluginSecrets(plugin)),
];

export const pluginSecrets = ({ values, secret }: PluginSettings): readonly string[] =>
  secret.flatMap((path) => {
    const value = valueAt(values, path);
    return typeof value === 'string' && value !== '' ? [value] : [];
  });

type StoredPlugin = NonNullable<z.output<typeof Stored>['plugin']>;

const sealed = (seal: Seal, { id, values, secret }: PluginSettings): StoredPlugin => {
  let settings = values;
  const secrets: Record<string, string> = {};
  for (const path of secret) {
    const value = valueAt(values, path);
    if (value === undefined) continue;
    settings = withValue(settings, path, undefined);
    secrets[path] = seal.close(new Secret(JSON.stringify(value)), `${id}/${path}`);
  }
  return { id, settings, secrets };
};

const opened = (seal: Seal, { id, settings, secrets }: StoredPlugin): Entered =>
  Object.entries(secrets).reduce<Entered>(
    (values, [path, text]) => withValue(values, path, JSON.parse(seal.open(text, `${id}/${path}`).reveal())),
    settings,
  );

const parse = (text: string, path: string): z.output<typeof Stored> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Fault('misconfigured', `${path} is not JSON any more. Mend it, or configure the ECM anew.`);
  }
  const parsed = Stored.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('misconfigured', `${path}: ${issue?.path.join('.')}: ${issue?.message}`);
};
