import { directoryPrivilege, directoryStream, isBelowTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const adminSdHolderTampered = defineRule({
  id: 'admin-sd-holder-tampered',
  catalogue: 'AD08',
  title: 'Somebody outside Tier 0 controls AdminSDHolder',
  summary:
    'The object whose access entries are copied to every protected account and group every hour gives somebody outside Tier 0 control.',
  why: 'They get control of all administrators, and get it back an hour after it was taken away.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1098'],
  needs: [directoryStream('access-entries'), directoryStream('containers'), ...directoryPrivilege],
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '4')},
      ${evidence(...whoMay('g'), fact('On', `r.attributes->>'dn'`, 'resources', 'r'))}
    from grants g join resources r on r.connection_id = g.connection_id and r.id = g.resource_id
    where r.attributes->>'dn' ~* '^CN=AdminSDHolder,CN=System,' and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
      and g.role_id in ('acl:Owns', 'acl:GenericAll', 'acl:GenericWrite', 'acl:WriteDacl', 'acl:WriteOwner', 'acl:AllExtendedRights',
        'acl:ForceChangePassword', 'acl:AddMember', 'acl:AddKeyCredentialLink')`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g join resources r on r.connection_id = g.connection_id and r.id = g.resource_id
    where r.attributes->>'dn' ~* '^CN=AdminSDHolder,CN=System,' and g.state = 'eligible' and ${isBelowTierZero('g')}`,
  remediation: [
    'Open the properties of CN=AdminSDHolder,CN=System, Security, Advanced, and remove the entry; make Domain Admins the owner.',
    'Run the SDProp task, or wait an hour, and look at the protected accounts again.',
    'Find out who added it (event 5136), and what they did with it.',
  ],
});
