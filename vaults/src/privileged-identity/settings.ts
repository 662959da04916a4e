import { fields } from '@gatehouse/fields';
import type { z } from 'zod';
import { toBase } from './address.ts';

/** The kinds of credential that a password change is configured for, each with a template of its own. */
const templateRows = {
  linux: 'Linux credentials',
  windows: 'Windows credentials',
  postgresql: 'PostgreSQL credentials',
  mysql: 'MySQL credentials',
  sqlServer: 'SQL Server credentials',
  sshKey: 'SSH keys',
} as const;

export type TemplateRow = keyof typeof templateRows;

/** Pairs of names, one per line; the full name in small letters leads to the NetBIOS name as it is written. */
const toDomainMap = (text: string, context: z.core.$RefinementCtx<string>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, full = '', short = ''] = /^([^=\s]+)\s*=\s*([^=\s\\]+)$/.exec(line.trim()) ?? [];
    const known = found.get(full.toLowerCase());
    if (full === '') {
      context.addIssue({ code: 'custom', message: `Line ${index + 1} is not of the form FQDN=NetBIOS.`, input: text });
    } else if (known !== undefined && known.toLowerCase() !== short.toLowerCase()) {
      context.addIssue({ code: 'custom', message: `Line ${index + 1} maps ${full} a second time.`, input: text });
    }
    found.set(full.toLowerCase(), short);
  }
  if (found.size > 200) context.addIssue({ code: 'custom', message: 'Map at most 200 domains.', input: text });
  return found;
};

export const config = fields.object({
  endpointUrl: fields
    .text(
      'Endpoint URL',
      'The full address of the SDK web services, for example https://pi.corp.example/ERPMWebService/AuthService.svc.',
    )
    .refine(
      (text) => toBase(text) !== null,
      'Enter the address of the SDK web services, for example https://pi.corp.example/ERPMWebService/AuthService.svc.',
    ),
  apiUser: fields.text(
    'API User',
    'The delegation identity made for this. It needs impersonation mappings to the people, or to a role of theirs, who open sessions.',
  ),
  apiPassword: fields.secret('API Password', 'The password of that delegation identity.'),
  apiRegistrationKey: fields.secretOrNone(
    'API Registration Key',
    'The key of the API registration made for this. Leave it empty where the vault asks for none.',
  ),
  authenticator: fields.textOrNone(
    'Authenticator',
    'The NetBIOS name of the domain of the API user. Leave it empty for an explicit identity.',
  ),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'The certificates, in PEM form, of the authority that issued the certificate of the vault. Leave it empty where this machine trusts it already.',
  ),
  defaultDomain: fields.textOrNone(
    'Default Domain for Local Users',
    'People without a domain are first looked for in this one, then as they are. Needed where local users of the site are domain accounts in the vault.',
  ),
  fallBackToLocal: fields
    .toggle(
      'Enable fall-back to local account if domain account not found',
      'People with a domain that the vault does not know, or lets nobody act for, are looked for without it.',
    )
    .default(false),
  mapDomains: fields
    .lines(
      'Map Domains',
      'One domain per line as FQDN=NetBIOS, for example example.local=EX. Used for the names of people, and for domain accounts of endpoints.',
    )
    .default('')
    .transform(toDomainMap),
  sharedCredentialLists: fields
    .toggle(
      'Include credentials from Shared Credential Lists',
      'Entries of shared lists that belong to the endpoint are offered, too.',
    )
    .default(false),
  preferAddress: fields
    .toggle(
      'Prefer lookup of credentials by IP address over hostname',
      'The endpoint is looked for by its address where that is known, else by its name.',
    )
    .default(false),
  spinJobs: fields
    .toggle(
      'Enable creation of password spin jobs',
      'After a check-in the password is changed, if it is a random one and its credential is set to auto-spin.',
    )
    .default(false),
  jobComment: fields.textOrNone(
    'Job Comment',
    'Stands at every spin job. The text <username> becomes the identity that checked the credential out.',
  ),
  templateJobs: fields
    .table(
      'Password Change Template Job IDs',
      'The number of the job that is the template for spins of one type of credential. Left empty, the policy of the credential itself decides.',
      templateRows,
      fields.number('Template job', 'The number in the list of jobs of the vault.', { min: 1, max: 2_147_483_647 }),
    )
    .default({}),
  globalApprover: fields.textOrNone(
    'Global Approver',
    'The identity that grants requests of people at once. Left empty, they wait until somebody grants them in the vault.',
  ),
  globalApproverPassword: fields.secretOrNone(
    'Global Approver Password',
    'Its password, for an explicit identity. Left empty, the API user acts for it, which takes an impersonation mapping.',
  ),
});

export type Settings = z.output<typeof config>;
