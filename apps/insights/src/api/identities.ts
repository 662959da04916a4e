import { z } from 'zod';
import { Change, Link } from './inventory.ts';
import { When } from './words.ts';

/** Why an account belongs to an identity. */
export const IdentityLink = z.object({
  account: Link,
  connectionName: z.string(),
  connector: z.string(),
  status: z.string().nullable(),
  privilege: z.string(),
  mfa: z.string(),
  lastActivityAt: When.nullable(),
  /** Number of the correlation rule, or `manual`, or `only` (nothing else matched). */
  rule: z.string(),
  ruleTitle: z.string(),
  confidence: z.number(),
  /** Both values that matched and the account matched with. */
  evidence: z.object({ left: z.string(), right: z.string(), other: Link }).nullable(),
  decidedBy: z.string().nullable(),
});
/** GET /api/tenants/:tenantId/identities/:identityId (reader). Lists of identities are `inventory/identities`. */
export const IdentityDetail = z.object({
  identityId: z.uuid(),
  name: z.string(),
  kind: z.string(),
  email: z.string().nullable(),
  department: z.string().nullable(),
  privilege: z.string(),
  links: z.array(IdentityLink),
  suggestions: z.array(
    z.object({
      suggestionId: z.uuid(),
      account: Link,
      rule: z.string(),
      confidence: z.number(),
      left: z.string(),
      right: z.string(),
      why: z.string(),
    }),
  ),
  conflicts: z.array(z.object({ account: Link, why: z.string() })),
});
/**
 * POST …/identities/merge (analyst) { identityIds } → Decision; POST …/identities/split (analyst) { accounts } → Decision;
 * POST …/identities/decisions/:decisionId/undo (analyst) → Decision; GET …/identities/decisions[?identity=<identityId>] (reader) → list(Decision)
 */
export const MergeInput = z.strictObject({
  identityIds: z.array(z.uuid()).min(2).max(20),
  reason: z.string().trim().max(500).default(''),
});
export const SplitInput = z.strictObject({
  accounts: z
    .array(z.object({ connection: z.uuid(), stream: z.string(), id: z.string() }))
    .min(1)
    .max(50),
  reason: z.string().trim().max(500).default(''),
});
export const Decision = z.object({
  decisionId: z.uuid(),
  at: When,
  by: z.string(),
  kind: z.enum(['merge', 'split']),
  reason: z.string(),
  /** What was merged, or split off together. */
  accounts: z.array(Link),
  /** What the accounts of a split were split from; empty for a merge. */
  splitFrom: z.array(Link),
  undoneAt: When.nullable(),
  undoneBy: z.string().nullable(),
});

/**
 * GET …/identities/:identityId/history (reader) → list(IdentityChange), newest first: what happened to the accounts that it
 * has now, when they were joined, and what people decided about them.
 */
export const IdentityChange = z.discriminatedUnion('what', [
  z.object({
    ...{ what: z.literal('account'), at: When, account: Link, connectionName: z.string() },
    change: z.enum(['first_seen', ...Change.shape.kind.options]),
    fields: Change.shape.fields,
  }),
  z.object({
    ...{ what: z.literal('joined'), at: When, account: Link, connectionName: z.string() },
    ruleTitle: z.string(),
    /** The account that it was joined with. */
    other: Link,
    otherConnectionName: z.string().nullable(),
  }),
  z.object({
    ...{ what: z.literal('decision'), at: When, kind: z.enum(['merge', 'split']), isUndoing: z.boolean() },
    ...{ by: z.string(), reason: z.string(), accounts: z.array(Link) },
  }),
]);
