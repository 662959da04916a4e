import { createDirectory } from '@gatehouse/connectors/active-directory/fake';
import { expect, test } from 'vitest';
import { makeDomain } from './domain.ts';
import { makeOrganisation } from './organisation.ts';

const lab = makeOrganisation(new Date('2026-11-20T12:00:00Z'));
const domain = makeDomain(lab);
const context = 'dc=meridianfreight,dc=example';
const entries = [...domain.entriesOf(context)];
const textOf = (entry: (typeof entries)[number], name: string) =>
  entry.attributes.get(name.toLowerCase())?.values[0]?.toString();

test('everybody of the organisation has an account in the domain, and whoever is named in it exists', () => {
  const people = entries.filter((entry) => textOf(entry, 'employeeID') !== undefined);
  expect(people).toHaveLength(lab.people.length);
  for (const group of entries) {
    for (const member of group.attributes.get('member')?.values ?? [])
      expect(domain.find(member.toString())).toBeDefined();
  }
});

test('every SID and account name is its own', () => {
  const unique = (name: string) => {
    const values = entries.flatMap((entry) => entry.attributes.get(name)?.values[0]?.toString('hex') ?? []);
    expect(new Set(values).size).toBe(values.length);
  };
  unique('objectsid');
  unique('samaccountname');
});

test('the same moment gives the same domain, with the same numbers of changes', () => {
  const again = makeDomain(makeOrganisation(new Date('2026-11-20T12:00:00Z')));
  expect(again.highestUsn()).toBe(domain.highestUsn());
  expect([...again.entriesOf(context)].map(({ dn }) => dn)).toEqual(entries.map(({ dn }) => dn));
  expect(createDirectory('meridianfreight.example').highestUsn()).toBeLessThan(domain.highestUsn());
});
