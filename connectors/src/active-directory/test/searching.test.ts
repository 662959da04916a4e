import { filterValue, type LdapQuery } from '@gatehouse/host';
import { describe, expect, test, vi } from 'vitest';
import { numberIn, valuesIn } from '../fake/ber.ts';
import { type FakeController, openController } from '../fake/index.ts';
import { clientOf, domain, entriesOf, faultOf, kingdom, pagesOf, people } from './reading.ts';

const names = (entries: readonly { dn: string }[]) => new Set(entries.map(({ dn }) => dn));
const searchesOf = ({ requests }: FakeController) =>
  requests.flatMap((request) => (request.kind === 'search' ? [request.search] : []));
/** What a search asks of paged results (RFC 2696 2). */
const pageOf = ({ controls }: { readonly controls: ReadonlyMap<string, Buffer> }) => {
  const [value] = valuesIn(controls.get('1.2.840.113556.1.4.319') ?? Buffer.alloc(0));
  const [size, cookie] = valuesIn(value?.content ?? Buffer.alloc(0));
  return { size: size ? numberIn(size) : null, cookie: cookie?.content.toString('hex') };
};
const inPagesOf = (pageSize: number): LdapQuery => ({ ...people, controls: { pageSize } });

describe('a search', () => {
  test('gives every entry once over pages, and asks for a page only when the last one was taken', async () => {
    await using controller = await openController(kingdom(25));
    const { ldap } = clientOf(controller);
    const pages = ldap.search(inPagesOf(10))[Symbol.asyncIterator]();
    expect((await pages.next()).value?.entries).toHaveLength(10);
    expect(controller.requests.filter(({ kind }) => kind === 'search')).toHaveLength(1);
    expect((await pages.next()).value?.entries).toHaveLength(10);
    expect((await pages.next()).value?.entries).toHaveLength(5);
    expect(await pages.next()).toMatchObject({ done: true });
  });

  test('that asks for larger pages than the controller gives is whole all the same', async () => {
    await using controller = await openController(kingdom(2_500));
    const pages = await pagesOf(clientOf(controller).ldap, inPagesOf(5_000));
    expect(pages.map(({ entries }) => entries.length)).toEqual([1_000, 1_000, 500]);
    expect(names(pages.flatMap(({ entries }) => entries)).size).toBe(2_500);
  });

  test('that is left early tells the controller, which forgets the rest', async () => {
    await using controller = await openController(kingdom(25));
    const { ldap } = clientOf(controller);
    for await (const page of ldap.search(inPagesOf(10))) {
      expect(page.entries).toHaveLength(10);
      break;
    }
    await ldap.rootDse();
    expect(controller.requests.map(({ kind }) => kind)).toEqual(['bind', 'search', 'search', 'search']);
  });

  test('of which a second page was taken is read one page ahead, to its end', async () => {
    await using controller = await openController(kingdom(35));
    const { ldap } = clientOf(controller);
    const pages = ldap.search(inPagesOf(10))[Symbol.asyncIterator]();
    await pages.next();
    await pages.next();
    await vi.waitFor(() => expect(searchesOf(controller)).toHaveLength(3));
    expect((await pages.next()).value?.entries).toHaveLength(10);
    expect((await pages.next()).value?.entries).toHaveLength(5);
    expect(await pages.next()).toMatchObject({ done: true });
    expect(searchesOf(controller)).toHaveLength(4);
  });

  test('that is left with a page on its way ends behind that page', async () => {
    await using controller = await openController(kingdom(55));
    const { ldap } = clientOf(controller);
    let taken = 0;
    for await (const _ of ldap.search(inPagesOf(10))) if (++taken === 2) break;
    await vi.waitFor(() => expect(searchesOf(controller)).toHaveLength(4));
    await ldap.rootDse();
    const asked = searchesOf(controller).map(pageOf);
    expect(asked.map(({ size }) => size)).toEqual([10, 10, 10, 0, null]);
    expect(new Set(asked.map(({ cookie }) => cookie)).size).toBe(5);
  });

  test('whose next page fails says so when its turn comes', async () => {
    await using controller = await openController(kingdom(35));
    controller.plant((_, count) => (count === 3 ? { kind: 'goAway', afterEntries: 4 } : undefined));
    const { ldap, lines } = clientOf(controller);
    const pages = ldap.search(inPagesOf(10))[Symbol.asyncIterator]();
    await pages.next();
    expect((await pages.next()).value?.entries).toHaveLength(10);
    await vi.waitFor(() => expect(lines.join()).toContain('closed'));
    expect((await faultOf(pages.next())).kind).toBe('unreachable');
  });

  test('runs beside others on one connection', async () => {
    await using controller = await openController(kingdom(30));
    const { ldap } = clientOf(controller);
    const all = await Promise.all(Array.from({ length: 5 }, () => entriesOf(ldap, inPagesOf(7))));
    expect(all.map((entries) => names(entries).size)).toEqual([30, 30, 30, 30, 30]);
    expect(controller.requests.filter(({ kind }) => kind === 'bind')).toHaveLength(1);
  });

  test('finds bytes, text in any script and everything that filters give a meaning to', async () => {
    const directory = kingdom(0);
    const guid = Buffer.from('00285c2a29e4f6fcc3a47f80ff0a0d20', 'hex');
    const odd = 'Jörg (the * \\ one) 王';
    directory.add(`CN=Odd,OU=People,${domain}`, { objectClass: ['user'], objectGUID: guid, displayName: odd });
    directory.add(`CN=Other,OU=People,${domain}`, { objectClass: ['user'], displayName: 'Jörg' });
    await using controller = await openController(directory);
    const { ldap } = clientOf(controller);
    const found = async (filter: string) => [...names(await entriesOf(ldap, { base: domain, scope: 'sub', filter }))];
    expect(await found(`(objectGUID=${filterValue(guid)})`)).toEqual([`CN=Odd,OU=People,${domain}`]);
    expect(await found(`(displayName=${filterValue(odd)})`)).toEqual([`CN=Odd,OU=People,${domain}`]);
    expect(await found(`(displayName=*${filterValue('王')})`)).toEqual([`CN=Odd,OU=People,${domain}`]);
    expect(await found('(displayName=Jörg*)')).toHaveLength(2);
  });

  test.each([
    ['(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))', 5],
    ['(userAccountControl:1.2.840.113556.1.4.804:=2)', 5],
    ['(|(sAMAccountName=person1)(SAMACCOUNTNAME=PERSON2))', 2],
    ['(sAMAccountName=pers*n*3)', 1],
    ['(sAMAccountName=nobody)', 0],
    ['(distinguishedName=cn=person 1, ou=people,dc=SEVENKINGDOMS,dc=local)', 1],
  ])('understands %s', async (filter, count) => {
    await using controller = await openController(kingdom(10));
    const { ldap } = clientOf(controller);
    expect(await entriesOf(ldap, { base: `ou=people,${domain}`, scope: 'sub', filter })).toHaveLength(count);
  });

  test('follows chains of groups where the controller does', async () => {
    const directory = kingdom(3);
    directory.add(`CN=Inner,${domain}`, { objectClass: ['group'], member: `CN=Person 1,OU=People,${domain}` });
    directory.add(`CN=Outer,${domain}`, {
      objectClass: ['group'],
      member: [`CN=Inner,${domain}`, `CN=Person 2,OU=People,${domain}`],
    });
    directory.change(`CN=Inner,${domain}`, { member: [`CN=Person 1,OU=People,${domain}`, `CN=Outer,${domain}`] });
    await using controller = await openController(directory);
    const filter = `(&(sAMAccountName=*)(memberOf:1.2.840.113556.1.4.1941:=CN=Outer,${domain}))`;
    expect(names(await entriesOf(clientOf(controller).ldap, { base: domain, scope: 'sub', filter }))).toEqual(
      new Set([1, 2].map((i) => `CN=Person ${i},OU=People,${domain}`)),
    );
  });

  test('has security descriptors only with the control, and only the parts that it names', async () => {
    const descriptor = Buffer.from(
      '010014801400000020000000' +
        '2c000000' +
        '3c000000' + // owner at 20, group at 32, SACL at 44, DACL at 60
        '010100000000000512000000' +
        '010100000000000512000000' +
        '02001000' +
        '00000000' +
        '0000000000000000' +
        '0200080000000000',
      'hex',
    );
    const directory = kingdom(0);
    directory.add(`CN=Guarded,${domain}`, { objectClass: ['user'], nTSecurityDescriptor: descriptor });
    await using controller = await openController(directory);
    const { ldap } = clientOf(controller);
    const read = async (sdFlags?: number) => {
      const controls = sdFlags === undefined ? {} : { sdFlags };
      const [entry] = await entriesOf(ldap, { base: `CN=Guarded,${domain}`, scope: 'base', controls });
      return entry?.attributes.get('ntsecuritydescriptor')?.[0];
    };
    expect(await read()).toBeUndefined();
    expect(await read(15)).toBeUndefined();
    const without = await read(7);
    expect(without?.readUInt32LE(12)).toBe(0);
    expect(without?.readUInt16LE(2)).toBe(0x8004);
    expect(without?.subarray(-8).toString('hex')).toBe('0200080000000000');
    expect((await read(1))?.length).toBe(32);
  });

  test('shows deleted entries when it asks for them, with where they were', async () => {
    const directory = kingdom(3);
    await using controller = await openController(directory);
    const { ldap } = clientOf(controller);
    const before = (await ldap.rootDse()).highestCommittedUSN;
    directory.remove(`CN=Person 1,OU=People,${domain}`);
    directory.move(`CN=Person 2,OU=People,${domain}`, `CN=Person Two,${domain}`);
    directory.change(`CN=Person 0,OU=People,${domain}`, { displayName: 'Zero' });
    const filter = `(uSNChanged>=${before + 1n})`;
    expect((await ldap.rootDse()).highestCommittedUSN).toBe(before + 3n);
    expect(await entriesOf(ldap, { base: domain, scope: 'sub', filter })).toHaveLength(2);
    const all = await entriesOf(ldap, { base: domain, scope: 'sub', filter, controls: { showDeleted: true } });
    const deleted = all.find(({ attributes }) => attributes.get('isdeleted')?.[0]?.toString() === 'TRUE');
    expect(deleted?.dn).toMatch(/^CN=Person 1\\0ADEL:[0-9a-f-]{36},CN=Deleted Objects,DC=/);
    expect(deleted?.attributes.get('lastknownparent')?.[0]?.toString()).toBe(`OU=People,${domain}`);
    expect(names(all).has(`CN=Person Two,${domain}`)).toBe(true);
  });
});

describe('referrals', () => {
  test('and references in circles are counted and named, and nobody follows them', async () => {
    await using first = await openController(kingdom(3), { host: 'dc1.sevenkingdoms.local' });
    await using second = await openController(kingdom(3), { host: 'dc2.sevenkingdoms.local' });
    const urls = (to: string) => Array.from({ length: 50 }, () => `${to}/${domain}`);
    first.plant((request) =>
      request.kind === 'search' ? { kind: 'references', urls: urls(second.ldaps) } : undefined,
    );
    second.plant((request) =>
      request.kind === 'search' ? { kind: 'references', urls: urls(first.ldaps) } : undefined,
    );
    const [page] = await pagesOf(clientOf([first, second]).ldap, people);
    expect(page?.entries).toHaveLength(3);
    // The naming contexts below the domain are references of their own.
    expect(page?.references.count).toBe(52);
    expect(page?.references.urls).toHaveLength(20);
    expect(page?.references.urls[0]).toBe(`${second.ldaps}/${domain}`);
    expect(first.requests).toHaveLength(2);
    expect(second.requests).toEqual([]);
  });

  test('of a base that is elsewhere are a fault that names the place', async () => {
    await using controller = await openController(kingdom(0));
    const fault = await faultOf(entriesOf(clientOf(controller).ldap, { base: 'DC=essos,DC=local', scope: 'sub' }));
    expect(fault.advice).toContain('essos.local holds this part of the directory');
    expect(controller.requests).toHaveLength(2);
  });
});

describe('ranges', () => {
  const members = (count: number) => Array.from({ length: count }, (_, i) => `CN=Member ${i},OU=Far,DC=essos,DC=local`);

  test('of a group with 10,000 members are put together, also when several attributes have them', async () => {
    const directory = kingdom(2);
    directory.add(`CN=Everybody,${domain}`, {
      objectClass: ['group'],
      member: members(10_000),
      otherHomePhone: Array.from({ length: 1_501 }, (_, i) => String(i)),
      description: 'All of them',
    });
    await using controller = await openController(directory);
    const { ldap } = clientOf(controller);
    const [entry] = await entriesOf(ldap, { base: domain, scope: 'sub', filter: '(objectClass=group)' });
    expect(entry?.attributes.get('member')?.map(String)).toEqual(members(10_000));
    expect(entry?.attributes.get('otherhomephone')).toHaveLength(1_501);
    expect([...(entry?.attributes.keys() ?? [])].filter((name) => name.includes('range'))).toEqual([]);
    expect(entry?.incomplete).toEqual([]);
    // One for the entry, six more for its members, one more for its numbers.
    expect(controller.requests.filter(({ kind }) => kind === 'search')).toHaveLength(8);
  });

  test.each([1_499, 1_500, 1_501, 3_000])('are right at their edges: %i members', async (count) => {
    const directory = kingdom(0);
    directory.add(`CN=Edge,${domain}`, { objectClass: ['group'], member: members(count) });
    await using controller = await openController(directory);
    const [entry] = await entriesOf(clientOf(controller).ldap, { base: `CN=Edge,${domain}`, scope: 'base' });
    expect(entry?.attributes.get('member')).toHaveLength(count);
    expect(entry?.incomplete).toEqual([]);
  });

  test('of a list that becomes shorter meanwhile end, and the entry says that it is not whole', async () => {
    const directory = kingdom(0);
    directory.add(`CN=Shrinking,${domain}`, { objectClass: ['group'], member: members(4_000) });
    await using controller = await openController(directory);
    controller.plant((request, count) => {
      if (request.kind === 'search' && count === 2)
        directory.change(`CN=Shrinking,${domain}`, { member: members(100) });
      return undefined;
    });
    const [entry] = await entriesOf(clientOf(controller).ldap, { base: `CN=Shrinking,${domain}`, scope: 'base' });
    expect(entry?.attributes.get('member')).toHaveLength(1_500);
    expect(entry?.incomplete).toEqual(['member']);
  });

  test('of a list that grows at its front meanwhile end, without a value twice', async () => {
    const directory = kingdom(0);
    directory.add(`CN=Growing,${domain}`, { objectClass: ['group'], member: members(4_000) });
    await using controller = await openController(directory);
    let grown = 0;
    controller.plant((request) => {
      if (request.kind !== 'search' || request.search.scope !== 'base' || grown > 3) return undefined;
      const before = directory.find(`CN=Growing,${domain}`)?.attributes.get('member')?.values ?? [];
      directory.change(`CN=Growing,${domain}`, { member: [`CN=New ${grown++},${domain}`, ...before] });
      return undefined;
    });
    const [entry] = await entriesOf(clientOf(controller).ldap, { base: `CN=Growing,${domain}`, scope: 'base' });
    const values = entry?.attributes.get('member')?.map(String) ?? [];
    expect(new Set(values).size).toBe(values.length);
    expect(members(4_000).filter((member) => !values.includes(member))).toEqual([]);
  });

  test('of an entry that is deleted meanwhile end, and the entry says that it is not whole', async () => {
    const directory = kingdom(0);
    directory.add(`CN=Leaving,${domain}`, { objectClass: ['group'], member: members(4_000) });
    await using controller = await openController(directory);
    controller.plant((request, count) => {
      if (request.kind === 'search' && count === 2) directory.remove(`CN=Leaving,${domain}`);
      return undefined;
    });
    const [entry] = await entriesOf(clientOf(controller).ldap, { base: `CN=Leaving,${domain}`, scope: 'base' });
    expect(entry?.incomplete).toEqual(['member']);
  });
});

describe('DirSync', () => {
  const changes = (cookie: Buffer, flags = 0, attributes?: readonly string[]): LdapQuery => ({
    ...{ base: domain, scope: 'sub' },
    ...(attributes === undefined ? {} : { attributes }),
    controls: { dirSync: { cookie, flags, maxBytes: 10 * 1_024 } },
  });
  const read = async (ldap: ReturnType<typeof clientOf>['ldap'], query: LdapQuery) => {
    const pages = await pagesOf(ldap, query);
    expect(pages.map(({ dirSync }) => dirSync?.more)).toEqual([...pages.slice(1).map(() => true), false]);
    return {
      entries: pages.flatMap(({ entries }) => entries),
      cookie: pages.at(-1)?.dirSync?.cookie ?? Buffer.alloc(0),
    };
  };

  test('gives everything once, then what changed since its cookie: changed attributes, moves and deletions', async () => {
    const directory = kingdom(25);
    await using controller = await openController(directory);
    const { ldap } = clientOf(controller);
    const first = await read(ldap, changes(Buffer.alloc(0)));
    expect(names(first.entries).size).toBe(28);
    expect((await read(ldap, changes(first.cookie))).entries).toEqual([]);

    directory.change(`CN=Person 3,OU=People,${domain}`, { displayName: 'Three', sAMAccountName: null });
    directory.remove(`CN=Person 4,OU=People,${domain}`);
    // Another client, perhaps years later: the cookie is worth the same.
    const second = await read(clientOf(controller).ldap, changes(first.cookie));
    const [changed, deleted] = second.entries;
    expect(second.entries).toHaveLength(2);
    expect(changed?.attributes.get('displayname')?.map(String)).toEqual(['Three']);
    expect(changed?.attributes.get('samaccountname')).toEqual([]);
    expect(changed?.attributes.get('objectguid')).toHaveLength(1);
    expect(changed?.attributes.has('useraccountcontrol')).toBe(false);
    expect(deleted?.attributes.get('isdeleted')?.map(String)).toEqual(['TRUE']);
    expect((await read(ldap, changes(second.cookie))).entries).toEqual([]);
  });

  test('keeps apart who was added and who was removed, where only changed values were asked for', async () => {
    const directory = kingdom(0);
    const member = (i: number) => `CN=Member ${i},${domain}`;
    directory.add(`CN=Group,${domain}`, { objectClass: ['group'], member: [member(1), member(2)] });
    await using controller = await openController(directory);
    const { ldap } = clientOf(controller);
    const { cookie } = await read(ldap, changes(Buffer.alloc(0)));
    directory.change(`CN=Group,${domain}`, { member: [member(2), member(3)] });
    const [entry] = (await read(ldap, changes(cookie, 0x80000000))).entries;
    expect(entry?.attributes.get('member;range=1-1')?.map(String)).toEqual([member(3)]);
    expect(entry?.attributes.get('member;range=0-0')?.map(String)).toEqual([member(1)]);
  });

  test('without the right to it says which right is missing', async () => {
    const accounts = [{ names: ['reader'], password: 'x', rights: { dirSync: false } }];
    await using controller = await openController(kingdom(1), { accounts });
    const fault = await faultOf(entriesOf(clientOf(controller).ldap, changes(Buffer.alloc(0))));
    expect(fault.kind).toBe('forbidden');
    expect(fault.advice).toContain('Replicating Directory Changes');
  });

  test('that the controller does not answer as asked is a fault, not an end', async () => {
    await using controller = await openController(kingdom(1));
    controller.plant((request) => (request.kind === 'search' ? { kind: 'result', outcome: { code: 0 } } : undefined));
    const fault = await faultOf(entriesOf(clientOf(controller).ldap, changes(Buffer.alloc(0))));
    expect(fault).toMatchObject({ kind: 'unexpected', detail: expect.stringContaining('no answer to the DirSync') });
  });
});
