import type { z } from 'zod';
import { type characterClasses, PasswordRules } from '../api/policies.ts';

/** How a password is made. */
export type PasswordPolicy = z.output<typeof PasswordRules>;
export type CharacterClass = (typeof characterClasses)[number];

/** A policy that was given a name. */
export interface NamedPolicy {
  readonly policyId: string;
  readonly name: string;
  readonly rules: PasswordPolicy;
  readonly createdAt: Date;
}

/** Rules as the database has them. */
export const parseRules = (rules: unknown): PasswordPolicy => PasswordRules.parse(rules);

export const asciiSymbols = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** What credentials without a policy of their own get: about 140 bits that every system takes. */
export const defaultPolicy: PasswordPolicy = {
  length: 24,
  least: { lower: 1, upper: 1, digits: 1, symbols: 1 },
  symbols: '!#*+-./:=?@_',
  excluded: '',
  first: ['lower', 'upper'],
  last: ['lower', 'upper', 'digits'],
  withoutAccountName: true,
  distinct: false,
};
