import { z } from 'zod';
import { TenantSettings } from '../api/tenants.ts';

/** What the `settings` column holds; a new setting has a default here, so that old rows need no change. */
export const KeptSettings = z.object({
  adminAccountPattern: z.string().nullable().default(null),
  stripLeadingZeros: z.boolean().default(false),
  dormantDays: z.number().int().default(60),
  maximumSuperAdmins: z.number().int().default(5),
  eventRetentionDays: z.number().int().default(180),
});

/** What the `settings` column says of one setting that more than one part needs. */
export const dormantDaysOf = (settings: unknown): number => KeptSettings.parse(settings ?? {}).dormantDays;

export const toSettings = (row: {
  name: string;
  owned_domains: string[];
  settings: unknown;
}): z.output<typeof TenantSettings> =>
  TenantSettings.parse({ name: row.name, ownedDomains: row.owned_domains, ...KeptSettings.parse(row.settings ?? {}) });
