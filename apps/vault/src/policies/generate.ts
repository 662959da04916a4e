import { randomBytes } from 'node:crypto';
import { Fault, Secret } from '@gatehouse/kernel';
import { characterClasses } from '../api/policies.ts';
import { alphabetsOf, type Counted, count, type Group } from './count.ts';
import type { CharacterClass, PasswordPolicy } from './model.ts';

/**
 * A random password: every password that satisfies the policy is as likely as every other. A group of passwords is chosen
 * by how many it has, then one of the group evenly; one that contains the name of the account is thrown away and
 * another made, which leaves the others as likely as they were.
 * @throws Fault `misconfigured` where there is none
 */
export const generatePassword = (policy: PasswordPolicy, about: { readonly accountName: string }): Secret => {
  const counted = countOnce(policy);
  const name = policy.withoutAccountName && about.accountName.length >= 3 ? about.accountName.toLowerCase() : null;
  for (let attempt = 0; counted.total > 0n && attempt < mostAttempts; attempt++) {
    const password = draw(policy, counted);
    if (name === null || !password.toLowerCase().includes(name)) return new Secret(password);
  }
  throw new Fault(
    'misconfigured',
    `The password policy allows no password for the account ${about.accountName}. Allow more characters.`,
  );
};

/** Chance to contain a name of three characters is below one in a hundred unless hardly any character is allowed. */
const mostAttempts = 1_000;

const draw = (policy: PasswordPolicy, { groups, total }: Counted): string => {
  const group = pick(groups, ({ count }) => count, total);
  const order = [group.first, ...shuffled(middleOf(group, policy.length - 2)), group.last];
  const alphabets = alphabetsOf(policy);
  const left = new Map(characterClasses.map((name) => [name, [...alphabets[name]]]));
  return order
    .map((name) => {
      const characters = left.get(name) ?? [];
      const at = below(characters.length);
      return (policy.distinct ? characters.splice(at, 1)[0] : characters[at]) ?? '';
    })
    .join('');
};

/** How many middle characters of each class, the last class first, as often as there are passwords with that many. */
const middleOf = ({ tables }: Group, places: number): CharacterClass[] => {
  const classes: CharacterClass[] = [];
  let left = places;
  for (let at = characterClasses.length - 1; at >= 0; at--) {
    const table = tables[at];
    const name = characterClasses[at];
    if (table === undefined || name === undefined) continue;
    const free = left;
    const counts = Array.from({ length: free + 1 }, (_, c) => c);
    const c = pick(counts, (one) => table.with(one, free), table.counts[free] ?? 0n);
    for (let n = 0; n < c; n++) classes.push(name);
    left -= c;
  }
  return classes;
};

const pick = <T>(things: readonly T[], weight: (thing: T) => bigint, total: bigint): T => {
  let at = belowBig(total);
  for (const thing of things) {
    at -= weight(thing);
    if (at < 0n) return thing;
  }
  throw new Error('The weights do not add up to their total.');
};

/** Fisher and Yates. */
const shuffled = <T>(things: T[]): T[] => {
  for (let at = things.length - 1; at > 0; at--) {
    const other = below(at + 1);
    const [a, b] = [things[at], things[other]];
    if (a !== undefined && b !== undefined) [things[at], things[other]] = [b, a];
  }
  return things;
};

const below = (most: number): number => Number(belowBig(BigInt(most)));

/** 0 to most − 1, each as likely: numbers beyond are thrown away, not folded back. */
const belowBig = (most: bigint): bigint => {
  if (most <= 1n) return 0n;
  const bits = (most - 1n).toString(2).length;
  const excess = BigInt((8 - (bits % 8)) % 8);
  for (;;) {
    const value = BigInt(`0x${randomBytes(Math.ceil(bits / 8)).toString('hex')}`) >> excess;
    if (value < most) return value;
  }
};

/** Counting takes up to a fifth of a second for the longest passwords, and the policies of a vault are few. */
const known = new Map<string, Counted>();
export const countOnce = (policy: PasswordPolicy): Counted => {
  const key = JSON.stringify(policy);
  const counted = known.get(key) ?? count(policy);
  if (known.size >= 200) known.clear();
  known.set(key, counted);
  return counted;
};
