import {
  type EventLogs,
  type Files,
  type Host,
  type Ldap,
  type LdapEntry,
  type LdapQuery,
  ldapCodeOf,
  type Registry,
  type RootDse,
} from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import { guidOf, sidOf, textOf } from './entry.ts';

/** What every stream needs to know before it reads. */
export interface Forest {
  readonly root: RootDse;
  /** Whose USNs these are; another id is another database, even on the same controller. */
  readonly invocationId: string;
  readonly domainSid: string;
  /** `corp.example`. */
  readonly dnsName: string;
  /** `CORP`, as in CORP\ada; null where the partition does not say. */
  readonly netbiosName: string | null;
}

/** A directory, and what is asked of it once for all streams. */
export interface DirectoryClient {
  /** "Active Directory corp.example", for words. */
  readonly system: string;
  readonly ldap: Ldap;
  /** Where events are to be had; null: nowhere. */
  readonly eventLogs: EventLogs | null;
  /** SYSVOL; null where the host has none. */
  readonly files: Files | null;
  /** Null where this machine cannot read others’. */
  readonly registry: Registry | null;
  /** The clock of the host. */
  now(): Date;
  forest(): Promise<Forest>;
  /** One entry; null where it is not there or may not be seen. */
  find(query: Omit<LdapQuery, 'scope'>): Promise<LdapEntry | null>;
  /** All entries, one after the other. */
  entries(query: LdapQuery): AsyncIterable<LdapEntry>;
  /** Remembers what `make` gives, for as long as the run lasts. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
}

export interface DirectorySettings {
  readonly controllers: readonly string[];
  readonly certificateAuthorities?: string;
  readonly bindName: string;
  readonly password: Secret;
}

export const createClient = (host: Host, settings: DirectorySettings): DirectoryClient => {
  const system = 'Active Directory';
  const ldap = host.ldap({ ...settings, system });
  const remembered = new Map<string, Promise<unknown>>();

  const once = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    // The key names one maker, which is who asks for it again.
    const known = remembered.get(key) as Promise<T> | undefined;
    if (known) return known;
    const made = make();
    remembered.set(key, made);
    // What failed is tried again by the next stream.
    made.catch(() => remembered.delete(key));
    return made;
  };
  const entries = async function* (query: LdapQuery): AsyncIterable<LdapEntry> {
    for await (const page of ldap.search(query)) yield* page.entries;
  };
  const find = async (query: Omit<LdapQuery, 'scope'>): Promise<LdapEntry | null> => {
    try {
      for await (const entry of entries({ ...query, scope: 'base' })) return entry;
    } catch (error) {
      if (ldapCodeOf(error) !== noSuchObject) throw error;
    }
    return null;
  };
  return {
    system,
    ldap,
    once,
    entries,
    find,
    files: host.files ?? null,
    registry: host.registry ?? null,
    now: () => host.clock.now(),
    eventLogs: host.eventLogs ?? null,
    forest: () => once('forest', () => readForest(ldap, find)),
  };
};

/** RFC 4511 4.1.9; Active Directory also says it of what the account may not see. */
const noSuchObject = 32;

const readForest = async (ldap: Ldap, find: DirectoryClient['find']): Promise<Forest> => {
  const root = await ldap.rootDse();
  const settings = await find({ base: root.dsServiceName, attributes: ['invocationId'] });
  const domain = await find({ base: root.defaultNamingContext, attributes: ['objectSid'] });
  const invocationId = settings && guidOf(settings, 'invocationId');
  const domainSid = domain && sidOf(domain);
  if (invocationId === null || domainSid === null) {
    throw new Fault(
      'forbidden',
      'The account may not read the domain object or the settings of the domain controller. Give it the rights that every domain user has (the group Authenticated Users).',
      `invocationId ${invocationId}, domain SID ${domainSid}`,
    );
  }
  return {
    ...{ root, invocationId, domainSid },
    dnsName: dnsNameOf(root.defaultNamingContext),
    netbiosName: await readNetbiosName(find, root),
  };
};

const readNetbiosName = async (find: DirectoryClient['find'], root: RootDse): Promise<string | null> => {
  const first = /^DC=([^,]+)/i.exec(root.defaultNamingContext)?.[1];
  const partition = await find({
    base: `CN=${first?.toUpperCase()},CN=Partitions,${root.configurationNamingContext}`,
    attributes: ['nETBIOSName'],
  }).catch(() => null);
  return partition ? textOf(partition, 'nETBIOSName') : null;
};

/** `DC=corp,DC=example` → `corp.example`. */
export const dnsNameOf = (dn: string): string =>
  [...dn.matchAll(/(?:^|,)DC=([^,]+)/gi)]
    .map(([, part]) => part)
    .join('.')
    .toLowerCase();
