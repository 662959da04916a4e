import { z } from 'zod';
import { ListQuery, Name, When } from './words.ts';

/**
 * GET /api/permissions?search → list(Permission): what identities may do everywhere; PUT PermissionInput, DELETE
 * /api/permissions/:identityId (system-administrator, as everything here)
 */
export const PermissionInput = z
  .strictObject({
    logIn: z.boolean(),
    /** Everything with every credential, but spin. */
    allAccess: z.boolean(),
    /** Retrieve through the web services what somebody else has checked out. */
    ignorePasswordCheckout: z.boolean(),
    /** Grant requests for every credential. */
    globalApprover: z.boolean().default(false),
  })
  .refine((to) => to.allAccess || !to.ignorePasswordCheckout, {
    path: ['ignorePasswordCheckout'],
    message: 'Ignore Password Checkout goes with All Access.',
  });
export const Permission = z.object({
  identityId: z.uuid(),
  name: z.string(),
  logIn: z.boolean(),
  allAccess: z.boolean(),
  ignorePasswordCheckout: z.boolean(),
  globalApprover: z.boolean(),
});

const rights = {
  viewAccounts: z.boolean(),
  viewPasswords: z.boolean(),
  requestPasswords: z.boolean(),
  grantRequests: z.boolean(),
  remoteSessions: z.boolean(),
  spin: z.boolean(),
};
/**
 * GET /api/delegations?identityId&credentialId&setId → list(Delegation); PUT DelegationInput → Delegation replaces what the
 * identity had there; DELETE /api/delegations/:delegationId
 */
export const DelegationInput = z
  .strictObject({
    identityId: z.uuid(),
    credentialId: z.uuid().optional(),
    setId: z.uuid().optional(),
    rights: z.strictObject(rights).partial(),
  })
  .refine((to) => (to.credentialId === undefined) !== (to.setId === undefined), {
    path: ['credentialId'],
    message: 'Name a credential or a management set, and not both.',
  })
  .refine((to) => Object.values(to.rights).some(Boolean), {
    path: ['rights'],
    message: 'Give at least one right. To take them all away, delete the delegation.',
  });
export const DelegationQuery = ListQuery.extend({
  identityId: z.uuid().optional(),
  credentialId: z.uuid().optional(),
  setId: z.uuid().optional(),
});
export const Delegation = z.object({
  delegationId: z.uuid(),
  identityId: z.uuid(),
  identity: z.string(),
  credentialId: z.uuid().nullable(),
  setId: z.uuid().nullable(),
  scope: z.string(),
  ...rights,
});

/** GET /api/impersonations?identityId → list(Impersonation); PUT, DELETE /api/impersonations/:identityId/:targetId */
export const ImpersonationQuery = ListQuery.extend({ identityId: z.uuid().optional() });
export const Impersonation = z.object({
  identityId: z.uuid(),
  identity: z.string(),
  targetId: z.uuid(),
  target: z.string(),
});

/** CIDR, an address alone, or an address with a dotted mask. */
const Networks = z.array(z.string().trim().max(100)).max(200, 'At most 200.');
/**
 * GET /api/registrations → list(Registration); POST RegistrationInput → NewRegistration; PATCH RegistrationChange →
 * Registration, DELETE /api/registrations/:registrationId
 */
export const RegistrationInput = z.strictObject({ name: Name, networks: Networks.default([]) });
export const RegistrationChange = z.strictObject({ networks: Networks.optional(), enabled: z.boolean().optional() });
export const Registration = z.object({
  registrationId: z.uuid(),
  name: z.string(),
  networks: z.array(z.string()),
  enabled: z.boolean(),
  usedAt: When.nullable(),
});
/** `key` is shown this once. */
export const NewRegistration = Registration.extend({ key: z.string() });
