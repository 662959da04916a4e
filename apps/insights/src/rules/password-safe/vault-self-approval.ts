import { defineRule, evidence, fact, subject } from '../rule.ts';
import { approves, groupName, isRole, requests, vaultConnectors, vaultStreams } from '../vault.ts';

/** Smart Groups on which an account, through its groups, both requests and approves. */
const both = (account: string, what: string): string => `(
  select ${what} from (
    select distinct asked.resource_id from memberships m
      join grants asked on asked.connection_id = m.connection_id and asked.principal_kind = 'group' and asked.principal_id = m.group_id
    where m.connection_id = ${account}.connection_id and m.member_kind = 'account' and m.member_id = ${account}.id
      and ${isRole('asked', requests)}
    intersect
    select distinct let.resource_id from memberships m
      join grants let on let.connection_id = m.connection_id and let.principal_kind = 'group' and let.principal_id = m.group_id
    where m.connection_id = ${account}.connection_id and m.member_kind = 'account' and m.member_id = ${account}.id
      and ${isRole('let', approves)}
  ) on_both)`;

export const vaultSelfApproval = defineRule({
  id: 'vault-self-approval',
  catalogue: 'B05',
  title: 'Requests and approves the same accounts',
  summary: 'Somebody requests accounts of a Smart Group and approves requests for the same accounts.',
  why: 'One person, or whoever has taken over their account, can pass alone what two are meant to look at.',
  kind: 'recommendation',
  connectors: vaultConnectors,
  severity: 'high',
  mitre: ['T1548'],
  needs: vaultStreams('users', 'user-groups', 'memberships', 'smart-groups', 'roles', 'smart-group-roles'),
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact(
          'On',
          both(
            'a',
            `string_agg(${groupName('a.connection_id', 'on_both.resource_id')}, ', ' order by on_both.resource_id)`,
          ),
          'accounts',
          'a',
        ),
      )}
    from accounts a
    where a.id like 'user:%' and coalesce(a.status, 'enabled') = 'enabled' and ${both('a', 'count(*)')} > 0`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some roles on Smart Groups are called is not known.' as reason
    from accounts a join memberships m on m.connection_id = a.connection_id and m.member_kind = 'account' and m.member_id = a.id
      join grants g on g.connection_id = m.connection_id and g.principal_kind = 'group' and g.principal_id = m.group_id
    where a.id like 'user:%' and g.role_id like 'role:%' and not exists (
      select from roles r where r.connection_id = g.connection_id and r.id = g.role_id and r.name is not null)`,
  remediation: [
    'Give the role Approver on the Smart Group to a group with nobody in it who requests there.',
    'Where somebody has to do both, require two approvers in the access policy.',
  ],
});
