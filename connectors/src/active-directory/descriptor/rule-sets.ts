import { type EdgeRule, ownsRule, type RightTable } from './right-table.ts';

/**
 * The rules that a trustee's rights satisfy, as bits by their numbers: those that it has for sure, and those that it may
 * have beyond them. A lesser rule that it has for sure stands beside a better name that it only may have.
 */
export const rulesOfRights = (table: RightTable, possible: number, sure: number): number => {
  const certain = cached(table, sure, 1);
  return possible === sure ? certain : certain | (cached(table, possible, 1) & ~stoodForBy(table, certain));
};

/** All rules that a set of rights satisfies, also where another one stands for them. */
export const satisfied = (table: RightTable, rights: number): number => cached(table, rights, 2);

/**
 * Trustees have few combinations of rights, a directory some dozens, so a small table of which every place is
 * overwritten at will holds nearly all of them. Four words for each: the rights, their rules without those that others
 * stand for, all of their rules, and nothing.
 */
export type RuleCache = Int32Array;

/** No rights satisfy no rules, which is what an empty place says. */
export const openRuleCache = (): RuleCache => new Int32Array(4 * places);

const places = 256;

const cached = (table: RightTable, rights: number, which: number): number => {
  const { ruleCache } = table;
  const at = (Math.imul(rights, 0x9e37_79b1) >>> 24) << 2;
  if (ruleCache[at] !== rights) fill(table, rights, at);
  return ruleCache[at + which] as number; // Eight bits are below `places`.
};

const fill = ({ rules, ruleCache }: RightTable, rights: number, at: number): void => {
  let named = 0;
  let all = 0;
  let stoodFor = 0;
  for (const [number, rule] of rules.entries()) {
    if (number === ownsRule || !isSatisfied(rule, rights)) continue;
    all |= 1 << number;
    if (isWithin(rule, stoodFor)) continue;
    named |= 1 << number;
    stoodFor |= rule.standsFor;
  }
  ruleCache.set([rights, named, all], at);
};

/** All rules that the given ones stand for, themselves left out. */
const stoodForBy = (table: RightTable, rules: number): number => {
  let rights = 0;
  for (const [number, rule] of table.rules.entries()) if ((rules & (1 << number)) !== 0) rights |= rule.standsFor;
  let found = 0;
  for (const [number, rule] of table.rules.entries()) if (isWithin(rule, rights)) found |= 1 << number;
  return found & ~rules;
};

const isSatisfied = ({ needs, isAnyEnough }: EdgeRule, rights: number): boolean =>
  needs !== 0 && (isAnyEnough ? (rights & needs) !== 0 : (rights & needs) === needs);

const isWithin = ({ needs }: EdgeRule, rights: number): boolean => needs !== 0 && (needs & ~rights) === 0;
