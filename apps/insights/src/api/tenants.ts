import { tenantRoles } from '@gatehouse/server';
import { z } from 'zod';
import { Name, Text, When } from './words.ts';

/** GET /api/tenants (signed-in) → Tenant[]; POST /api/tenants (system-administrator) TenantInput → Tenant */
export const Tenant = z.object({
  tenantId: z.uuid(),
  name: z.string(),
  role: z.enum(tenantRoles),
  createdAt: When,
  connections: z.number().int(),
  /** Open findings by severity. */
  findings: z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number() }),
  /** The worst connectivity of its connections; null when it has none. */
  connectivity: z.string().nullable(),
  isSample: z.boolean(),
  /** The setting, for everybody who reads lists of dormant accounts. */
  dormantDays: z.number().int(),
});
export const TenantInput = z.strictObject({ name: Name, isSample: z.boolean().optional() });

const whole = (least: number, most: number, message: string) =>
  z.number(message).int(message).min(least, message).max(most, message);

/** GET, PATCH (administrator) /api/tenants/:tenantId/settings; DELETE /api/tenants/:tenantId (administrator) */
export const TenantSettings = z.object({
  name: Name,
  /** Domains whose mail addresses belong to this organisation; correlation by e-mail trusts only these. */
  ownedDomains: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'Write a domain such as example.com.'),
    )
    .max(200),
  /** Regular expression with a group named `base`, for administrator accounts such as `adm-ada`; null: rule 11 is off. */
  adminAccountPattern: z.string().max(200).nullable(),
  stripLeadingZeros: z.boolean(),
  dormantDays: whole(1, 730, 'Enter 1 to 730 days.'),
  /** A Super Admin count above this is a finding. */
  maximumSuperAdmins: whole(1, 100, 'Enter 1 to 100.'),
  /** Days that events are kept; 0 keeps them for ever. */
  eventRetentionDays: whole(0, 3_650, 'Enter 0 to 3,650 days. 0 keeps them for ever.'),
});
export const TenantSettingsInput = TenantSettings.partial().strict();

/** GET /api/tenants/:tenantId/people (reader); PUT …/people/:personId, POST …/people, DELETE …/people/:personId (administrator) */
export const TenantPerson = z.object({
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(tenantRoles),
  lastSignInAt: When.nullable(),
  twoFactor: z.boolean(),
});
export const TenantPersonInput = z.strictObject({
  email: z.email('Enter an e-mail address.').max(300),
  role: z.enum(tenantRoles),
});
/** `link` is a one-time sign-in link, answered only when the invitation made a new person. */
export const Invitation = z.object({ person: TenantPerson, link: z.string().nullable() });

/** GET /api/apps (signed-in): what the Apps menu shows; empty hides it. */
export const Apps = z.object({
  items: z.array(z.object({ id: z.string(), name: Text, url: z.string(), lastActiveAt: When })),
});
