import type { Files } from '@gatehouse/host';
import { toFault } from '@gatehouse/kernel';
import { knownValues } from './known-values.ts';
import { policyText } from './policy-text.ts';
import { parseRegistryPolicy, policyNumbers } from './registry-policy.ts';
import { parseSecurityTemplate, type RestrictedGroup } from './security-template.ts';
import { type StoredLogon, storedLogons } from './stored-logons.ts';

/** What the files of one policy say, as far as rules read them. */
export interface PolicyFiles {
  readonly systemAccess: Readonly<Record<string, number>>;
  readonly privileges: Readonly<Record<string, readonly string[]>>;
  readonly groups: readonly RestrictedGroup[];
  /** Of the computer’s part, by the names of `knownValues`. */
  readonly values: Readonly<Record<string, number>>;
  readonly logons: readonly (StoredLogon & { readonly file: string })[];
  /** Files that could not be read, or not to their end. */
  readonly unread: readonly string[];
}

const mebibyte = 1024 * 1024;
const mostUnread = 20;
/** Preferences that can hold a password. */
const withLogons: ReadonlySet<string> = new Set([
  ...['groups', 'scheduledtasks', 'services', 'datasources', 'drives', 'printers'],
]);

/** Null where the policy has no folder there. Names are compared without case, also where the folder is not Windows’. */
export const readPolicy = async (files: Files, folder: string): Promise<PolicyFiles | null> => {
  const parts = await files.list(folder);
  if (parts === null) return null;
  const unread: string[] = [];
  const logons: (StoredLogon & { readonly file: string })[] = [];
  const numbers = new Map<string, number>();
  let template: ReturnType<typeof parseSecurityTemplate> | null = null;

  const open = async <T>(path: string, largest: number, parse: (bytes: Buffer) => T): Promise<T | null> => {
    try {
      const bytes = await files.read(path, largest);
      return bytes === null ? null : parse(bytes);
    } catch (error) {
      // One that is away takes the whole run with it: nothing else would answer.
      if (toFault(error).kind === 'unreachable') throw error;
      if (unread.length < mostUnread) unread.push(path.slice(folder.length + 1));
      return null;
    }
  };
  const asWhole = <T extends { readonly isWhole: boolean }>(path: string, parsed: T | null): T | null => {
    if (parsed?.isWhole === false && unread.length < mostUnread) unread.push(path.slice(folder.length + 1));
    return parsed;
  };

  for (const part of parts.filter(({ kind }) => kind === 'folder')) {
    const isMachine = part.name.toLowerCase() === 'machine';
    if (!isMachine && part.name.toLowerCase() !== 'user') continue;
    const at = `${folder}/${part.name}`;
    if (isMachine) {
      const inf = await findPath(files, at, ['microsoft', 'windows nt', 'secedit', 'gpttmpl.inf']);
      if (inf !== null) template = asWhole(inf, await open(inf, 2 * mebibyte, parseSecurityTemplate));
      const pol = await findPath(files, at, ['registry.pol']);
      const parsed = pol === null ? null : asWhole(pol, await open(pol, 16 * mebibyte, parseRegistryPolicy));
      for (const [path, value] of parsed ? policyNumbers(parsed) : []) numbers.set(path, value);
    }
    const preferences = await findPath(files, at, ['preferences']);
    for (const { name } of preferences === null ? [] : ((await files.list(preferences)) ?? [])) {
      if (!withLogons.has(name.toLowerCase())) continue;
      const file = await findPath(files, `${preferences}/${name}`, [`${name.toLowerCase()}.xml`]);
      const found = file === null ? null : await open(file, 8 * mebibyte, (bytes) => storedLogons(policyText(bytes)));
      for (const logon of found ?? []) logons.push({ ...logon, file: String(file).slice(folder.length + 1) });
    }
  }
  for (const [path, value] of template?.values ?? []) {
    if (typeof value === 'number' && path.startsWith('machine\\')) numbers.set(path.slice('machine\\'.length), value);
  }
  return {
    // The value of a name that ends in “password” would be masked on the way.
    systemAccess: Object.fromEntries(
      [...(template?.systemAccess ?? [])].map(([name, value]) => [
        name.replace('ClearTextPassword', 'ClearText'),
        value,
      ]),
    ),
    privileges: Object.fromEntries(template?.privileges ?? []),
    groups: template?.groups ?? [],
    values: Object.fromEntries(
      [...knownValues].flatMap(([path, name]) => {
        const value = numbers.get(path);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...{ logons, unread },
  };
};

/** The path of something below a folder by names in lower case; null where it is not there. */
export const findPath = async (files: Files, folder: string, names: readonly string[]): Promise<string | null> => {
  let at = folder;
  for (const wanted of names) {
    const entry = (await files.list(at))?.find(({ name }) => name.toLowerCase() === wanted);
    if (entry === undefined) return null;
    at = at === '' ? entry.name : `${at}/${entry.name}`;
  }
  return at;
};
