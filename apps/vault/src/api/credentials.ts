import { z } from 'zod';
import { Comment, credentialTypes, Flag, Line, SearchQuery, systemKinds, When } from './words.ts';

/** Where a secret comes from. `random`: made by the vault, by the policy of the credential. */
export const SecretInput = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('entered'),
    value: z
      .string()
      .min(1, 'Enter a password.')
      .max(20_000, 'At most 20000 characters.')
      .regex(/^[^\0]*$/, 'The character NUL is not allowed.'),
  }),
  z.strictObject({ from: z.literal('random') }),
]);

/** Names of accounts, without the namespace. */
export const AccountName = Line(256, 'Enter the name of the account.').regex(
  /^[^\\]*$/,
  'Leave the namespace out: write root, not NS\\root.',
);
export const Namespace = Line(256, 'Enter a namespace.').regex(/^[^\\]*$/, 'A namespace has no backslash.');
export const InstanceName = z
  .string()
  .trim()
  .max(256, 'At most 256 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'Control characters are not allowed.');
const AssetTag = Comment.max(200, 'At most 200 characters.');

/**
 * GET /api/credentials → list(Credential); POST /api/credentials CredentialInput → Credential;
 * GET, PATCH, DELETE /api/credentials/:credentialId; PUT …/secret SecretInput (all system-administrator).
 * GET /api/my/credentials (signed-in) → list(MyCredential): what the identity of the person may see.
 */
export const CredentialInput = z.strictObject({
  systemId: z.uuid(),
  /** Left out: that of local accounts of the system. */
  namespace: Namespace.optional(),
  accountName: AccountName,
  instanceName: InstanceName.default(''),
  /** Left out: passwords of that kind of system. */
  type: z.enum(credentialTypes).optional(),
  policyId: z.uuid().nullable().default(null),
  autoSpin: z.boolean().default(false),
  comment: Comment.default(''),
  assetTag: AssetTag.default(''),
  /** Null: none yet. */
  secret: SecretInput.nullable().default(null),
});
export const CredentialChange = z.strictObject({
  namespace: Namespace.optional(),
  accountName: AccountName.optional(),
  instanceName: InstanceName.optional(),
  policyId: z.uuid().nullable().optional(),
  autoSpin: z.boolean().optional(),
  comment: Comment.optional(),
  assetTag: AssetTag.optional(),
});
export const CredentialQuery = SearchQuery.extend({
  systemId: z.uuid().optional(),
  setId: z.uuid().optional(),
  policyId: z.uuid().optional(),
  type: z.enum(credentialTypes).optional(),
  isVerified: Flag,
  hasSecret: Flag,
});
/** It has no field that could hold a secret. */
export const Credential = z.object({
  credentialId: z.uuid(),
  systemId: z.uuid(),
  systemName: z.string(),
  systemKind: z.enum(systemKinds),
  namespace: z.string(),
  accountName: z.string(),
  instanceName: z.string(),
  type: z.enum(credentialTypes),
  policyId: z.uuid().nullable(),
  isRandom: z.boolean(),
  autoSpin: z.boolean(),
  comment: z.string(),
  assetTag: z.string(),
  hasSecret: z.boolean(),
  secretAt: When.nullable(),
  verifiedAt: When.nullable(),
  isVerified: z.boolean().nullable(),
  /** Secrets that it had before. */
  formerSecrets: z.number().int(),
});
export const MyCredential = Credential.omit({ policyId: true, formerSecrets: true }).extend({
  rights: z.object({
    viewPasswords: z.boolean(),
    requestPasswords: z.boolean(),
    grantRequests: z.boolean(),
    remoteSessions: z.boolean(),
    spin: z.boolean(),
  }),
});

/**
 * POST /api/credentials/import, a body of text/csv → ImportResult. Nothing changes while any row is wrong, unless
 * `skip=faulty`. `existing=keep` leaves credentials that are there as they are.
 * GET /api/credentials/export.csv?setId: every credential, never a password.
 * POST /api/credentials/export SealedExport: with passwords, sealed to a passphrase; for the command line alone, and only
 * where the setting `reveal` is on.
 */
export const ImportQuery = z.strictObject({
  skip: z.enum(['faulty']).optional(),
  existing: z.enum(['change', 'keep']).default('change'),
});
export const RowFault = z.object({ line: z.number().int(), column: z.string(), message: z.string() });
export const ImportResult = z.object({
  created: z.number().int(),
  changed: z.number().int(),
  /** As the file has it already, or kept as asked. */
  kept: z.number().int(),
  systemsCreated: z.number().int(),
  /** Rows left out, the first hundred faults. */
  skipped: z.number().int(),
  faults: z.array(RowFault),
});
export const ExportQuery = z.strictObject({ setId: z.uuid().optional() });
export const SealedExport = z.strictObject({
  passphrase: z.string().min(16, 'Use 16 characters or more.').max(1_000),
  setId: z.uuid().optional(),
});
