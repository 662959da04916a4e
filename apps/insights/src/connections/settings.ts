import type { AnyConnector, AppLink } from '@gatehouse/connector-kit';
import { describe } from '@gatehouse/fields';
import { Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { z } from 'zod';
import { type FieldError, invalidFields } from '../problems.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** Tenant and connection: a sealed value opens only where it belongs. */
export type Place = readonly [tenantId: string, connectionId: string];

/** Settings that passed the connector's schema. */
export interface Accepted {
  /** What the connector's own functions take; secrets are `Secret`s. Only the connector knows its type, hence never. */
  readonly config: never;
  readonly point: string;
  readonly app: AppLink | null;
  /** What is stored: as entered, mended, every secret sealed. */
  readonly kept: Settings;
  /** As entered, with the secrets that were left out, all in the clear: for a test of what is on the screen. */
  readonly whole: Settings;
  /** What was mended on the way, in words. */
  readonly notes: readonly string[];
}

/**
 * Checks what a person entered. A secret that is left out (or sent back as `{ isSet: true }`) is taken from `previous`.
 * Whatever is wrong is one problem that names every field as `settings.<name>`.
 */
export const acceptSettings = (
  connector: AnyConnector,
  entered: Settings,
  previous: Settings | null,
  sealer: Sealer,
  place: Place,
): Accepted => {
  const secrets = secretPaths(connector.config);
  const whole = fillSecrets(entered, previous ? openAll(previous, sealer, place) : {}, secrets);
  const parsed = connector.config.safeParse(whole);
  if (!parsed.success) throw invalidFields(toFieldErrors(parsed.error));
  return {
    // The schema of this connector made it, so its functions take it; nobody else can know the type.
    config: parsed.data as never,
    point: connector.point(parsed.data as never).slice(0, 300),
    app: connector.app?.(parsed.data as never) ?? null,
    whole,
    kept: sealAll(mend(connector, whole, parsed.data), secrets, sealer, place),
    notes: connector.notes?.(parsed.data as never) ?? [],
  };
};

/** Stored settings as they were entered, secrets in the clear: for the connector kit, which parses them. */
export const revealSettings = (kept: Settings, sealer: Sealer, place: Place): Settings => openAll(kept, sealer, place);

/** Settings for an answer: no secret, sealed or not. */
export const showSettings = (kept: Settings): Settings =>
  mapTree(kept, (value) => (isSealed(value) ? { isSet: true } : undefined)) as Settings;

const Sealed = z.strictObject({ sealed: z.string() });
const isSealed = (value: unknown): value is z.output<typeof Sealed> => Sealed.safeParse(value).success;

const openAll = (kept: Settings, sealer: Sealer, place: Place): Settings =>
  mapTree(kept, (value, path) =>
    isSealed(value) ? sealer.open(value.sealed, [...place, path]).reveal() : undefined,
  ) as Settings;

const sealAll = (values: Settings, secrets: readonly string[], sealer: Sealer, place: Place): Settings =>
  mapTree(values, (value, path) =>
    typeof value === 'string' && secrets.includes(path)
      ? { sealed: sealer.seal(new Secret(value), [...place, path]) }
      : undefined,
  ) as Settings;

/** Takes from `previous` the secrets that were left out or sent back as they were shown. */
const fillSecrets = (entered: Settings, previous: Settings, secrets: readonly string[]): Settings => {
  const whole = structuredClone(entered) as Record<string, unknown>;
  for (const path of secrets) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const from = walk(previous, names);
    const to = walk(whole, names);
    // A secret of a branch that is not chosen has no place to go to, and is forgotten.
    if (!to) continue;
    if (to[last] !== undefined && !z.strictObject({ isSet: z.boolean() }).safeParse(to[last]).success) continue;
    if (typeof from?.[last] === 'string') to[last] = from[last];
    else delete to[last];
  }
  return whole;
};

const walk = (tree: unknown, names: readonly string[]): Record<string, unknown> | null =>
  names.reduce<Record<string, unknown> | null>(
    (at, name) => (at && isObject(at[name]) ? at[name] : null),
    isObject(tree) ? tree : null,
  );

/** Keeps a value as the schema mended it (trimmed, a scheme taken off) where the mended value is itself a good input. */
const mend = (connector: AnyConnector, whole: Settings, parsed: unknown): Settings => {
  const output = isObject(parsed) ? parsed : {};
  const values = Object.fromEntries(
    Object.entries(whole).map(([name, value]) => {
      const mended = output[name];
      return [name, typeof value === 'string' && typeof mended === 'string' ? mended : value];
    }),
  );
  return connector.config.safeParse(values).success ? values : whole;
};

/** Dotted paths of every value that the schema marks as secret, through nested objects and alternatives. */
export const secretPaths = (config: z.ZodType): readonly string[] => {
  const paths = new Set<string>();
  const visit = (schema: unknown, path: string, depth: number): void => {
    if (!isObject(schema) || depth > 8) return;
    if (schema.writeOnly === true) paths.add(path);
    for (const key of ['oneOf', 'anyOf', 'allOf']) {
      const branches = schema[key];
      if (Array.isArray(branches)) for (const branch of branches) visit(branch, path, depth + 1);
    }
    if (isObject(schema.properties)) {
      for (const [name, property] of Object.entries(schema.properties)) {
        visit(property, path === '' ? name : `${path}.${name}`, depth + 1);
      }
    }
  };
  visit(describe(config), '', 0);
  return [...paths];
};

const toFieldErrors = (error: z.ZodError): readonly FieldError[] =>
  error.issues.flatMap((issue) => {
    const at = ['settings', ...issue.path.map(String)];
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: [...at, key].join('.'), message: 'There is no such setting.' }))
      : [{ field: at.join('.'), message: issue.message }];
  });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy in which `change` replaced what it answered for; undefined leaves a value and looks into it. */
const mapTree = (tree: unknown, change: (value: unknown, path: string) => unknown, path = ''): unknown => {
  const changed = path === '' ? undefined : change(tree, path);
  if (changed !== undefined) return changed;
  if (!isObject(tree)) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [name, mapTree(value, change, path === '' ? name : `${path}.${name}`)]),
  );
};
