import { z } from 'zod';
import { Comment, SearchQuery, When } from './words.ts';

const Id = z.uuid();
const Minutes = z.number().int().min(1, 'At least one minute.').max(1_440, 'At most 1440 minutes.').optional();

/** Newest first; `cursor` is the last answer's `next`, null is the end. */
export const NewestQuery = z.object({
  cursor: Id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const newest = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });

/** Who has a password. Never the password itself. */
export const Checkout = z.object({
  checkoutId: Id,
  credentialId: Id.nullable(),
  entryId: Id.nullable(),
  /** `(web1)'[Linux]\root'` */
  about: z.string(),
  holder: z.string(),
  comment: z.string(),
  checkedOutAt: When,
  expiresAt: When,
  checkedInAt: When.nullable(),
  endedBy: z.enum(['check-in', 'expiry', 'administrator']).nullable(),
});
/** The command line of this machine alone: in whose name. */
const InName = Id.optional();
/** A credential, or an entry of a shared list. */
export const CheckoutInput = z
  .strictObject({
    ...{ credentialId: Id.optional(), entryId: Id.optional(), comment: Comment, minutes: Minutes, identityId: InName },
  })
  .refine(({ credentialId, entryId }) => (credentialId === undefined) !== (entryId === undefined), {
    ...{ path: ['credentialId'], error: 'Name a credential, or an entry of a shared list.' },
  });
/** GET /api/my/entries?search&listId (signed-in) → list(MyEntry): accounts of shared lists that the identity may check out */
export const MyEntryQuery = SearchQuery.extend({ listId: Id.optional() });
export const MyEntry = z.object({
  entryId: Id,
  listId: Id,
  listName: z.string(),
  systemName: z.string(),
  accountName: z.string(),
  comment: z.string(),
});
/** What `gatehouse vault credentials open` reads again. */
export const SealedCheckout = z.strictObject({
  passphrase: z.string().min(16, 'A passphrase has 16 characters or more.').max(1_000, 'At most 1000 characters.'),
});
export const CheckoutQuery = NewestQuery.extend({
  state: z.enum(['open', 'ended', 'all']).default('open'),
  credentialId: Id.optional(),
});

export const Reveal = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'Enter the six digits of your authenticator app.'),
});
export const Revealed = z.object({ password: z.string() });

export const PasswordRequest = z.object({
  requestId: Id,
  credentialId: Id,
  about: z.string(),
  asker: z.string(),
  purpose: z.enum(['use', 'reveal']),
  comment: z.string(),
  minutes: z.number().int(),
  state: z.enum(['pending', 'granted', 'denied', 'expired', 'withdrawn', 'used']),
  decidedBy: z.string().nullable(),
  decision: z.string().nullable(),
  createdAt: When,
  decidedAt: When.nullable(),
  expiresAt: When,
});
export const RequestQuery = NewestQuery.extend({ state: z.enum(['open', 'all']).default('open') });
export const RequestInput = z.strictObject({
  ...{ credentialId: Id, comment: Comment, minutes: Minutes },
  purpose: z.enum(['use', 'reveal']).default('use'),
  identityId: InName,
});
export const DecisionInput = z.strictObject({
  decision: z.enum(['granted', 'denied']),
  comment: Comment,
  identityId: InName,
});
