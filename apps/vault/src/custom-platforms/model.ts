import type { z } from 'zod';
import { CustomRules as Rules } from '../api/custom-platforms.ts';

export type CustomRules = z.output<typeof Rules>;

/** A kind of system that the vault does not know. */
export interface CustomPlatform {
  readonly platformId: string;
  readonly name: string;
  readonly comment: string;
  readonly rules: CustomRules;
  readonly createdAt: Date;
}

/** Rules as the database has them. */
export const parseRules = (rules: unknown): CustomRules => Rules.parse(rules);
