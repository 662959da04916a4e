import { controlRights, directoryPrivilege, directoryStream, isBelowTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { certificateRule } from './certificate-rule.ts';

export const esc5WritablePkiObject = defineRule({
  ...certificateRule,
  id: 'esc5-writable-pki-object',
  catalogue: 'ESC5',
  title: 'Somebody outside Tier 0 controls an object of certificate services (ESC5)',
  summary:
    'An object that says which authorities and certificates are trusted can be rewritten by somebody outside Tier 0.',
  why: 'They publish an authority of their own, and its certificates sign in as anybody.',
  severity: 'critical',
  needs: [
    directoryStream('pki-objects'),
    directoryStream('enrolment-services'),
    directoryStream('certificate-access-entries'),
    ...directoryPrivilege,
  ],
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '4')},
      ${evidence(...whoMay('g'), fact('Object', `coalesce(r.attributes->>'dn', r.name)`, 'resources', 'r'))}
    from grants g join resources r on r.connection_id = g.connection_id and r.id = g.resource_id
    where (r.type in ('enrollment_service', 'issuance_policy', 'certification_authority')
        or (r.type = 'pki_object' and r.attributes->>'cn' in ('NTAuthCertificates', 'Public Key Services', 'Certificate Templates', 'Enrollment Services', 'Certification Authorities', 'OID')))
      and (g.role_id in ${controlRights} or g.role_id = 'acl:CreateChild') and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
      -- The machine of an authority writes its own service by nature.
      and not (r.type = 'enrollment_service' and exists (
        select from accounts h where h.id = g.principal_id and lower(h.raw->>'dNSHostName') = lower(r.attributes->>'host')))
      -- So do Cert Publishers, of whom every authority is one, the roots.
      and not (r.type = 'certification_authority' and g.principal_id ~ '^S-1-5-21-[0-9-]+-517$')`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g join resources r on r.connection_id = g.connection_id and r.id = g.resource_id and r.type in ('enrollment_service', 'issuance_policy', 'certification_authority', 'pki_object')
    where g.state = 'eligible' and g.role_id in ${controlRights} and ${isBelowTierZero('g')}`,
  remediation: [
    'In ADSI Edit open CN=Public Key Services,CN=Services of the configuration partition, and leave the rights to Enterprise Admins and the authorities.',
    'Compare NTAuthCertificates with the authorities that you run: `certutil -viewstore -enterprise NTAuth`.',
  ],
});
