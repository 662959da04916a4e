import { parseArgs } from 'node:util';
import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';

/** Settings come as text, from arguments or the environment. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** Joined by commas. */
export const words = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.string().max(200)).max(100));
export const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'This is not JSON.' });
    return z.NEVER;
  }
});
const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

/** What every program can be told. `--database-url` and `GATEHOUSE_DATABASE_URL` are the same setting. */
export const programSettings = (port: number) => ({
  home: z.string().min(1),
  databaseUrl: secret,
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(port),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  pages: z.string().min(1).optional(),
  /** Addresses or networks of proxies, joined by commas. */
  trustProxy: words.default([]),
  metricsToken: secret.optional(),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  /** JSON: OpenID Connect providers that people may sign in with. */
  oidc: json
    .pipe(
      z
        .array(
          z
            .strictObject({
              id: z.string().regex(/^[a-z0-9-]{1,40}$/),
              name: z.string().max(120),
              issuer: z.url({ protocol: /^https?$/ }),
              clientId: z.string().max(300),
              clientSecret: secret,
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

/** Arguments win over the environment. */
export const readSettings = <S extends z.ZodObject>(
  schema: S,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): z.output<S> => {
  const names = Object.keys(schema.shape);
  const options = Object.fromEntries(names.map((name) => [toFlag(name), { type: 'string' as const }]));
  const { values } = parse(argv, options);
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = values[toFlag(name)] ?? environment[toVariable(name)];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const settings = schema.safeParse(given);
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  const name = String(issue?.path[0] ?? '');
  throw new SettingsError(
    given[name] === undefined
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
