import { certificateWays } from '../../privilege/index.ts';
import { directoryStream, directoryTruePrivilege, isBroad } from '../directory.ts';
import { oktaPrivilege } from '../needs.ts';
import { defineRule, pathEvidence, subject } from '../rule.ts';

/** A certificate that everybody in Domain Users can get, or in a group like it, is one finding and not one for each of them. */
const isBroadEnrolment = `(p.first_edge in (${certificateWays.map(({ edge }) => `'${edge}'`).join(', ')})
  and p.steps->0->>'edge' = 'is_in' and ${isBroad("p.steps->0->'to'->>'id'")})`;

export const escalationPath = defineRule({
  id: 'escalation-path',
  catalogue: 'X07',
  title: 'Way to the highest privilege',
  summary: 'An account that is not among the highest privileged can make itself one of them in a few certain steps.',
  why: 'Whoever takes over this account owns the organisation, although its roles look harmless. Every step is proved by a fact that was read.',
  kind: 'path',
  connectors: ['okta', 'insights-collector'],
  severity: 'high',
  mitre: ['T1068', 'T1078'],
  needs: [
    ...oktaPrivilege,
    ...['okta.apps', 'okta.app-credentials', 'okta.resource-sets'],
    directoryStream('users'),
    ...directoryTruePrivilege,
  ],
  subject: 'accounts',
  // Help desks, membership rules and what everybody, or nearly, may have rules of their own. The length decides: a short way is walked first.
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')}, case when p.length <= 2 then 3 when p.length <= 4 then 2 else 1 end as severity,
      ${pathEvidence('p', 'a')}
    from privilege_paths p
      join accounts a on a.connection_id = p.connection_id and a.stream = p.stream and a.id = p.id
    where a.status = 'enabled' and p.level = 4 and not p.within_identity
      and p.first_edge not in ('reset_credentials', 'edit_rule_attribute', 'everybody') and not ${isBroadEnrolment}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'What some accounts may do is undetermined, so ways through them are not known.' as reason
    from accounts a where a.status = 'enabled' and a.true_privilege is null`,
  remediation: [
    'Look at the steps: breaking any one of them closes this way.',
    'Prefer the step that closes the most ways: an access entry taken from an organisational unit, a secret replaced by a key pair, or a role taken from an application.',
    'Give the account a role, or rights, that do not include that step.',
  ],
});
