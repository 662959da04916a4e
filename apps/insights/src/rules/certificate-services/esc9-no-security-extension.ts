import { isTrue } from '../../privilege/index.ts';
import { directoryStream, isBelowTierZero } from '../directory.ts';
import { attribute, defineTemplateRule } from './templates.ts';

export const esc9NoSecurityExtension = defineTemplateRule({
  id: 'esc9-no-security-extension',
  catalogue: 'ESC9',
  title: 'Certificates of a template do not say whose they are (ESC9)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template whose certificates lack the security extension, and may write another account’s principal name.',
  why: 'They give another account the principal name of an administrator, get its certificate, give the name back, and sign in as the administrator.',
  severity: 'high',
  needs: [directoryStream('access-entries'), directoryStream('users')],
  where: `${isTrue('t', 'hasNoSecurityExtension')} and ${isTrue('t', 'authenticates')} and exists (
      select from grants g join accounts victim on victim.connection_id = g.connection_id and victim.id = g.resource_id and victim.status = 'enabled'
      where g.connection_id = t.connection_id and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
        and g.role_id in ('acl:GenericAll', 'acl:GenericWrite', 'acl:WriteUserPrincipalName', 'acl:WriteDNSHostName', 'acl:WriteDacl', 'acl:WriteOwner', 'acl:Owns'))`,
  facts: [attribute('Has no security extension', 'hasNoSecurityExtension')],
  reads: ['hasNoSecurityExtension'],
  remediation: [
    'Clear CT_FLAG_NO_SECURITY_EXTENSION of the template: `certutil -dstemplate <name> msPKI-Enrollment-Flag -0x00080000`.',
    'Set StrongCertificateBindingEnforcement to 2 on every domain controller.',
  ],
});
