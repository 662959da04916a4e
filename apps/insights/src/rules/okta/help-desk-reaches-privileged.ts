import { oktaPrivilege } from '../needs.ts';
import { defineRule, pathEvidence, subject } from '../rule.ts';

export const helpDeskReachesPrivileged = defineRule({
  id: 'help-desk-reaches-privileged',
  catalogue: 'O06',
  title: 'Can reset the credentials of somebody with more privilege',
  summary:
    'The account may reset passwords or second factors of a person who holds more privilege in a system they open with Okta.',
  why: 'It resets the person’s credentials, signs in as them, and has what they have. Okta guards its own administrators against this, but does not know who is an administrator elsewhere.',
  kind: 'path',
  connectors: ['okta'],
  severity: 'high',
  mitre: ['T1098'],
  needs: [...oktaPrivilege, 'okta.resource-sets'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')}, ${pathEvidence('p', 'a')}
    from privilege_paths p
      join accounts a on a.connection_id = p.connection_id and a.stream = p.stream and a.id = p.id
    where a.status = 'enabled' and p.first_edge = 'reset_credentials' and p.level > coalesce(a.effective_privilege, 0)`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some accounts may do is undetermined, so ways through them are not known.' as reason
    from accounts a where a.status = 'enabled' and a.true_privilege is null`,
  remediation: [
    'Limit the role to groups that hold nobody with privilege elsewhere.',
    'Put the privileged people into a group that only super administrators manage: a group with any administrator role is guarded.',
  ],
});
