import { createHost, filterValue, type Ldap, type LdapEntry, type LdapOptions, type LdapQuery } from '@gatehouse/host';
import { createTestClock } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from './servers/samba/domain.ts';
import { ldapModify, ldapSearch } from './servers/samba/ldap-tools.ts';
import { accounts } from './servers/samba/seed/accounts.ts';

const reason = noSamba();

const clientOf = (domain: Domain, options: Partial<LdapOptions> = {}) =>
  createHost({ signal: new AbortController().signal, clock: createTestClock(), attempts: 2 }).ldap({
    controllers: [domain.url],
    system: 'Active Directory',
    certificateAuthorities: domain.ca,
    bindName: domain.reader.userPrincipalName,
    password: new Secret(domain.reader.password),
    addresses: { [domain.names.controller]: [domain.address] },
    ...options,
  });

const entriesOf = async (ldap: Ldap, query: LdapQuery): Promise<readonly LdapEntry[]> => {
  const entries: LdapEntry[] = [];
  for await (const page of ldap.search(query)) entries.push(...page.entries);
  return entries;
};
const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof Fault) return error;
  throw new Error('no fault', { cause: error });
};
const dns = (entries: readonly { dn: string }[]) => entries.map(({ dn }) => dn).sort();

describe.skipIf(reason !== null)(`a real domain over LDAP${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let domain: Domain;
  beforeAll(async () => {
    domain = await startDomain();
  });
  afterAll(() => domain?.stop());

  test('is read whole, page by page, as another client reads it: names, values and descriptors', async () => {
    const ldap = clientOf(domain);
    const root = await ldap.rootDse();
    expect(root).toMatchObject({ defaultNamingContext: domain.names.base, dnsHostName: domain.names.controller });
    const theirs = await ldapSearch(domain, domain.reader, {});
    const ours = await entriesOf(ldap, {
      base: root.defaultNamingContext,
      scope: 'sub',
      controls: { pageSize: 100, sdFlags: 7 },
    });
    expect(ours.length).toBeGreaterThan(500);
    const known = new Map(ours.map(({ dn, attributes }) => [dn, attributes]));
    expect([...known.keys()].sort()).toEqual(theirs.map((record) => String(record.get('dn')?.[0])).sort());
    const hex = (values: readonly Buffer[] = []) => values.map((value) => value.toString('hex')).sort();
    for (const record of theirs) {
      const dn = String(record.get('dn')?.[0]);
      for (const [name, values] of record) {
        // Their own sign-in is in between.
        if (name === 'dn' || /^(lastLogon|logonCount)/i.test(name)) continue;
        expect(hex(known.get(dn)?.get(name.toLowerCase())), `${dn} ${name}`).toEqual(hex(values));
      }
    }
    let descriptors = 0;
    for (const { attributes } of ours) descriptors += attributes.get('ntsecuritydescriptor')?.length ?? 0;
    expect(descriptors).toBeGreaterThan(500);
    ldap.close();
  });

  test('is read over StartTLS as it is over LDAPS', async () => {
    const query: LdapQuery = {
      base: domain.names.base,
      scope: 'sub',
      filter: '(objectClass=group)',
      attributes: ['cn'],
    };
    const plain = domain.url.replace(/^ldaps(.*):636$/, 'ldap$1:389');
    const overStartTls = await entriesOf(clientOf(domain, { controllers: [plain] }), query);
    expect(overStartTls.length).toBeGreaterThan(50);
    expect(dns(overStartTls)).toEqual(dns(await entriesOf(clientOf(domain), query)));
  });

  test('finds an entry by the bytes of its GUID', async () => {
    const ldap = clientOf(domain);
    const [account] = await entriesOf(ldap, {
      base: domain.names.base,
      scope: 'sub',
      filter: `(sAMAccountName=${accounts.reader.name})`,
    });
    const guid = account?.attributes.get('objectguid')?.[0] ?? Buffer.alloc(0);
    const filter = `(objectGUID=${filterValue(guid)})`;
    expect(guid).toHaveLength(16);
    expect(dns(await entriesOf(ldap, { base: domain.names.base, scope: 'sub', filter }))).toEqual([account?.dn]);
  });

  test('shows what was deleted to an account that may see it', async () => {
    const filter = '(isDeleted=TRUE)';
    const query: LdapQuery = { base: domain.names.base, scope: 'sub', filter, controls: { showDeleted: true } };
    expect((await entriesOf(clientOf(domain), query)).length).toBeGreaterThan(3);
    expect(await entriesOf(clientOf(domain), { ...query, controls: {} })).toEqual([]);
  });

  test('tells by DirSync what changed since the cookie, and nothing else', async () => {
    const { userPrincipalName: bindName, password } = domain.administrator;
    const ldap = clientOf(domain, { bindName, password: new Secret(password) });
    let cookie: Buffer = Buffer.alloc(0);
    const changes = async () => {
      const entries: LdapEntry[] = [];
      const dirSync = { cookie, flags: 0 };
      const query: LdapQuery = { base: domain.names.base, scope: 'sub', controls: { dirSync } };
      for await (const page of ldap.search(query)) {
        entries.push(...page.entries);
        cookie = page.dirSync?.cookie ?? cookie;
      }
      return entries;
    };
    expect((await changes()).length).toBeGreaterThan(500);
    await changes();
    const { dn } = domain.plainReader;
    const line = `dn: ${dn}\nchangetype: modify\nreplace: description\ndescription: read again\n-\n\n`;
    await ldapModify(domain, domain.administrator, line);
    const [changed, ...others] = await changes();
    expect([changed?.dn.toLowerCase(), others]).toEqual([dn.toLowerCase(), []]);
    expect(changed?.attributes.get('description')?.map(String)).toEqual(['read again']);
    expect(changed?.attributes.has('samaccountname')).toBe(false);
  });

  test('says what is wrong: the password, the certificate authority, the name, the right', async () => {
    const wrong = await faultOf(clientOf(domain, { password: new Secret('not-the-password') }).rootDse());
    expect(wrong).toMatchObject({ kind: 'unauthorized', advice: expect.stringContaining('refused the password') });

    const { certificateAuthorities: _, ...rest } = { certificateAuthorities: domain.ca };
    const own = createHost({ signal: new AbortController().signal }).ldap({
      ...{ ...rest, controllers: [domain.url], system: 'Active Directory', bindName: 'x', password: new Secret('y') },
      addresses: { [domain.names.controller]: [domain.address] },
    });
    expect((await faultOf(own.rootDse())).advice).toContain('is not trusted here');

    const other = clientOf(domain, {
      controllers: ['ldaps://dc9.corp.example:636'],
      addresses: { 'dc9.corp.example': [domain.address] },
    });
    expect((await faultOf(other.rootDse())).advice).toContain(`is for ${domain.names.controller}`);

    const dirSync = { cookie: Buffer.alloc(0), flags: 0 };
    const query: LdapQuery = { base: domain.names.base, scope: 'sub', controls: { dirSync } };
    const { userPrincipalName: bindName, password } = domain.plainReader;
    const denied = await faultOf(entriesOf(clientOf(domain, { bindName, password: new Secret(password) }), query));
    expect(denied).toMatchObject({
      kind: 'forbidden',
      advice: expect.stringContaining('Replicating Directory Changes'),
    });
  });

  test('that is killed between two pages ends the search as unreachable', async () => {
    const dying = await startDomain();
    const query: LdapQuery = { base: dying.names.base, scope: 'sub', controls: { pageSize: 50 } };
    const reading = (async () => {
      let pages = 0;
      for await (const page of clientOf(dying).search(query)) {
        expect(page.entries).toHaveLength(50);
        if (++pages === 2) await dying.stop();
      }
    })();
    expect((await faultOf(reading)).kind).toBe('unreachable');
  });

  test('with an expired certificate gets no password', async () => {
    await using expired = await startDomain({ certificate: 'expired' });
    const fault = await faultOf(clientOf(expired).rootDse());
    expect(fault).toMatchObject({ kind: 'unreachable', advice: expect.stringContaining('has expired') });
  });
});
