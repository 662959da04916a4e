import { z } from 'zod';
import { Comment, identityKinds, Line, SearchQuery } from './words.ts';

/** `random`: made by the vault and shown this once. */
export const PasswordInput = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('entered'),
    value: z.string().min(1, 'Enter a password.').max(128, 'Use at most 128 characters.'),
  }),
  z.strictObject({ from: z.literal('random') }),
]);

/**
 * GET /api/identities?search&kind → list(Identity); POST IdentityInput → NewIdentity; GET, PATCH, DELETE
 * /api/identities/:identityId; PUT …/password PasswordInput → ShownPassword; DELETE …/password;
 * PUT …/second-factor → ShownSecondFactor; DELETE …/second-factor (all system-administrator).
 * `DELETE ?force=true` takes the rights that it has along.
 */
export const IdentityInput = z.strictObject({
  kind: z.enum(identityKinds),
  /** `svc-ecm`; of domains `NS\sarcher`. */
  name: Line(256, 'Enter a name.'),
  comment: Comment.default(''),
  /** Who signs in to the pages with it. */
  personId: z.string().min(1).max(100).nullable().default(null),
  /** Of explicit identities alone; null: it signs in nowhere with a password. */
  password: PasswordInput.nullable().default(null),
});
export const IdentityChange = z.strictObject({
  comment: Comment.optional(),
  enabled: z.boolean().optional(),
  personId: z.string().min(1).max(100).nullable().optional(),
});
export const IdentityQuery = SearchQuery.extend({ kind: z.enum(identityKinds).optional() });
export const Identity = z.object({
  identityId: z.uuid(),
  kind: z.enum(identityKinds),
  name: z.string(),
  enabled: z.boolean(),
  personId: z.string().nullable(),
  comment: z.string(),
  /** Whether it has a password of the vault to sign in with. */
  maySignIn: z.boolean(),
  /** Whether it logs in to the web services with a code (TOTP) beside its password. */
  hasSecondFactor: z.boolean(),
});
/** `password` is what the vault made; null where it was entered, or there is none. */
export const NewIdentity = Identity.extend({ password: z.string().nullable() });
/** For an authenticator app, or whatever makes the codes of a program. It is shown this once. */
export const ShownSecondFactor = z.object({ address: z.string() });
export const ShownPassword = z.object({ password: z.string().nullable() });
/** Null: only what has no rights goes. */
export const DeleteQuery = z.strictObject({ force: z.enum(['true', 'false']).default('false') });

const Controller = z
  .string()
  .trim()
  .max(300)
  .regex(
    /^ldaps?:\/\/([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/,
    'Write an address such as ldaps://dc1.corp.example. With ldap:// the connection is encrypted by StartTLS.',
  );
const directory = {
  netbiosName: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_!@#$%^&()'.{}~-]{1,15}$/, 'A NetBIOS name has at most 15 letters, digits or signs.'),
  dnsName: z
    .string()
    .trim()
    .max(253)
    .regex(/^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/, 'Write a name such as corp.example.com.'),
  controllers: z.array(Controller).min(1, 'Enter a domain controller.').max(20, 'At most 20.'),
  /** The only ones that are trusted, PEM; null: those of this machine. */
  certificateAuthorities: z.string().trim().min(1).max(100_000).nullable(),
  bindName: Line(300).nullable(),
  /** Left out it stays as it is; never answered. */
  bindPassword: z.string().min(1).max(1_000),
};

/**
 * GET /api/directories → list(Directory); POST DirectoryInput → Directory; GET, PATCH, DELETE /api/directories/:directoryId;
 * POST …/test → DirectoryTest (all system-administrator)
 */
export const DirectoryInput = z.strictObject({
  ...directory,
  certificateAuthorities: directory.certificateAuthorities.default(null),
  bindName: directory.bindName.default(null),
  bindPassword: directory.bindPassword.optional(),
});
export const DirectoryChange = z.strictObject(directory).partial();
export const Directory = z.object({
  directoryId: z.uuid(),
  netbiosName: z.string(),
  dnsName: z.string(),
  controllers: z.array(z.string()),
  certificateAuthorities: z.string().nullable(),
  bindName: z.string().nullable(),
  bindPassword: z.object({ isSet: z.boolean() }),
});
/** `message` says what works, or what failed and what to do about it. */
export const DirectoryTest = z.object({ works: z.boolean(), message: z.string() });
