import { isAtOrBelow, keyOf, parentOf, rdnsOf } from './dn.ts';
import { readLdif } from './ldif.ts';

/** One entry as the fake keeps it. */
export interface Entry {
  readonly dn: string;
  readonly key: string;
  /** By lower-case name, with the spelling that answers use. */
  readonly attributes: Map<string, Attribute>;
}

export interface Attribute {
  readonly name: string;
  readonly values: readonly Buffer[];
  /** The USN of its last change; 0 where it came from a file. */
  readonly usn: number;
  /** Of `member`: which values were added and removed, and when. */
  readonly links?: readonly { readonly value: Buffer; readonly usn: number; readonly isPresent: boolean }[];
}

export type Given = string | Buffer | readonly (string | Buffer)[];

/**
 * What a domain controller holds: entries by naming context, and a USN that moves on with every change. Tests change it
 * while clients read.
 */
export interface Directory {
  readonly rootDse: ReadonlyMap<string, Attribute>;
  readonly namingContexts: readonly string[];
  highestUsn(): number;
  /** Entries of LDIF text, as they are; the entry without a name becomes the root DSE. */
  load(ldif: string): void;
  /** Sets an attribute of the root DSE. */
  declare(name: string, value: Given): void;
  /** Adds what every entry has: GUID, USNs, times, names. */
  add(dn: string, attributes: Readonly<Record<string, Given>>): Entry;
  /** Null takes an attribute away. */
  change(dn: string, attributes: Readonly<Record<string, Given | null>>): void;
  /** Renames or moves an entry with all below it. */
  move(dn: string, to: string): void;
  /** Leaves a tombstone in the Deleted Objects container of the naming context. */
  remove(dn: string): void;
  find(dn: string): Entry | undefined;
  /** The naming context that an entry of this name would be in; undefined when this controller does not hold it. */
  contextOf(key: string): string | undefined;
  /** All entries of a naming context, given by its key. */
  entriesOf(context: string): Iterable<Entry>;
}

export const createDirectory = (...domains: readonly string[]): Directory => {
  const rootDse = new Map<string, Attribute>();
  const contexts = new Map<string, { dn: string; entries: Map<string, Entry> }>();
  let usn = 1_000;
  let guids = 0;

  const declare = (name: string, value: Given) => {
    rootDse.set(name.toLowerCase(), { name, values: toValues(value), usn: 0 });
    if (name.toLowerCase() === 'highestcommittedusn') usn = Math.max(usn, Number(toValues(value)[0]));
    if (name.toLowerCase() === 'namingcontexts') {
      for (const dn of toValues(value).map(String)) {
        if (!contexts.has(keyOf(dn))) contexts.set(keyOf(dn), { dn, entries: new Map() });
      }
    }
  };

  const contextOf = (key: string): string | undefined => {
    let found: string | undefined;
    for (const context of contexts.keys()) {
      if (isAtOrBelow(key, context) && context.length > (found?.length ?? -1)) found = context;
    }
    return found;
  };

  const entriesFor = (key: string): Map<string, Entry> => {
    const found = contexts.get(contextOf(key) ?? '');
    if (found === undefined) throw new Error(`no naming context holds ${key}`);
    return found.entries;
  };

  const find = (dn: string): Entry | undefined => {
    const key = keyOf(dn);
    return contexts.get(contextOf(key) ?? '')?.entries.get(key);
  };
  const get = (dn: string): Entry => {
    const entry = find(dn);
    if (entry === undefined) throw new Error(`there is no entry ${dn}`);
    return entry;
  };

  const put = (dn: string, attributes: Map<string, Attribute>): Entry => {
    const entry = { dn, key: keyOf(dn), attributes };
    entriesFor(entry.key).set(entry.key, entry);
    return entry;
  };

  const set = (entry: Entry, name: string, value: Given) => {
    const known = entry.attributes.get(name.toLowerCase());
    entry.attributes.set(name.toLowerCase(), { name: known?.name ?? name, values: toValues(value), usn });
  };
  const stamp = (entry: Entry) => {
    set(entry, 'uSNChanged', String(usn));
    set(entry, 'whenChanged', timeText(new Date()));
  };

  /** `memberOf` follows `member` without a change of the member's USN. */
  const link = (group: Entry, before: readonly Buffer[], after: readonly Buffer[]) => {
    const keys = (values: readonly Buffer[]) => new Map(values.map((value) => [keyOf(String(value)), String(value)]));
    const [old, now] = [keys(before), keys(after)];
    for (const [key, dn] of new Map([...old, ...now])) {
      const member = find(dn);
      if (member === undefined || old.has(key) === now.has(key)) continue;
      const others = (member.attributes.get('memberof')?.values ?? []).filter(
        (one) => keyOf(String(one)) !== group.key,
      );
      const values = now.has(key) ? [...others, Buffer.from(group.dn)] : others;
      if (values.length === 0) member.attributes.delete('memberof');
      else member.attributes.set('memberof', { name: 'memberOf', values, usn: 0 });
    }
  };

  const change: Directory['change'] = (dn, attributes) => {
    const entry = get(dn);
    usn++;
    for (const [name, value] of Object.entries(attributes)) {
      const before = entry.attributes.get(name.toLowerCase());
      set(entry, name, value ?? []);
      const now = entry.attributes.get(name.toLowerCase());
      if (now === undefined || name.toLowerCase() !== 'member') continue;
      entry.attributes.set('member', { ...now, links: [...(before?.links ?? []), ...linkChanges(before, now)] });
      link(entry, before?.values ?? [], now.values);
    }
    stamp(entry);
  };

  const below = (entry: Entry): readonly Entry[] =>
    [...entriesFor(entry.key).values()].filter(({ key }) => isAtOrBelow(key, entry.key));

  const directory: Directory = {
    rootDse,
    declare,
    contextOf,
    find,
    change,
    get namingContexts() {
      return [...contexts.values()].map(({ dn }) => dn);
    },
    highestUsn: () => usn,
    entriesOf: (context) => contexts.get(context)?.entries.values() ?? [],
    load(ldif) {
      for (const { dn, attributes } of readLdif(ldif)) {
        if (dn === '') {
          for (const [name, values] of attributes) declare(name, values);
          continue;
        }
        const own = new Map<string, Attribute>();
        for (const [name, values] of attributes) own.set(name.toLowerCase(), { name, values, usn: 0 });
        put(dn, own);
        usn = Math.max(usn, Number(own.get('usnchanged')?.values[0] ?? 0));
      }
    },
    add(dn, attributes) {
      if (find(dn) !== undefined) throw new Error(`there is an entry ${dn} already`);
      usn++;
      const entry = put(dn, new Map());
      const name = nameOf(dn);
      const now = timeText(new Date());
      const guid = Buffer.alloc(16, 0xa0);
      guid.writeUInt32LE(++guids, 0);
      const usual = { objectGUID: guid, instanceType: '4', distinguishedName: dn, name, cn: name };
      for (const [key, value] of Object.entries({
        ...usual,
        uSNCreated: String(usn),
        whenCreated: now,
        ...attributes,
      })) {
        set(entry, key, value);
      }
      link(entry, [], entry.attributes.get('member')?.values ?? []);
      stamp(entry);
      return entry;
    },
    move(dn, to) {
      const top = get(dn);
      for (const entry of below(top)) {
        usn++;
        entriesFor(entry.key).delete(entry.key);
        const moved = put(`${entry.dn.slice(0, entry.dn.length - top.dn.length)}${to}`, entry.attributes);
        set(moved, 'distinguishedName', moved.dn);
        set(moved, 'name', nameOf(moved.dn));
        stamp(moved);
      }
    },
    remove(dn) {
      const entry = get(dn);
      if (below(entry).length > 1) throw new Error(`${dn} has entries below it`);
      usn++;
      const context = contexts.get(contextOf(entry.key) ?? '')?.dn ?? '';
      for (const group of entry.attributes.get('memberof')?.values ?? []) unlink(String(group), entry.key);
      entriesFor(entry.key).delete(entry.key);
      const guid = guidText(entry.attributes.get('objectguid')?.values[0] ?? Buffer.alloc(16));
      const rdn = `${rdnsOf(entry.dn)[0] ?? ''}\\0ADEL:${guid}`;
      const kept = [...entry.attributes].filter(([name]) => keptByTombstones.has(name));
      const tombstone = put(`${rdn},CN=Deleted Objects,${context}`, new Map(kept));
      set(tombstone, 'isDeleted', 'TRUE');
      set(tombstone, 'lastKnownParent', parentOf(entry.dn));
      set(tombstone, 'distinguishedName', tombstone.dn);
      set(tombstone, 'name', `${nameOf(entry.dn)}\nDEL:${guid}`);
      stamp(tombstone);
    },
  };

  const unlink = (groupDn: string, memberKey: string) => {
    const member = find(groupDn)?.attributes.get('member');
    if (member === undefined) return;
    const values = member.values.filter((one) => keyOf(String(one)) !== memberKey);
    find(groupDn)?.attributes.set('member', { ...member, values, usn });
  };

  declareForest(directory, domains);
  return directory;
};

/** The root DSE and the containers of a new forest: the first domain is its root. */
const declareForest = (directory: Directory, [own, root = own]: readonly string[]) => {
  if (own === undefined || root === undefined) return;
  const dn = (domain: string) =>
    domain
      .split('.')
      .map((part) => `DC=${part}`)
      .join(',');
  const configuration = `CN=Configuration,${dn(root)}`;
  const host = `dc1.${own}`;
  directory.declare('namingContexts', [dn(own), configuration, `CN=Schema,${configuration}`]);
  directory.declare('defaultNamingContext', dn(own));
  directory.declare('rootDomainNamingContext', dn(root));
  directory.declare('configurationNamingContext', configuration);
  directory.declare('schemaNamingContext', `CN=Schema,${configuration}`);
  directory.declare('dnsHostName', host);
  directory.declare('dsServiceName', `CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,${configuration}`);
  for (const name of ['domainFunctionality', 'forestFunctionality', 'domainControllerFunctionality']) {
    directory.declare(name, '7');
  }
  directory.declare('supportedCapabilities', ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670']);
  directory.declare(
    'supportedControl',
    ['319', '801', '417', '841'].map((last) => `1.2.840.113556.1.4.${last}`),
  );
  directory.add(dn(own), { objectClass: ['top', 'domain', 'domainDNS'], instanceType: '5' });
  directory.add(configuration, { objectClass: ['top', 'configuration'] });
  directory.add(`CN=Schema,${configuration}`, { objectClass: ['top', 'dMD'] });
  directory.add(`CN=Deleted Objects,${dn(own)}`, { objectClass: ['top', 'container'], isDeleted: 'TRUE' });
};

const linkChanges = (before: Attribute | undefined, { values, usn }: Attribute) => {
  const textsOf = (list: readonly Buffer[]) => new Set(list.map((value) => value.toString('latin1')));
  const old = before?.values ?? [];
  const [had, has] = [textsOf(old), textsOf(values)];
  return [
    ...values.filter((value) => !had.has(value.toString('latin1'))).map((value) => ({ value, usn, isPresent: true })),
    ...old.filter((value) => !has.has(value.toString('latin1'))).map((value) => ({ value, usn, isPresent: false })),
  ];
};

const keptByTombstones: ReadonlySet<string> = new Set(
  'objectGUID objectSid sAMAccountName objectClass uSNCreated whenCreated instanceType nTSecurityDescriptor userAccountControl sIDHistory'
    .toLowerCase()
    .split(' '),
);

const toValues = (given: Given): readonly Buffer[] =>
  (typeof given === 'string' || Buffer.isBuffer(given) ? [given] : given).map((value) =>
    typeof value === 'string' ? Buffer.from(value) : value,
  );

const nameOf = (dn: string): string =>
  (rdnsOf(dn)[0] ?? '')
    .replace(/^[^=]*=/, '')
    .replace(/\\([0-9a-f]{2})|\\(.)/gi, (_, hex, char) =>
      hex === undefined ? String(char) : String.fromCharCode(Number.parseInt(hex, 16)),
    );

const timeText = (at: Date): string => `${at.toISOString().replace(/[-:T]|\.\d+Z/g, '')}.0Z`;

const guidText = (bytes: Buffer): string => {
  const hex = Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
