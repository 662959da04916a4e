import { characterClasses } from '../api/policies.ts';
import type { CharacterClass, PasswordPolicy } from './model.ts';

/**
 * Every password of a policy, counted: with that, one can be chosen as evenly as by writing all of them down. Passwords
 * are grouped by the classes of their first and last character, and in a group by how many characters of each class they
 * have. A group with `c` characters of a class in the middle has as many passwords as there are ways to place the classes
 * (a multinomial) times the ways to choose the characters (`ways`).
 */
export interface Counted {
  readonly total: bigint;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly first: CharacterClass;
  readonly last: CharacterClass;
  readonly count: bigint;
  /** Of each class of `characterClasses`: how many passwords begin with so many middle characters of these classes. */
  readonly tables: readonly Table[];
}

interface Table {
  /** `counts[n]`: ways to fill n middle places with this class and those before it. */
  readonly counts: readonly bigint[];
  /** Ways with exactly `c` of n middle places filled by this class. */
  with(c: number, n: number): bigint;
}

/** The characters of each class; '' for a class that may not occur. */
export const alphabetsOf = ({ least, symbols, excluded }: PasswordPolicy): Readonly<Record<CharacterClass, string>> => {
  const without = (characters: string) => [...new Set(characters)].filter((one) => !excluded.includes(one)).join('');
  const of = (name: CharacterClass, characters: string) => (least[name] === null ? '' : without(characters));
  return {
    lower: of('lower', 'abcdefghijklmnopqrstuvwxyz'),
    upper: of('upper', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    digits: of('digits', '0123456789'),
    symbols: of('symbols', symbols),
  };
};

export const count = (policy: PasswordPolicy): Counted => {
  const alphabets = alphabetsOf(policy);
  const middle = policy.length - 2;
  const made = new Map<string, Table>();
  const tableOf = (at: number, ends: readonly number[]): Table => {
    const key = ends.slice(0, at + 1).join();
    const known = made.get(key);
    if (known) return known;
    const name = characterClasses[at] ?? 'lower';
    const before = at === 0 ? null : tableOf(at - 1, ends);
    const table = fill(middle, before, {
      ends: ends[at] ?? 0,
      least: policy.least[name] ?? 0,
      ways: waysOf(alphabets[name].length, policy.length, policy.distinct),
    });
    made.set(key, table);
    return table;
  };
  const groups = policy.first.flatMap((first) =>
    policy.last.map((last): Group => {
      const ends = characterClasses.map((name) => Number(name === first) + Number(name === last));
      const tables = characterClasses.map((_, at) => tableOf(at, ends));
      return { first, last, tables, count: tables.at(-1)?.counts[middle] ?? 0n };
    }),
  );
  return { total: groups.reduce((sum, group) => sum + group.count, 0n), groups };
};

const fill = (
  most: number,
  before: Table | null,
  of: { readonly ends: number; readonly least: number; readonly ways: readonly bigint[] },
): Table => {
  const withSome = (c: number, n: number): bigint => {
    const rest = before === null ? (n === c ? 1n : 0n) : (before.counts[n - c] ?? 0n);
    const ways = c + of.ends < of.least ? 0n : (of.ways[c + of.ends] ?? 0n);
    return rest === 0n || ways === 0n ? 0n : choose(n, c) * ways * rest;
  };
  const counts = Array.from({ length: most + 1 }, (_, n) => {
    let sum = 0n;
    for (let c = 0; c <= n; c++) sum += withSome(c, n);
    return sum;
  });
  return { counts, with: withSome };
};

/** `ways[t]`: how often t characters can be chosen of so many, one after the other. */
const waysOf = (size: number, most: number, distinct: boolean): readonly bigint[] => {
  const ways = [1n];
  for (let t = 1; t <= most; t++) ways.push((ways[t - 1] ?? 0n) * BigInt(Math.max(0, distinct ? size - t + 1 : size)));
  return ways;
};

const pascal: bigint[][] = [[1n]];
const choose = (n: number, c: number): bigint => {
  for (let row = pascal.length; row <= n; row++) {
    const above = pascal[row - 1] ?? [];
    pascal.push(Array.from({ length: row + 1 }, (_, at) => (above[at - 1] ?? 0n) + (above[at] ?? 0n)));
  }
  return pascal[n]?.[c] ?? 0n;
};

/** Logarithm of base two; 0 for 0. */
export const bitsOf = (total: bigint): number => {
  const digits = total.toString(2);
  return total === 0n ? 0 : Math.log2(Number.parseInt(digits.slice(0, 52), 2)) + Math.max(0, digits.length - 52);
};
