import { join } from 'node:path';
import { Registered, Source } from '@gatehouse/connector-kit/ingest';
import { describe, secretNames as secretFields } from '@gatehouse/fields';
import { type Disk, isConfidential, openSeal, replaceFile, type Seal } from '@gatehouse/host/agent';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { collector } from '../agent.ts';
import { EventSettings } from '../events/index.ts';
import type { Plugin } from '../plugin.ts';

/** Where the server is: HTTPS, or plain HTTP on this very machine. */
export const ServerUrl = z
  .url({ protocol: /^https?$/, error: 'Enter the address of the server, such as https://insights.example.' })
  .max(2_000)
  .refine(isConfidential, 'Enter an address that starts with https://. Plain http:// is only for this very machine.')
  .transform((text) => text.replace(/\/+$/, ''));

const Entered = z.record(z.string(), z.json());

/** `collector.json`: what was asked at installation. Secrets stand in it sealed. */
const Stored = z.strictObject({
  server: z.strictObject({
    url: ServerUrl,
    /** PEM; null: the authorities that Node trusts. */
    certificateAuthorities: z.string().max(200_000).nullable(),
    proxy: z
      .url({ protocol: /^http$/ })
      .max(2_000)
      .nullable(),
  }),
  registered: z.strictObject(Registered.shape),
  installedAt: z.iso.datetime(),
  /** The private half of the device key (PKCS #8, base64), sealed. */
  deviceKey: z.string().max(1_000),
  sources: z
    .array(z.strictObject({ source: Source, settings: Entered, secrets: z.record(z.string(), z.string()) }))
    .max(2),
  /** Where events come from, as `EventSettings` takes it. */
  events: z.strictObject({ settings: Entered, secrets: z.record(z.string(), z.string()) }).optional(),
  spoolBytes: z.number().int().min(1_000_000).default(1_000_000_000),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** One system to read, with its settings as its connector takes them: secrets in the clear, in memory only. */
export interface SourceSettings {
  readonly source: Source;
  readonly settings: Readonly<Record<string, z.core.util.JSONType>>;
}

export interface CollectorSettings extends Omit<z.output<typeof Stored>, 'deviceKey' | 'sources' | 'events'> {
  readonly deviceKey: Secret;
  readonly sources: readonly SourceSettings[];
  readonly events?: SourceSettings['settings'];
}

const fileOf = (home: string) => join(home, 'collector.json');

/** Null where no collector is installed. @throws Fault `misconfigured` with what is wrong with the file. */
export const readSettings = async (disk: Disk, home: string): Promise<CollectorSettings | null> => {
  const bytes = await disk.read(fileOf(home));
  if (bytes === null) return null;
  const { deviceKey, sources, events, ...rest } = parse(new TextDecoder().decode(bytes), fileOf(home));
  const seal = await openSeal(disk, home, collector);
  return {
    ...rest,
    deviceKey: seal.open(deviceKey, 'deviceKey'),
    sources: sources.map(({ source, ...sealed }) => ({ source, settings: opened(seal, source.kind, sealed) })),
    ...(events && { events: opened(seal, 'events', events) }),
  };
};

type Values = SourceSettings['settings'];
type Sealed = Pick<z.output<typeof Stored>['sources'][number], 'settings' | 'secrets'>;

const opened = (seal: Seal, of: string, { settings, secrets }: Sealed): Values => ({
  ...settings,
  ...Object.fromEntries(
    Object.entries(secrets).map(([name, sealed]) => [name, JSON.parse(seal.open(sealed, `${of}.${name}`).reveal())]),
  ),
});

const sealed = (seal: Seal, of: string, values: Values, secret: readonly string[]): Sealed => {
  const entries = Object.entries(values);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !secret.includes(name))),
    secrets: Object.fromEntries(
      entries
        .filter(([name]) => secret.includes(name))
        .map(([name, value]) => [name, seal.close(new Secret(JSON.stringify(value)), `${of}.${name}`)]),
    ),
  };
};

export const writeSettings = async (
  disk: Disk,
  home: string,
  settings: CollectorSettings,
  plugins: readonly Plugin[],
): Promise<void> => {
  const seal = await openSeal(disk, home, collector);
  const { deviceKey, sources, events, ...rest } = settings;
  const stored: z.input<typeof Stored> = {
    ...rest,
    deviceKey: seal.close(deviceKey, 'deviceKey'),
    sources: sources.map(({ source, settings: values }) => ({
      source,
      ...sealed(seal, source.kind, values, secretNames(source, values, plugins)),
    })),
    ...(events && { events: sealed(seal, 'events', events, secretEvents) }),
  };
  await replaceFile(disk, fileOf(home), `${JSON.stringify(stored, null, 2)}\n`);
};

/** Everything in the settings that must never be printed. */
export const secretsIn = (
  { deviceKey, sources, events = {} }: CollectorSettings,
  plugins: readonly Plugin[],
): readonly string[] => [
  deviceKey.reveal(),
  ...secretEvents.flatMap((name) => textsIn(events[name] ?? null)),
  ...sources.flatMap(({ source, settings }) =>
    secretNames(source, settings, plugins).flatMap((name) => textsIn(settings[name] ?? null)),
  ),
];

const secretEvents = secretFields(EventSettings);

/** Settings that hold a secret, at whatever depth. All of them where the connector is not known. */
const secretNames = (
  { kind }: Source,
  settings: SourceSettings['settings'],
  plugins: readonly Plugin[],
): readonly string[] => {
  const plugin = plugins.find((one) => one.kind === kind);
  if (plugin === undefined) return Object.keys(settings);
  const { properties = {} } = describe(plugin.connector.config);
  return Object.keys(settings).filter((name) => JSON.stringify(properties[name] ?? '').includes('"writeOnly":true'));
};

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const parse = (text: string, path: string): z.output<typeof Stored> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Fault(
      'misconfigured',
      `${path} is not JSON any more. Mend it, or uninstall the collector and install it anew.`,
    );
  }
  const parsed = Stored.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('misconfigured', `${path}: ${issue?.path.join('.')}: ${issue?.message}`);
};
