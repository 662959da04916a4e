import { expect, test } from 'vitest';
import { Identities } from './union.ts';

const of = (employees: number[], sources = employees.map(() => 1)) =>
  new Identities(employees.length, { source: Int32Array.from(sources), employee: Int32Array.from(employees) });

test('what is linked through a third is one identity', () => {
  const identities = of([0, 0, 0, 0]);
  expect(identities.join(0, 1)).toBeNull();
  expect(identities.join(2, 1)).toBeNull();
  expect(identities.find(0)).toBe(identities.find(2));
  expect(identities.find(3)).not.toBe(identities.find(0));
});

test('two employee numbers in one source and type never become one identity, also through a third', () => {
  const identities = of([7, 0, 8]);
  expect(identities.join(0, 1)).toBeNull();
  expect(identities.join(1, 2)).toBe('conflict');
  expect(identities.find(2)).not.toBe(identities.find(0));
});

test('different employee numbers of different sources are no conflict', () => {
  expect(of([7, 8], [1, 2]).join(0, 1)).toBeNull();
});

test('an unknown employee number contradicts nothing', () => {
  expect(of([7, 0]).join(0, 1)).toBeNull();
});

test('what a person split stays split, however the link comes about', () => {
  const identities = of([0, 0, 0]);
  identities.keepApart(0, 2);
  expect(identities.join(0, 1)).toBeNull();
  expect(identities.join(1, 2)).toBe('split');
});

test('a person who insists overrules the evidence', () => {
  const identities = of([7, 8]);
  expect(identities.join(0, 1, true)).toBeNull();
  expect(identities.find(0)).toBe(identities.find(1));
});
