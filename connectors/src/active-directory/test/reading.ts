import {
  createHost,
  type Ldap,
  type LdapEntry,
  type LdapOptions,
  type LdapPage,
  type LdapQuery,
} from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { createDirectory, type Directory, type FakeController } from '../fake/index.ts';

export const domain = 'DC=sevenkingdoms,DC=local';

/** A small domain with so many people. */
export const kingdom = (people: number): Directory => {
  const directory = createDirectory('sevenkingdoms.local');
  directory.add(`OU=People,${domain}`, { objectClass: ['top', 'organizationalUnit'] });
  for (let i = 0; i < people; i++) {
    directory.add(`CN=Person ${i},OU=People,${domain}`, {
      objectClass: ['top', 'person', 'user'],
      sAMAccountName: `person${i}`,
      userAccountControl: i % 2 === 0 ? '512' : '514',
    });
  }
  return directory;
};

/** A client of these controllers, in the order given, whose waits take no time. */
export const clientOf = (
  controllers: FakeController | readonly FakeController[],
  options: Partial<LdapOptions> = {},
  { attempts = 3, signal = new AbortController().signal } = {},
) => {
  const list = Array.isArray(controllers)
    ? (controllers as readonly FakeController[])
    : [controllers as FakeController]; // Array.isArray does not narrow a readonly array
  const clock = createTestClock();
  const waits: string[] = [];
  const lines: string[] = [];
  const host = createHost({
    ...{ signal, clock, attempts },
    onWait: (now) => waits.push(...now.map(({ system, bucket, reason }) => `${system} ${bucket} ${reason}`)),
    log: ({ method, path, status, problem }) => lines.push(`${method} ${path} ${status} ${problem ?? ''}`),
  });
  const [first] = list;
  const ldap = host.ldap({
    controllers: list.map(({ ldaps }) => ldaps),
    system: 'Active Directory',
    certificateAuthorities: list.map(({ certificateAuthority }) => certificateAuthority).join('\n'),
    bindName: first?.account.names[0] ?? 'nobody',
    password: new Secret(first?.account.password ?? 'nothing'),
    addresses: Object.assign({}, ...list.map(({ addresses }) => addresses)),
    ...options,
  });
  return { ldap, host, waits, lines, clock };
};

export const people: LdapQuery = { base: domain, scope: 'sub', filter: '(sAMAccountName=*)' };

export const pagesOf = async (ldap: Ldap, query: LdapQuery): Promise<readonly LdapPage[]> => {
  const pages: LdapPage[] = [];
  for await (const page of ldap.search(query)) pages.push(page);
  return pages;
};

export const entriesOf = async (ldap: Ldap, query: LdapQuery): Promise<readonly LdapEntry[]> =>
  (await pagesOf(ldap, query)).flatMap(({ entries }) => entries);

/** The Fault that a promise ends with. */
export const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw error;
};
