import { directoryStream, isBelowTierZero } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { enrolls, issues, needsCertificates, needsNoApproval, unseenTemplates, whoEnrolls } from './templates.ts';

export const esc9NoSecurityExtension = defineRule({
  id: 'esc9-no-security-extension',
  catalogue: 'ESC9',
  title: 'Certificates of a template do not say whose they are (ESC9)',
  summary:
    'Somebody outside Tier 0 may enrol in a published template whose certificates lack the security extension, and may write another account’s principal name.',
  why: 'They give another account the principal name of an administrator, get its certificate, give the name back, and sign in as the administrator.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1649'],
  needs: [...needsCertificates, directoryStream('access-entries'), directoryStream('users')],
  subject: 'resources',
  sql: `
    select distinct on (t.connection_id, t.stream, t.id) ${subject('resources', 't', '4')},
      ${evidence(fact('Who may enrol', whoEnrolls('t'), 'resources', 't'), fact('Published by', `s.name || ' on ' || (s.attributes->>'host')`, 'resources', 's'), fact('Has no security extension', `t.attributes->>'hasNoSecurityExtension'`, 'resources', 't'))}
    from resources t join resources s on ${issues('s', 't')}
    where t.type = 'certificate_template' and t.attributes->>'hasNoSecurityExtension' = 'true' and t.attributes->>'authenticates' = 'true'
      and exists (
        select from grants g join accounts victim on victim.connection_id = g.connection_id and victim.id = g.resource_id and victim.status = 'enabled'
        where g.connection_id = t.connection_id and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
          and g.role_id in ('acl:GenericAll', 'acl:GenericWrite', 'acl:WriteUserPrincipalName', 'acl:WriteDNSHostName', 'acl:WriteDacl', 'acl:WriteOwner', 'acl:Owns'))
      and ${needsNoApproval('t')} and ${enrolls('t', 's')}`,
  unseen: unseenTemplates(['hasNoSecurityExtension', 'needsApproval']),
  remediation: [
    'Clear CT_FLAG_NO_SECURITY_EXTENSION of the template: `certutil -dstemplate <name> msPKI-Enrollment-Flag -0x00080000`.',
    'Set StrongCertificateBindingEnforcement to 2 on every domain controller.',
  ],
});
