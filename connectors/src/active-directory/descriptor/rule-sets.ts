import { type EdgeRule, ownsRule, type RightTable } from './right-table.ts';
import { rightsKind, type Tally } from './tally.ts';
import { standingBit } from './weigh.ts';

/**
 * The numbers of the rules that a trustee's rights satisfy: those that it has for sure, and those that it may have
 * beyond them. A lesser rule that it has for sure stands beside a better name that it only may have.
 */
export const rulesOfRights = (table: RightTable, possible: number, sure: number): Uint8Array => {
  if (possible === sure) return cached(table, sure);
  const certain = satisfied(table, sure);
  return numbersOf(certain | (satisfied(table, possible) & ~stoodForBy(table, certain)));
};

/** How a satisfied rule stands, as bits: what the trustee would not have without inherited, maybe denied or conditional rights. */
export const standingOf = (table: RightTable, number: number, slot: number, tally: Tally): number => {
  const rule = table.rules[number];
  if (rule === undefined) return 0;
  let bits = 0;
  if (!isSatisfied(rule, tally.rightsAt(slot, rightsKind.explicit))) bits |= standingBit.isInherited;
  if (!isSatisfied(rule, tally.rightsAt(slot, rightsKind.undenied))) bits |= standingBit.isMaybeDenied;
  if (!isSatisfied(rule, tally.rightsAt(slot, rightsKind.unconditional))) bits |= standingBit.isConditional;
  return bits;
};

/**
 * Trustees have few combinations of rights, a directory some dozens, so a small table of which every place is
 * overwritten at will holds nearly all of them.
 */
export interface RuleCache {
  readonly rights: Int32Array;
  readonly rules: Uint8Array[];
}

export const openRuleCache = (): RuleCache => ({
  rights: new Int32Array(places),
  // No rights satisfy no rules, which is what an empty place says.
  rules: Array.from({ length: places }, () => new Uint8Array()),
});

const places = 256;

const cached = (table: RightTable, rights: number): Uint8Array => {
  const { ruleCache } = table;
  const at = Math.imul(rights, 0x9e37_79b1) >>> 24;
  if (ruleCache.rights[at] !== rights) {
    ruleCache.rules[at] = numbersOf(satisfied(table, rights));
    ruleCache.rights[at] = rights;
  }
  return ruleCache.rules[at] as Uint8Array; // Eight bits are below `places`, and each place is filled.
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

const numbersOf = (set: number): Uint8Array =>
  Uint8Array.from(Array.from({ length: 32 }, (_, number) => number).filter((number) => (set & (1 << number)) !== 0));
