import { guidText } from '../guid.ts';
import { sidText } from '../sid.ts';
import type { AnsweredEntry, Outcome } from './answer.ts';
import { type Projection, toAnswered } from './attributes.ts';
import { integer, numberIn, octets, sequence, valuesIn } from './ber.ts';
import type { Directory, Entry } from './directory.ts';
import { isAtOrBelow, keyOf, parentKey } from './dn.ts';
import { type Matches, toMatches } from './filter.ts';
import type { Search } from './request.ts';

/** What one answer consists of. Entries are made as they are sent. */
export interface Found {
  readonly entries: Iterable<AnsweredEntry>;
  readonly references: readonly string[];
  readonly outcome: Outcome;
}

export interface SearchLimits {
  readonly maxPageSize: number;
  readonly maxValRange: number;
}

/** Who searches: what the bound account may do. */
export interface Rights {
  readonly readSacl: boolean;
  readonly dirSync: boolean;
}

export const paged = '1.2.840.113556.1.4.319';
const sdFlags = '1.2.840.113556.1.4.801';
const showDeleted = '1.2.840.113556.1.4.417';
const extendedDn = '1.2.840.113556.1.4.529';
const dirSync = '1.2.840.113556.1.4.841';

/** Searches of one connection; cookies of pages are known here only. */
export const createSearches = (directory: Directory, limits: SearchLimits) => {
  const open = new Map<string, { rest: Entry[]; at: number }>();
  let cookies = 0;

  return (search: Search, rights: Rights): Found => {
    if (search.base === '' && search.scope === 'base') return rootDse(directory, search);
    const base = keyOf(search.base);
    const context = directory.contextOf(base);
    if (context === undefined) return refused({ code: 10, referrals: [`ldap://${domainOf(base)}/${search.base}`] });
    if (directory.find(search.base) === undefined) {
      return refused({ code: 32, diagnostic: '0000208D: NameErr: DSID-0310028D, problem 2001 (NO_OBJECT)' });
    }
    const flags = search.controls.get(sdFlags);
    const projection: Projection = {
      attributes: search.attributes,
      sdFlags: flags === undefined ? null : numberIn(valuesIn(valuesIn(flags)[0]?.content ?? flags)[0] ?? none),
      mayReadSacl: rights.readSacl,
      maxValRange: limits.maxValRange,
      extend: search.controls.has(extendedDn) ? (dn) => extended(dn, directory) : null,
      since: null,
    };
    const matches = toMatches(search.filter, directory);
    const changes = search.controls.get(dirSync);
    if (changes !== undefined) {
      if (!rights.dirSync) return refused({ code: 50, diagnostic: '00002105: SecErr: DSID-031A11E2, problem 4003' });
      if (base !== context || search.scope !== 'sub') return refused({ code: 53, diagnostic: 'no naming context' });
      return readChanges(directory, context, matches, projection, changes);
    }

    const page = search.controls.get(paged);
    const [size, given] = page === undefined ? [] : valuesIn(valuesIn(page)[0]?.content ?? page);
    const key = given?.content.toString('latin1') ?? '';
    const known = open.get(key);
    if (key !== '' && known === undefined)
      return refused({ code: 53, diagnostic: 'the cookie is of another connection' });
    open.delete(key);
    if (page !== undefined && size !== undefined && numberIn(size) === 0) return refused({ code: 0 });

    const results = known ?? { rest: [...inScope(directory, context, base, search, matches)], at: 0 };
    const most = Math.min(limits.maxPageSize, size === undefined ? limits.maxPageSize : numberIn(size));
    const entries = results.rest.slice(results.at, results.at + most);
    const isLast = results.at + most >= results.rest.length;
    let cookie = '';
    if (!isLast && page !== undefined) {
      cookie = `page ${++cookies}`;
      open.set(cookie, { rest: results.rest, at: results.at + most });
    }
    const control = page === undefined ? {} : { [paged]: sequence(integer(0), octets(cookie)) };
    return {
      entries: answered(entries, projection, directory),
      references: known === undefined ? referencesOf(directory, context, search) : [],
      outcome: { code: isLast || page !== undefined ? 0 : 4, controls: control },
    };
  };
};

const none = { tag: 2, content: Buffer.alloc(0) };
const refused = (outcome: Outcome): Found => ({ entries: [], references: [], outcome });

function* answered(entries: Iterable<Entry>, projection: Projection, directory: Directory): Iterable<AnsweredEntry> {
  for (const entry of entries) {
    // What was removed meanwhile is not sent.
    if (directory.find(entry.dn) !== entry) continue;
    const one = toAnswered(entry, projection);
    if (one !== null) yield one;
  }
}

function* inScope(
  directory: Directory,
  context: string,
  base: string,
  search: Search,
  matches: Matches,
): Iterable<Entry> {
  const withDeleted = search.controls.has(showDeleted);
  const isIn = {
    base: (key: string) => key === base,
    one: (key: string) => parentKey(key) === base,
    sub: (key: string) => isAtOrBelow(key, base),
  }[search.scope];
  const single = search.scope === 'base' ? directory.find(search.base) : undefined;
  for (const entry of single === undefined ? directory.entriesOf(context) : [single]) {
    if (!isIn(entry.key) || (!withDeleted && isDeleted(entry))) continue;
    if (matches(entry)) yield entry;
  }
}

/** As MS-ADTS 3.1.1.3.4.1.5 writes it with the flag 1; a name that leads nowhere stays as it is. */
const extended = (dn: string, directory: Directory): string => {
  const found = directory.find(dn)?.attributes;
  const guid = found?.get('objectguid')?.values[0];
  const sid = found?.get('objectsid')?.values[0];
  return `${guid ? `<GUID=${guidText(guid)}>;` : ''}${sid ? `<SID=${sidText(sid)}>;` : ''}${dn}`;
};

const isDeleted = ({ attributes }: Entry): boolean => attributes.get('isdeleted')?.values[0]?.toString() === 'TRUE';

/** Naming contexts below the base are elsewhere, even when this controller holds them too. */
const referencesOf = (directory: Directory, context: string, { base, scope }: Search): readonly string[] =>
  scope !== 'sub'
    ? []
    : directory.namingContexts
        .filter((dn) => keyOf(dn) !== context && isAtOrBelow(keyOf(dn), keyOf(base)))
        .map((dn) => `ldap://${domainOf(keyOf(dn))}/${dn}`);

const domainOf = (key: string): string =>
  key
    .split(',')
    .filter((rdn) => rdn.startsWith('dc='))
    .map((rdn) => rdn.slice(3))
    .join('.');

const rootDse = (directory: Directory, { attributes }: Search): Found => {
  const own = new Map(directory.rootDse);
  own.set('highestcommittedusn', {
    name: 'highestCommittedUSN',
    values: [Buffer.from(String(directory.highestUsn()))],
    usn: 0,
  });
  if (!own.has('currenttime')) {
    const now = `${new Date().toISOString().replace(/[-:T]|\.\d+Z/g, '')}.0Z`;
    own.set('currenttime', { name: 'currentTime', values: [Buffer.from(now)], usn: 0 });
  }
  const isWanted = (name: string) => attributes.length === 0 || attributes.includes('*') || attributes.includes(name);
  const wanted = [...own].filter(([name]) => isWanted(name)).map(([, attribute]) => attribute);
  return { entries: [{ dn: '', attributes: wanted }], references: [], outcome: { code: 0 } };
};

/** Answers of DirSync, oldest change first. The cookie is the USN up to which everything was sent. */
const readChanges = (
  directory: Directory,
  context: string,
  matches: Matches,
  projection: Projection,
  control: Buffer,
): Found => {
  const [flags, maxBytes, cookie] = valuesIn(valuesIn(control)[0]?.content ?? control);
  const since = Number(/^usn (\d+)$/.exec(cookie?.content.toString() ?? '')?.[1] ?? -1);
  const changed = [...directory.entriesOf(context)]
    .filter((entry) => usnOf(entry) > since && matches(entry))
    .sort((a, b) => usnOf(a) - usnOf(b));
  const most = Math.max(1, Math.min(1_000, Math.floor((maxBytes === undefined ? 0 : numberIn(maxBytes)) / 1_024)));
  let end = Math.min(most, changed.length);
  // Entries of one change stay together, because the cookie cannot say which of them were sent.
  while (end < changed.length && usnOf(changed[end]) === usnOf(changed[end - 1])) end++;
  const entries = changed.slice(0, end);
  const isLast = end >= changed.length;
  const reached = isLast ? directory.highestUsn() : usnOf(entries.at(-1));
  const valuesOnly = flags !== undefined && (numberIn(flags) & 0x80000000) !== 0;
  const value = sequence(integer(isLast ? 0 : 1), integer(0), octets(`usn ${reached}`));
  return {
    entries: answered(entries, { ...projection, since: { usn: since, valuesOnly } }, directory),
    references: [],
    outcome: { code: 0, controls: { [dirSync]: value } },
  };
};

const usnOf = (entry: Entry | undefined): number =>
  Number(entry?.attributes.get('usnchanged')?.values[0]?.toString() ?? 0);
