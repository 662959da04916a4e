import { z } from 'zod';
import { Comment, Line, Name, SearchQuery, systemKinds, When } from './words.ts';

const Port = z.number().int().min(1, 'A port is 1 to 65535.').max(65_535, 'A port is 1 to 65535.').nullable();
/**
 * Fingerprint of a host key as OpenSSH writes it, best with its type before it, or a certificate in PEM form. Databases:
 * `unencrypted` lets go of TLS.
 */
const Trusted = z
  .string()
  .trim()
  .max(10_000)
  .regex(
    /^(unencrypted|([a-z0-9@.-]{1,64} )?SHA256:[A-Za-z0-9+/]{43}=?|-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----)$/,
    'Write a fingerprint such as ssh-ed25519 SHA256:…, or a certificate in PEM form.',
  );
const NetbiosName = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9_!@#$%^&()'.{}~-]{1,15}$/,
    'A NetBIOS name has at most 15 letters, digits or signs, and no space.',
  );
const DnsName = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/, 'Write a name such as corp.example.com.');

const shape = {
  /** As people and programs call it: `web1`. */
  name: Line(255, 'Enter a name.'),
  /** Host name or address, with a port where it has one of its own: `web1.example.com`, `[2001:db8::7]:2222`. */
  address: Line(300).nullable(),
  kind: z.enum(systemKinds),
  domainNetbios: NetbiosName.nullable(),
  domainDns: DnsName.nullable(),
  port: Port,
  /** How passwords are changed on one of another kind than the vault knows. */
  platformId: z.uuid().nullable(),
  trust: z.array(Trusted).max(20, 'At most 20.'),
  /** Whose rights change the passwords of other accounts there. */
  loginCredentialId: z.uuid().nullable(),
  comment: Comment,
  assetTag: Comment.max(200, 'At most 200 characters.'),
};

/**
 * GET /api/systems?search&kind&setId → list(System); POST /api/systems SystemInput → System;
 * GET, PATCH, DELETE /api/systems/:systemId (all system-administrator)
 */
export const SystemInput = z.strictObject(shape).partial().required({ name: true, kind: true });
export const SystemChange = z.strictObject(shape).partial();
export const SystemQuery = SearchQuery.extend({
  kind: z.enum(systemKinds).optional(),
  setId: z.uuid().optional(),
  platformId: z.uuid().optional(),
});
export const System = z.object({
  systemId: z.uuid(),
  name: z.string(),
  address: z.string().nullable(),
  kind: z.enum(systemKinds),
  domainNetbios: z.string().nullable(),
  domainDns: z.string().nullable(),
  port: z.number().int().nullable(),
  platformId: z.uuid().nullable(),
  platformName: z.string().nullable(),
  trust: z.array(z.string()),
  loginCredentialId: z.uuid().nullable(),
  comment: z.string(),
  assetTag: z.string(),
  credentials: z.number().int(),
});

/**
 * GET, POST /api/sets; GET, PATCH, DELETE /api/sets/:setId; GET /api/sets/:setId/systems → list(System);
 * PUT, DELETE /api/sets/:setId/systems/:systemId (all system-administrator)
 */
export const SetInput = z.strictObject({ name: Name, comment: Comment.default('') });
export const SetChange = z.strictObject({ name: Name.optional(), comment: Comment.optional() });
export const ManagementSet = z.object({
  setId: z.uuid(),
  name: z.string(),
  comment: z.string(),
  systems: z.number().int(),
  createdAt: When,
});
