import { parseArgs } from 'node:util';
import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { AppsSetting } from './apps.ts';

export type { AppLink } from './apps.ts';
export { AppsSetting };

/** Builders of a program's settings, which arrive as text: arguments and environment. */
export const given = {
  flag: z.enum(['true', 'false']).transform((value) => value === 'true'),
  /** Joined by commas. */
  words: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.string().max(200)).max(100)),
  json: z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not JSON.' });
      return z.NEVER;
    }
  }),
  secret: z
    .string()
    .min(1)
    .transform((value) => new Secret(value)),
  /** Of a program whose work can be done by copies that answer nobody. */
  role: z.enum(['all', 'web', 'worker']).default('all'),
};

/** Where each program listens when nothing else is said. */
export const defaultPorts = { insights: 8_400, site: 8_410, vault: 8_420, desk: 8_430 } as const;

/** What can be set about every program. `--database-url` and `GATEHOUSE_DATABASE_URL` are the same setting. */
export const programSettings = (program: keyof typeof defaultPorts) => ({
  home: z.string().min(1),
  databaseUrl: given.secret,
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(defaultPorts[program]),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  pages: z.string().min(1).optional(),
  /** Addresses or networks of proxies, joined by commas. */
  trustProxy: given.words.default([]),
  metricsToken: given.secret.optional(),
  /** Programs of the Apps menu, without this one. */
  apps: AppsSetting.default([]),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  /** JSON: OpenID Connect providers that people may sign in with. */
  oidc: given.json
    .pipe(
      z
        .array(
          z
            .strictObject({
              id: z.string().regex(/^[a-z0-9-]{1,40}$/),
              name: z.string().max(120),
              issuer: z.url({ protocol: /^https?$/ }),
              clientId: z.string().max(300),
              clientSecret: given.secret,
              scopes: z.array(z.string().max(100)).max(30).optional(),
            })
            .transform(({ scopes, ...provider }) => ({ ...provider, ...(scopes && { scopes }) })),
        )
        .max(20),
    )
    .default([]),
});

export type ProgramSettings = z.output<z.ZodObject<ReturnType<typeof programSettings>>>;

/** What is wrong with the settings, as a sentence that names the flag or variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Arguments win over the environment. @throws SettingsError */
export const readSettings = <Shape extends z.ZodRawShape>(
  settings: z.ZodObject<Shape>,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> => {
  const names = Object.keys(settings.shape);
  const options = Object.fromEntries(names.map((name) => [toFlag(name), { type: 'string' as const }]));
  const { values } = parse(argv, options);
  const texts = Object.fromEntries(
    names.flatMap((name) => {
      const value = values[toFlag(name)] ?? environment[toVariable(name)];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const read = settings.safeParse(texts);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const name = String(issue?.path[0] ?? '');
  throw new SettingsError(
    texts[name] === undefined
      ? `Set --${toFlag(name)} or ${toVariable(name)}.`
      : `--${toFlag(name)} (${toVariable(name)}): ${issue?.message}`,
  );
};

const parse = (argv: readonly string[], options: Record<string, { type: 'string' }>) => {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : 'The arguments cannot be read.');
  }
};

/** `databaseUrl` → `database-url`, `GATEHOUSE_DATABASE_URL`. */
const toFlag = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const toVariable = (name: string) => `GATEHOUSE_${toFlag(name).replaceAll('-', '_').toUpperCase()}`;
