import type { Database, Sql } from '@gatehouse/database';
import { createHost, filterValue, type Ldap } from '@gatehouse/host';
import { type Clock, Fault, type Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Envelope, openSecret } from '../keys/index.ts';

/** A domain whose accounts may sign in. */
export interface Directory {
  readonly directoryId: string;
  /** `NS`, as in NS\sarcher. */
  readonly netbiosName: string;
  readonly dnsName: string;
  /** `ldaps://dc1.corp.example`, in the order they are tried. */
  readonly controllers: readonly string[];
  /** The only ones that are trusted, PEM; null: those of this machine. */
  readonly certificateAuthorities: string | null;
  /** Who reads the groups of people that are impersonated; null: nobody, so that they have none. */
  readonly bindName: string | null;
  readonly bindSecretId: string | null;
}

/** Whom a domain let in. */
export interface DomainAccount {
  /** `NS\sarcher`, as the domain spells it. */
  readonly name: string;
  /** `NS\Admins` …, those in other groups included. */
  readonly groups: readonly string[];
}

/** Asks domains who somebody is. */
export interface Directories {
  /** Null where the domain is not known here, or refuses the name or the password. @throws Fault where it does not answer */
  signIn(domain: string, username: string, password: Secret): Promise<DomainAccount | null>;
  /** The groups of an account without its password. None where nobody may read them. @throws Fault */
  groupsOf(name: string): Promise<readonly string[]>;
  /**
   * Signs in as the account that reads groups, and reads one. Answers what the controller said. @throws Fault whose advice
   * says what failed
   */
  check(directory: Directory): Promise<string>;
}

export const directoryColumns = sql`directory_id as "directoryId", netbios_name as "netbiosName", dns_name as "dnsName", controllers,
  certificate_authorities as "certificateAuthorities", bind_name as "bindName", bind_secret_id as "bindSecretId"`;

const listAll = async (tx: Sql): Promise<readonly Directory[]> => {
  const { rows } =
    await sql<Directory>`select ${directoryColumns} from directories order by lower(netbios_name)`.execute(tx);
  return rows;
};

export const openDirectories = (parts: {
  readonly database: Database;
  readonly envelope: Envelope;
  readonly clock: Clock;
}): Directories => {
  const { database, envelope, clock } = parts;
  const find = async (domain: string): Promise<Directory | null> => {
    const lower = domain.toLowerCase();
    const all = await database.system(listAll);
    return (
      all.find(({ netbiosName, dnsName }) => [netbiosName, dnsName].some((one) => one.toLowerCase() === lower)) ?? null
    );
  };
  const connect = (directory: Directory, bindName: string, password: Secret, signal: AbortSignal): Ldap =>
    createHost({ signal, clock, attempts: 2, retryMs: 5_000 }).ldap({
      ...{ controllers: directory.controllers, system: `the domain ${directory.netbiosName}`, bindName, password },
      ...(directory.certificateAuthorities && { certificateAuthorities: directory.certificateAuthorities }),
    });
  return {
    async signIn(domain, username, password) {
      const directory = await find(domain);
      if (directory === null || !isName(username)) return null;
      const bindName = `${directory.netbiosName}\\${username}`;
      const ldap = connect(directory, bindName, password, AbortSignal.timeout(mostMs));
      try {
        return await readAccount(ldap, directory, username);
      } catch (error) {
        if (error instanceof Fault && error.kind === 'unauthorized') return null;
        throw error;
      } finally {
        ldap.close();
      }
    },
    async groupsOf(name) {
      const [domain = '', username = ''] = name.split('\\');
      const directory = await find(domain);
      if (directory === null || directory.bindName === null || directory.bindSecretId === null || !isName(username))
        return [];
      const { bindName, bindSecretId, directoryId } = directory;
      const password = await database.system((tx) =>
        openSecret(tx, envelope, bindSecretId, placeOfDirectory(directoryId)),
      );
      const ldap = connect(directory, bindName, password, AbortSignal.timeout(mostMs));
      try {
        return (await readAccount(ldap, directory, username))?.groups ?? [];
      } finally {
        ldap.close();
      }
    },
    async check(directory) {
      const { bindName, bindSecretId, directoryId, dnsName } = directory;
      if (bindName === null || bindSecretId === null)
        throw new Fault('misconfigured', 'Enter the account that reads groups, and its password.');
      const password = await database.system((tx) =>
        openSecret(tx, envelope, bindSecretId, placeOfDirectory(directoryId)),
      );
      const ldap = connect(directory, bindName, password, AbortSignal.timeout(mostMs));
      try {
        return await readAsTest(ldap, dnsName, bindName);
      } finally {
        ldap.close();
      }
    },
  };
};

const readAsTest = async (ldap: Ldap, dnsName: string, bindName: string): Promise<string> => {
  const { defaultNamingContext: base } = await ldap.rootDse();
  const served = [...base.matchAll(/DC=([^,]+)/gi)].map(([, part]) => part).join('.');
  if (served.toLowerCase() !== dnsName.toLowerCase())
    throw new Fault('misconfigured', `The controller serves the domain ${served}, not ${dnsName}. Change one of them.`);
  for await (const { entries } of ldap.search({
    ...{ base, scope: 'sub', filter: '(objectClass=group)', attributes: ['sAMAccountName'] },
  }))
    if (entries.length > 0) return `Signed in to ${served} as ${bindName}, which can read groups.`;
  throw new Fault('forbidden', `${bindName} can sign in, but reads no group. Let it read the directory.`);
};

export const placeOfDirectory = (directoryId: string): string => `directory/${directoryId}`;

const mostMs = 15_000;
const mostGroups = 2_000;

/** What may stand in sAMAccountName (MS-SAMR 3.1.1.6), so that a name cannot become another. */
const isName = (username: string): boolean => /^[^"/\\[\]:;|=,+*?<>@\p{Cc}]{1,100}$/u.test(username);

const readAccount = async (ldap: Ldap, directory: Directory, username: string): Promise<DomainAccount | null> => {
  const { defaultNamingContext: base } = await ldap.rootDse();
  const named = (account: string) => `${directory.netbiosName}\\${account}`;
  const find = async function* (filter: string) {
    for await (const { entries } of ldap.search({ base, scope: 'sub', filter, attributes: ['sAMAccountName'] })) {
      for (const entry of entries) {
        const [account] = entry.attributes.get('samaccountname') ?? [];
        if (account !== undefined) yield { dn: entry.dn, name: named(account.toString('utf8')) };
      }
    }
  };
  for await (const { dn, name } of find(`(&(objectCategory=person)(sAMAccountName=${filterValue(username)}))`)) {
    const groups: string[] = [];
    // LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS 3.1.1.3.4.4.3): groups of groups, too.
    for await (const group of find(`(&(objectClass=group)(member:1.2.840.113556.1.4.1941:=${filterValue(dn)}))`)) {
      if (groups.push(group.name) === mostGroups) break;
    }
    return { name, groups };
  }
  return null;
};
