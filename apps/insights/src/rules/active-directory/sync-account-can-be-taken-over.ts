import { directoryPrivilege, directoryStream, isBelowTierZero, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const syncAccountCanBeTakenOver = defineRule({
  id: 'sync-account-can-be-taken-over',
  catalogue: 'AD25',
  title: 'Account of Entra Connect can be taken over',
  summary:
    'Somebody outside Tier 0 may set the password of the account that synchronises the directory, or controls it.',
  why: 'That account may replicate every secret of the domain, or write accounts of the cloud.',
  kind: 'path',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1556.007'],
  needs: [directoryStream('users'), directoryStream('access-entries'), ...directoryPrivilege],
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '4')},
      ${evidence(...whoMay('g'), fact('Account', 'a.login', 'accounts', 'a'))}
    from grants g join accounts a on a.connection_id = g.connection_id and a.id = g.resource_id
    where (a.raw->>'sAMAccountName' ~ '^(MSOL_|AAD_)[0-9a-f]{8,12}$' or a.raw->>'sAMAccountName' = 'AZUREADSSOACC$')
      and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
      and g.role_id in ('acl:Owns', 'acl:GenericAll', 'acl:GenericWrite', 'acl:WriteDacl', 'acl:WriteOwner', 'acl:AllExtendedRights', 'acl:ForceChangePassword', 'acl:AddKeyCredentialLink')`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g join accounts a on a.connection_id = g.connection_id and a.id = g.resource_id
    where a.raw->>'sAMAccountName' ~ '^(MSOL_|AAD_)' and g.state = 'eligible' and ${isBelowTierZero('g')}`,
  remediation: [
    'Move the account into an organisational unit of Tier 0, and take the rights of others from it.',
    'Treat the Entra Connect server as Tier 0, too.',
  ],
});
