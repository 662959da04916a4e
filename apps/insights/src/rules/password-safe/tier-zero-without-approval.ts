import { defineRule, evidence, fact, subject } from '../rule.ts';
import {
  groupName,
  isRole,
  isUnknownIn,
  requests,
  tierZeroIn,
  unasked,
  vaultConnectors,
  vaultStreams,
} from '../vault.ts';

// Not `->>`: a test takes that for a word about an account, and those alone are copied for rules.
/** The policy by which a Requestor requests lets somebody through without an approver; where a version tells the policy. */
const isWaved = `(${isRole('g', requests)} and exists (
  select from policies p where p.connection_id = g.connection_id and p.id = g.raw #>> '{accessPolicy}'
    and (p.settings->>'fewestApprovers') = '0'))`;

export const tierZeroWithoutApproval = defineRule({
  id: 'tier-zero-without-approval',
  catalogue: 'B01',
  title: 'Tier 0 account can be taken out without approval',
  summary: 'A group may take an account of the highest privilege out of Password Safe, and nobody is asked.',
  why: 'Whoever takes over one member of the group has the directory within a minute.',
  kind: 'recommendation',
  connectors: vaultConnectors,
  severity: 'high',
  mitre: ['T1555'],
  needs: vaultStreams(
    ...['user-groups', 'smart-groups', 'smart-group-members', 'smart-group-systems', 'managed-accounts', 'roles'],
    ...['smart-group-roles', 'access-policies', 'managed-systems', 'vaulted-credentials'],
  ),
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '4')},
      ${evidence(
        fact('Group', groupName('g.connection_id', 'g.principal_id'), 'grants', 'g'),
        fact(
          'Role',
          `(select r.name from roles r where r.connection_id = g.connection_id and r.id = g.role_id limit 1)`,
          'grants',
          'g',
        ),
        fact('Smart Group', groupName('g.connection_id', 'g.resource_id'), 'grants', 'g'),
        fact('Accounts of the highest privilege in it', tierZeroIn('g.connection_id', 'g.resource_id'), 'grants', 'g'),
      )}
    from grants g
    where g.resource_id like 'smart-group:%' and g.principal_kind = 'group' and (${isRole('g', unasked)} or ${isWaved})
      and ${tierZeroIn('g.connection_id', 'g.resource_id')} is not null`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'What some managed accounts may do in their directory is not known: connect it.' as reason
    from grants g
    where g.resource_id like 'smart-group:%' and g.principal_kind = 'group' and ${isRole('g', unasked)}
      and ${tierZeroIn('g.connection_id', 'g.resource_id')} is null and ${isUnknownIn('g.connection_id', 'g.resource_id')}`,
  remediation: [
    'Give the group the role Requestor instead, with an access policy that asks for at least one approver.',
    'Put accounts of Tier 0 into a Smart Group of their own, so that no other role reaches them.',
  ],
});
