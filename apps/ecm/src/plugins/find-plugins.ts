import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe } from '@gatehouse/fields';
import { realDisk } from '@gatehouse/host/agent';
import type { AnyVault } from '@gatehouse/vault-kit';
import { z } from 'zod';

/** A plugin that can be used, and where it came from. */
export interface Found {
  readonly vault: AnyVault;
  /** The file of one that was put into the folder of plugins; null for those that come with the ECM. */
  readonly file: string | null;
}

/** A file that should be a plugin and cannot be used, with a sentence that says why. */
export interface Unusable {
  readonly file: string;
  readonly reason: string;
}

export interface Plugins {
  readonly found: readonly Found[];
  readonly unusable: readonly Unusable[];
}

export const pluginFolder = (home: string): string => join(home, 'plugins');

/**
 * The plugins that come with the ECM and those in a folder: each file `*.mjs` or `*.js` there is a module whose default
 * export is a vault plugin. A plugin runs with all rights of the ECM, so one that others may change is not loaded.
 */
export const findPlugins = async (own: readonly AnyVault[], folder: string): Promise<Plugins> => {
  const found: Found[] = own.map((vault) => ({ vault, file: null }));
  const unusable: Unusable[] = [];
  for (const name of (await realDisk.list(folder)).filter((one) => /\.m?js$/.test(one)).slice(0, 100)) {
    const file = join(folder, name);
    const loaded = await load(file).catch((error: unknown) => wordsFor(error));
    if (typeof loaded === 'string') unusable.push({ file, reason: loaded });
    else if (found.some(({ vault }) => vault.id === loaded.id))
      unusable.push({ file, reason: `There is a plugin "${loaded.id}" already.` });
    else found.push({ vault: loaded, file });
  }
  return { found, unusable };
};

const load = async (file: string): Promise<AnyVault | string> => {
  if (process.platform !== 'win32') {
    const { mode, uid } = await stat(file);
    const own = process.getuid?.() ?? 0;
    if ((mode & 0o022) !== 0) return 'Others may change this file. Close it with chmod go-w.';
    if (uid !== 0 && uid !== own)
      return 'This file belongs to somebody else. Give it to root or to the account of the ECM.';
  }
  const slow = Promise.withResolvers<string>();
  const timer = setTimeout(() => slow.resolve('It was not loaded after ten seconds.'), 10_000);
  try {
    const exported: unknown = await Promise.race([import(pathToFileURL(file).href), slow.promise]);
    if (typeof exported === 'string') return exported;
    return judge(Object(exported).default);
  } finally {
    clearTimeout(timer);
  }
};

const isFunction = z.custom<(...words: never[]) => unknown>((value) => typeof value === 'function', 'is no function');
const Shape = z.looseObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'is no short name of small letters'),
  name: z.string().min(1).max(100),
  summary: z.string().max(1_000),
  config: z.custom<z.ZodType>((value) => typeof Object(Object(value)._zod).run === 'function', 'is no schema of zod 4'),
  impersonation: z.enum(['acts-as-user', 'filters-by-service-account']),
  ...{ connect: isFunction, check: isFunction, list: isFunction, retrieve: isFunction, release: isFunction },
});

/** The plugin, or the sentence that says why it is none. */
const judge = (exported: unknown): AnyVault | string => {
  if (typeof exported !== 'object' || exported === null) return 'It has no default export that is a vault plugin.';
  const parsed = Shape.safeParse(exported);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `Its default export is no vault plugin: ${issue?.path.join('.')}: ${issue?.message}.`;
  }
  const vault = exported as AnyVault; // what the shape above has judged
  try {
    describe(vault.config);
  } catch {
    return 'Its settings cannot be shown as a form.';
  }
  return vault;
};

const wordsFor = (error: unknown): string => {
  const said = error instanceof Error ? error.message.split('\n')[0]?.slice(0, 300) : String(error).slice(0, 300);
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ERR_MODULE_NOT_FOUND') return `It needs a module that is not there. Bundle it into the file. (${said})`;
  if (error instanceof SyntaxError) return `It is no JavaScript that this version of Node understands: ${said}`;
  return `It failed while it was loaded: ${said}`;
};
