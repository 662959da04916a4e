import { join } from 'node:path';
import { type Disk, isConfidential, openSeal, replaceFile } from '@gatehouse/host/agent';
import { Fault, type Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { jumpClient } from '../agent.ts';
import { Allowances } from './allowances.ts';

/** Where the site is: `support.example`, or its address. Plain HTTP is only for this very machine. */
export const SiteUrl = z
  .string()
  .trim()
  .min(1, 'Enter the name of the site, such as support.example.')
  .max(2_000)
  .transform((text) => (/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`).replace(/\/+$/, ''))
  .refine(
    (text) => isConfidential(text) && URL.parse(text)?.pathname === '/',
    'Enter a name such as support.example, or an address that starts with https://.',
  );

/** `jump-client.json`. The key of the machine stands in it sealed. */
const Stored = z.strictObject({
  site: z.strictObject({
    url: SiteUrl,
    /** PEM; null: the authorities that Node trusts. */
    certificateAuthorities: z.string().max(200_000).nullable(),
    proxy: z
      .url({ protocol: /^http$/ })
      .max(2_000)
      .nullable(),
  }),
  clientKey: z.uuid(),
  /** What the site called it when it was pinned. */
  name: z.string().max(128),
  deviceKey: z.string().max(1_000),
  /** The key that signs versions. */
  releaseKey: z.string().max(100),
  installedAt: z.iso.datetime(),
  allows: Allowances,
  logLevel: z.enum(['debug', 'info']).default('info'),
});

export interface JumpClientSettings extends Omit<z.output<typeof Stored>, 'deviceKey'> {
  readonly deviceKey: Secret;
}
export type SiteWay = JumpClientSettings['site'];

export const fileOf = (home: string): string => join(home, 'jump-client.json');

/** Null where none is installed. @throws Fault `misconfigured` with what is wrong with the file. */
export const readSettings = async (disk: Disk, home: string): Promise<JumpClientSettings | null> => {
  const bytes = await disk.read(fileOf(home));
  if (bytes === null) return null;
  const { deviceKey, ...rest } = parse(new TextDecoder().decode(bytes), fileOf(home));
  const seal = await openSeal(disk, home, jumpClient);
  return { ...rest, deviceKey: seal.open(deviceKey, 'deviceKey') };
};

export const writeSettings = async (disk: Disk, home: string, settings: JumpClientSettings): Promise<void> => {
  const seal = await openSeal(disk, home, jumpClient);
  const stored: z.input<typeof Stored> = { ...settings, deviceKey: seal.close(settings.deviceKey, 'deviceKey') };
  await replaceFile(disk, fileOf(home), `${JSON.stringify(stored, null, 2)}\n`);
};

/** What leads to the site: no proxy where it is on this very machine. */
export const wayTo = ({ url, certificateAuthorities, proxy }: SiteWay) => ({
  ...(certificateAuthorities !== null && { certificateAuthorities }),
  ...(proxy !== null && url.startsWith('https:') && { proxy }),
});

/** Everything that is of one installation: gone with it. What updates brought stays until the next one. */
export const ours = [
  'jump-client.json',
  'machine.key',
  'device.key',
  'state.json',
  'versions.json',
  'running.pid',
  'versions',
  'logs',
];

/** What lets it in at the site. */
export const forgetKey = async (disk: Disk, home: string): Promise<void> => {
  for (const name of ['jump-client.json', 'machine.key', 'device.key']) await disk.remove(join(home, name));
};

const parse = (text: string, path: string): z.output<typeof Stored> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Fault('misconfigured', `${path} is not JSON any more. Mend it, or install the Jump Client anew.`);
  }
  const parsed = Stored.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('misconfigured', `${path}: ${issue?.path.join('.')}: ${issue?.message}`);
};
