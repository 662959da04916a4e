import type { Domain, Login } from './domain.ts';
import { type Output, run, tryRun } from './run.ts';
import { type LdifRecord, parseRecords } from './seed/ldif.ts';

export interface Question {
  /** The whole domain, unless said otherwise. */
  readonly base?: string;
  readonly scope?: 'base' | 'sub';
  readonly filter?: string;
  readonly attributes?: readonly string[];
  /** With what was deleted (LDAP_SERVER_SHOW_DELETED_OID). */
  readonly deleted?: boolean;
  /** Entries of a page; 500, unless said otherwise. */
  readonly pageSize?: number;
  /** Parts of descriptors: the owner, the group and the access list (7), unless said otherwise. */
  readonly sdFlags?: number;
}

/** What OpenLDAP's client reads over verified TLS, every page. */
export const ldapSearch = async (domain: Domain, as: Login, question: Question): Promise<readonly LdifRecord[]> =>
  parseRecords(await run('ldapsearch', searchArguments(domain, as, question), { env: environment(domain) }));

/** The same read into /dev/null, for its time. */
export const ldapSearchIntoNothing = async (domain: Domain, as: Login, question: Question): Promise<void> => {
  await run('ldapsearch', searchArguments(domain, as, question), { env: environment(domain), isDropped: true });
};

const searchArguments = (domain: Domain, as: Login, question: Question): readonly string[] => {
  const { base = domain.names.base, scope = 'sub', filter = '(objectClass=*)', attributes = [], deleted } = question;
  const { pageSize = 500, sdFlags = 7 } = question;
  return [
    ...[...credentials(domain, as), '-LLL', '-o', 'ldif-wrap=no', '-b', base, '-s', scope],
    ...['-E', `pr=${pageSize}/noprompt`],
    // LDAP_SERVER_SD_FLAGS_OID with its number as BER.
    ...['-E', `!1.2.840.113556.1.4.801=::${Buffer.from([0x30, 3, 2, 1, sdFlags]).toString('base64')}`],
    ...(deleted ? ['-E', '!1.2.840.113556.1.4.417'] : []),
    ...[filter, ...attributes],
  ];
};

/** Changes as LDIF. Fails where the directory refuses. */
export const ldapModify = async (domain: Domain, as: Login, ldif: string): Promise<void> => {
  await run('ldapmodify', credentials(domain, as), { input: ldif, env: environment(domain) });
};

/** Signs in, no more; the exit code is that of the LDAP result (49: invalid credentials). */
export const ldapSignIn = (domain: Domain, as: Login): Promise<Output> =>
  tryRun('ldapsearch', [...credentials(domain, as), '-b', '', '-s', 'base', '1.1'], { env: environment(domain) });

/** A first ticket by Kerberos; the exit code is 0 when there was one. It is not kept. */
export const kerberosSignIn = (domain: Domain, as: Login): Promise<Output> =>
  tryRun('kinit', ['-c', 'MEMORY:', `${as.name}@${domain.names.realm}`], {
    input: `${as.password}\n`,
    env: { KRB5_CONFIG: domain.kerberosConfiguration },
  });

const credentials = (domain: Domain, { userPrincipalName, password }: Login): readonly string[] => [
  ...['-x', '-H', `ldaps://${domain.address}`, '-D', userPrincipalName, '-w', password],
];

const environment = (domain: Domain): NodeJS.ProcessEnv => ({
  LDAPTLS_CACERT: domain.caFile,
  LDAPTLS_REQCERT: 'demand',
});

/** The first value as text, and all of them. */
export const text = (record: LdifRecord | undefined, name: string): string | undefined =>
  record?.get(name)?.[0]?.toString();
export const texts = (record: LdifRecord | undefined, name: string): readonly string[] =>
  (record?.get(name) ?? []).map(String);
