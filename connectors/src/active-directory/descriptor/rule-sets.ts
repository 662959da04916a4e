import { type EdgeRule, ownsRule, type RightTable } from './right-table.ts';

/**
 * The rules that a trustee's rights satisfy, as bits by their numbers: those that it has for sure, and those that it may
 * have beyond them. A lesser rule that it has for sure stands beside a better name that it only may have.
 */
export const rulesOfRights = (table: RightTable, possible: number, sure: number): number => {
  if (possible === sure) return cached(table, sure);
  const certain = satisfied(table, sure);
  return certain | (satisfied(table, possible) & ~stoodForBy(table, certain));
};

/** Those of the rules that a set of rights does not satisfy. */
export const unsatisfied = (table: RightTable, rules: number, rights: number): number => {
  let found = 0;
  for (const [number, rule] of table.rules.entries()) if (!isSatisfied(rule, rights)) found |= 1 << number;
  return found & rules;
};

/**
 * Trustees have few combinations of rights, a directory some dozens, so a small table of which every place is
 * overwritten at will holds nearly all of them. Two words for each: the rights and their rules.
 */
export type RuleCache = Int32Array;

/** No rights satisfy no rules, which is what an empty place says. */
export const openRuleCache = (): RuleCache => new Int32Array(2 * places);

const places = 256;

const cached = (table: RightTable, rights: number): number => {
  const { ruleCache } = table;
  const at = 2 * (Math.imul(rights, 0x9e37_79b1) >>> 24);
  if (ruleCache[at] !== rights) {
    ruleCache[at] = rights;
    ruleCache[at + 1] = satisfied(table, rights);
  }
  return ruleCache[at + 1] as number; // Eight bits are below `places`.
};

/** Without the rules that another one stands for. */
const satisfied = (table: RightTable, rights: number): number => {
  let found = 0;
  let stoodFor = 0;
  for (const [number, rule] of table.rules.entries()) {
    if (number === ownsRule || !isSatisfied(rule, rights) || isWithin(rule, stoodFor)) continue;
    found |= 1 << number;
    stoodFor |= rule.standsFor;
  }
  return found;
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
