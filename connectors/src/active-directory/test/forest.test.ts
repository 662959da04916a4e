import { existsSync } from 'node:fs';
import { createHost, type LdapEntry } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { type FakeController, openController, readLdif } from '../fake/index.ts';
import { directoryOf, forestFolder, ldifOf } from './forest.ts';

const isThere = existsSync(forestFolder);
const why = isThere ? '' : ` (skipped: there are no LDIF files at ${forestFolder})`;

const ldapOf = (controller: FakeController) =>
  createHost({ signal: new AbortController().signal }).ldap({
    controllers: [controller.ldaps],
    system: 'Active Directory',
    certificateAuthorities: controller.certificateAuthority,
    bindName: controller.account.names[0] ?? '',
    password: new Secret(controller.account.password),
    addresses: controller.addresses,
  });

describe.skipIf(!isThere).each([
  ['sevenkingdoms.local', 3_757],
  ['north.sevenkingdoms.local', 3_741],
])(`the domain %s${why}`, (domain, count) => {
  test('is read whole over LDAPS: every entry, every name and every byte of every value', async () => {
    await using controller = await openController(directoryOf(domain), { host: `dc1.${domain}` });
    const ldap = ldapOf(controller);
    const root = await ldap.rootDse();
    const found = new Map<string, LdapEntry>();
    let pages = 0;
    for (const base of root.namingContexts) {
      for await (const page of ldap.search({ base, scope: 'sub', controls: { pageSize: 500, sdFlags: 7 } })) {
        pages++;
        expect(page.entries.length).toBeLessThanOrEqual(500);
        for (const entry of page.entries) {
          expect(found.has(entry.dn)).toBe(false);
          found.set(entry.dn, entry);
        }
      }
    }
    ldap.close();

    let expected = 0;
    let values = 0;
    for (const { text } of ldifOf(domain)) {
      for (const { dn, attributes } of readLdif(text)) {
        if (dn === '') continue;
        expected++;
        const entry = found.get(dn);
        expect(entry?.incomplete, dn).toEqual([]);
        expect([...(entry?.attributes.keys() ?? [])].sort(), dn).toEqual(
          [...attributes.keys()].map((name) => name.toLowerCase()).sort(),
        );
        for (const [name, wanted] of attributes) {
          const own = entry?.attributes.get(name.toLowerCase()) ?? [];
          values += wanted.length;
          const isSame = own.length === wanted.length && wanted.every((value, i) => own[i]?.equals(value));
          expect(isSame, `${dn} ${name}`).toBe(true);
        }
      }
    }
    expect(expected).toBe(count);
    expect(found.size).toBe(count);
    expect(values).toBeGreaterThan(50_000);
    expect(pages).toBeGreaterThan(8);
  });

  test('says in its root DSE what the controller said', async () => {
    await using controller = await openController(directoryOf(domain), { host: `dc1.${domain}` });
    const root = await ldapOf(controller).rootDse();
    expect(root).toMatchObject({
      defaultNamingContext: domain
        .split('.')
        .map((part) => `DC=${part}`)
        .join(','),
      rootDomainNamingContext: 'DC=sevenkingdoms,DC=local',
      configurationNamingContext: 'CN=Configuration,DC=sevenkingdoms,DC=local',
      schemaNamingContext: 'CN=Schema,CN=Configuration,DC=sevenkingdoms,DC=local',
      domainFunctionality: 7,
      forestFunctionality: 7,
    });
    expect(root.namingContexts).toHaveLength(5);
    expect(root.dnsHostName).toMatch(new RegExp(`\\.${domain.replaceAll('.', '\\.')}$`));
    expect(root.dsServiceName).toMatch(/^CN=NTDS Settings,CN=/);
    expect(root.highestCommittedUSN).toBeGreaterThan(40_000n);
    expect(root.supportedControl).toContain('1.2.840.113556.1.4.841');
    expect(root.supportedCapabilities).toContain('1.2.840.113556.1.4.800');
    expect(root.currentTime?.toISOString().slice(0, 10)).toBe('2024-01-05');
  });
});
