import { z } from 'zod';
import { AccountName, SecretInput } from './credentials.ts';
import { Comment, Name, When } from './words.ts';

/** Free text: a host, or a label such as `Routers, 2nd floor`; '' for one that is good everywhere. */
const SystemName = z
  .string()
  .trim()
  .max(255, 'At most 255 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'Control characters are not allowed.');
/** Accounts of lists may be named with their domain. */
const EntryAccount = z.union([AccountName, z.string().regex(/^[^\\\p{Cc}]{1,120}\\[^\\\p{Cc}]{1,120}$/u)]);

/**
 * GET /api/lists?search (signed-in) → list(SharedList): all for administrators, for others those of their identity;
 * POST /api/lists ListInput → SharedList; PATCH, DELETE /api/lists/:listId (system-administrator); GET (signed-in)
 */
export const ListInput = z.strictObject({ name: Name, comment: Comment.default('') });
export const ListChange = z.strictObject({ name: Name.optional(), comment: Comment.optional() });
export const SharedList = z.object({
  listId: z.uuid(),
  name: z.string(),
  comment: z.string(),
  entries: z.number().int(),
  /** Whether who asks may add, change and take out entries. */
  mayEdit: z.boolean(),
  createdAt: When,
});

/**
 * GET /api/lists/:listId/entries?search (signed-in) → list(ListEntry); POST EntryInput → ListEntry, PATCH EntryChange,
 * DELETE …/:entryId (signed-in, where the list may be edited)
 */
export const EntryInput = z.strictObject({
  systemName: SystemName.default(''),
  accountName: EntryAccount,
  comment: Comment.default(''),
  secret: SecretInput,
});
export const EntryChange = EntryInput.partial().extend({
  systemName: SystemName.optional(),
  comment: Comment.optional(),
});
/** It has no field that could hold a secret. */
export const ListEntry = z.object({
  entryId: z.uuid(),
  systemName: z.string(),
  accountName: z.string(),
  comment: z.string(),
  secretAt: When,
});

/**
 * GET /api/lists/:listId/delegations → list(ListDelegation); PUT ListDelegationInput, DELETE …/:identityId
 * (system-administrator)
 */
export const ListDelegationInput = z.strictObject({ mayEdit: z.boolean() });
export const ListDelegation = z.object({ identityId: z.uuid(), identity: z.string(), mayEdit: z.boolean() });
