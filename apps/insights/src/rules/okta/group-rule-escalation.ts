import { oktaPrivilege } from '../needs.ts';
import { defineRule, pathEvidence, subject } from '../rule.ts';

export const groupRuleEscalation = defineRule({
  id: 'group-rule-escalation',
  catalogue: 'O05',
  title: 'Edits the attribute that makes administrators',
  summary:
    'The account may edit profiles, and a membership rule over a profile attribute fills a group that holds a higher role.',
  why: 'It sets the attribute on an account it controls, the rule puts that account into the group, and the group has the role.',
  kind: 'path',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1098.003'],
  needs: [...oktaPrivilege, 'okta.resource-sets'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')}, ${pathEvidence('p', 'a')}
    from privilege_paths p
      join accounts a on a.connection_id = p.connection_id and a.stream = p.stream and a.id = p.id
    where a.status = 'enabled' and p.first_edge = 'edit_rule_attribute' and p.level > coalesce(a.effective_privilege, 0)`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some accounts may do is undetermined, so ways through them are not known.' as reason
    from accounts a where a.status = 'enabled' and a.true_privilege is null`,
  remediation: [
    'Take the role from the group that the rule fills, and assign it to people.',
    'Okta refuses rules on groups with roles today; this one is older. Remove it.',
  ],
});
