import { z } from 'zod';
import { Name, When } from './words.ts';

/** Classes of characters, as Privileged Identity counts them. */
export const characterClasses = ['lower', 'upper', 'digits', 'symbols'] as const;

/** Least number of a class; null: none of it may occur. */
const Least = z.number().int().min(0, 'At least 0.').max(128, 'At most 128.').nullable();
const Where = z
  .array(z.enum(characterClasses))
  .min(1, 'Choose at least one class.')
  .max(4)
  .refine((names) => new Set(names).size === names.length, 'Name each class once.');

/** How a password is made. */
export const PasswordRules = z.strictObject({
  length: z.number().int().min(8, 'A password has 8 characters or more.').max(128, 'At most 128 characters.'),
  least: z.strictObject({ lower: Least, upper: Least, digits: Least, symbols: Least }),
  /** Which symbols there are. */
  symbols: z
    .string()
    .max(32, 'At most 32 symbols.')
    .regex(/^[!-/:-@[-`{-~]*$/, 'Only printable symbols of ASCII, and no space.'),
  /** Characters that never occur, of whatever class. */
  excluded: z
    .string()
    .max(94, 'At most 94 characters.')
    .regex(/^[!-~]*$/, 'Only printable characters of ASCII, and no space.'),
  /** Classes that the first and the last character may be of. */
  first: Where,
  last: Where,
  /** The name of the account does not occur in it, whatever its case; names of fewer than three characters may. */
  withoutAccountName: z.boolean(),
  /** No character occurs twice. */
  distinct: z.boolean(),
});

/**
 * GET /api/policies → list(Policy); POST /api/policies PolicyInput → Policy; GET, PUT, DELETE /api/policies/:policyId;
 * GET /api/policies/presets; POST /api/policies/try PasswordRules → PolicyTrial (all system-administrator)
 */
export const PolicyInput = z.strictObject({ name: Name, rules: PasswordRules });
export const Policy = z.object({
  policyId: z.uuid(),
  name: z.string(),
  rules: PasswordRules,
  /** Of a password that it makes. */
  bits: z.number(),
  credentials: z.number().int(),
  createdAt: When,
});
export const PolicyPreset = z.object({ id: z.string(), title: z.string(), rules: PasswordRules, bits: z.number() });
/** `example` opens nothing: it is made for this answer. */
export const PolicyTrial = z.object({ bits: z.number(), example: z.string() });
