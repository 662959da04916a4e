import { expect, test } from 'vitest';
import { characterClasses, PasswordRules } from '../api/policies.ts';
import { refuseImpossible } from './check.ts';
import { bitsOf, count } from './count.ts';
import { generatePassword } from './generate.ts';
import { asciiSymbols, type CharacterClass, defaultPolicy, type PasswordPolicy } from './model.ts';
import { presets } from './presets.ts';

/** Numbers that look random and are the same in every run (mulberry32). */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

const randomPolicy = (next: () => number): PasswordPolicy => {
  const upTo = (most: number) => Math.floor(next() * (most + 1));
  const some = <T>(things: readonly T[]) => {
    const chosen = things.filter(() => next() < 0.6);
    return chosen.length > 0 ? chosen : [...things];
  };
  const least = () => (next() < 0.2 ? null : upTo(next() < 0.2 ? 30 : 4));
  return PasswordRules.parse({
    length: 8 + upTo(next() < 0.1 ? 120 : 32),
    least: { lower: least(), upper: least(), digits: least(), symbols: least() },
    symbols: some([...asciiSymbols]).join(''),
    excluded: some([...'abcxyzABCXYZ0123456789!#-'])
      .slice(0, upTo(20))
      .join(''),
    first: some(characterClasses),
    last: some(characterClasses),
    withoutAccountName: next() < 0.7,
    distinct: next() < 0.3,
  });
};

const isOf: Readonly<Record<CharacterClass, RegExp>> = {
  ...{ lower: /[a-z]/, upper: /[A-Z]/, digits: /[0-9]/, symbols: /[!-/:-@[-`{-~]/ },
};

/** What a password breaks, worked out from the words of the rules alone. */
const broken = (policy: PasswordPolicy, password: string, accountName: string): readonly string[] => {
  const all = [...password];
  const isIn = (one: string | undefined, names: readonly CharacterClass[]) =>
    one !== undefined && names.some((name) => isOf[name].test(one));
  return [
    all.length === policy.length ? '' : `length ${all.length}`,
    ...characterClasses.map((name) => {
      const many = all.filter((one) => isOf[name].test(one)).length;
      const least = policy.least[name];
      return least === null ? (many === 0 ? '' : `${name} at all`) : many >= least ? '' : `${many} ${name}`;
    }),
    all.every((one) => !policy.excluded.includes(one)) ? '' : 'excluded',
    all.every((one) => !isOf.symbols.test(one) || policy.symbols.includes(one)) ? '' : 'symbols',
    isIn(all.at(0), policy.first) ? '' : 'first',
    isIn(all.at(-1), policy.last) ? '' : 'last',
    policy.withoutAccountName && password.toLowerCase().includes(accountName.toLowerCase()) ? 'account name' : '',
    policy.distinct && new Set(all).size < all.length ? 'twice' : '',
  ].filter(Boolean);
};

test('every password satisfies its policy, over policies of every shape', () => {
  const next = numbers(7);
  let possible = 0;
  for (let n = 0; n < 400; n++) {
    const policy = randomPolicy(next);
    const refused = refuseImpossible(policy);
    const { total } = count(policy);
    expect(refused.length > 0, JSON.stringify(policy)).toBe(total === 0n);
    if (total === 0n) continue;
    possible += 1;
    for (let more = 0; more < 3; more++) {
      const password = generatePassword(policy, { accountName: 'abc' }).reveal();
      expect(broken(policy, password, 'abc'), `${password} ${JSON.stringify(policy)}`).toEqual([]);
    }
  }
  expect(possible).toBeGreaterThan(150);
});

/** Small enough to write every password down. */
const tiny: PasswordPolicy = {
  ...defaultPolicy,
  ...{ length: 8, least: { lower: null, upper: null, digits: 1, symbols: 2 }, symbols: '!#', excluded: '123456789' },
  ...{ first: ['digits', 'symbols'], last: ['symbols'] },
};
const written = (policy: PasswordPolicy, characters: string): string[] => {
  let all = [''];
  for (let at = 0; at < policy.length; at++) all = all.flatMap((text) => [...characters].map((one) => `${text}${one}`));
  return all.filter((text) => broken(policy, text, 'nobody').length === 0);
};

test.each([
  ['with repetition', tiny, '0!#'],
  [
    'without repetition',
    { ...tiny, distinct: true, symbols: '!#', excluded: '6789', least: { ...tiny.least, digits: 6 } },
    '012345!#',
  ],
])('the count is that of all passwords written down: %s', (_, policy, characters) => {
  const all = policy.distinct
    ? permutations([...characters]).filter((text) => broken(policy, text, 'nobody').length === 0)
    : written(policy, characters);
  expect(count(policy).total).toBe(BigInt(all.length));
  expect(bitsOf(count(policy).total)).toBeCloseTo(Math.log2(all.length), 9);
});

const permutations = (characters: readonly string[]): string[] =>
  characters.length === 0
    ? ['']
    : characters.flatMap((one, at) => permutations(characters.toSpliced(at, 1)).map((rest) => `${one}${rest}`));

test('every password of a policy is made as often as every other', () => {
  const few: PasswordPolicy = {
    ...tiny,
    ...{ symbols: '!', excluded: '23456789', least: { lower: null, upper: null, digits: 1, symbols: 5 } },
  };
  const all = written(few, '01!');
  const times = new Map(all.map((text) => [text, 0]));
  for (let n = 0; n < all.length * 30; n++) {
    const password = generatePassword(few, { accountName: 'root' }).reveal();
    times.set(password, (times.get(password) ?? 0) + 1);
  }
  expect(times.size).toBe(all.length);
  // Chi-square; a sound generator is beyond six deviations once in millions of runs.
  const square = [...times.values()].reduce((sum, seen) => sum + (seen - 30) ** 2 / 30, 0);
  expect(Math.abs(square - (all.length - 1))).toBeLessThan(6 * Math.sqrt(2 * (all.length - 1)));
});

test.each<[string, Partial<PasswordPolicy>]>([
  ['least', { length: 8, least: { lower: 3, upper: 3, digits: 3, symbols: 3 } }],
  ['symbols', { symbols: '' }],
  ['excluded', { excluded: '0123456789' }],
  ['first', { first: ['digits'], excluded: '0123456789', least: { ...defaultPolicy.least, digits: 0 } }],
  ['last', { last: ['symbols'], least: { ...defaultPolicy.least, symbols: null } }],
  ['distinct', { distinct: true, length: 128 }],
  ['least.digits', { distinct: true, least: { ...defaultPolicy.least, digits: 11 } }],
  ['first', { length: 8, first: ['digits'], least: { lower: 8, upper: 0, digits: 0, symbols: 0 } }],
])('an impossible policy is refused by the field %s', (field, change) => {
  expect(refuseImpossible({ ...defaultPolicy, ...change }).map((error) => error.field)).toContain(field);
});

test('every preset can be made and says its bits', () => {
  for (const { id, rules } of presets) {
    expect(refuseImpossible(PasswordRules.parse(rules)), id).toEqual([]);
    expect(bitsOf(count(rules).total), id).toBeGreaterThan(38);
  }
});

test('an account whose name nothing is left without is told', () => {
  const only: PasswordPolicy = {
    ...defaultPolicy,
    ...{ length: 8, excluded: 'bcdefghijklmnopqrstuvwxyz', first: ['lower'], last: ['lower'] },
    least: { lower: 0, upper: null, digits: null, symbols: null },
  };
  expect(generatePassword(only, { accountName: 'root' }).reveal()).toBe('aaaaaaaa');
  expect(() => generatePassword(only, { accountName: 'AAA' })).toThrow(/allows no password for the account AAA/);
});
