import { applied, given, isApplied } from '../controller-privileges.ts';
import { directoryPrivilege, directoryStream, isBelowTierZero, principalName } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

/** Adding computers is also a matter of the quota: where that is 0, the privilege gives nothing. */
const counts = `g.place = 1 and g.holder is not null and (g.privilege <> 'SeMachineAccountPrivilege' or not exists (
  select from resources d where d.connection_id = g.connection_id and d.type = 'domain' and d.attributes->>'machineAccountQuota' = '0'))`;

export const privilegeOnControllersBelowTierZero = defineRule({
  id: 'privilege-on-controllers-below-tier-zero',
  catalogue: 'AD10',
  title: 'Policy gives a dangerous privilege on domain controllers to somebody outside Tier 0',
  summary:
    'A policy that applies to the domain controllers lets somebody outside Tier 0 debug programs, mark accounts for delegation, or add computers.',
  why: 'Debugging on a controller reads every password of the domain, trusted delegation acts in the names of others, and a computer account of one’s own is where many attacks begin.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1134', 'T1136.002', 'T1484.001'],
  needs: [
    ...[directoryStream('policy-settings'), directoryStream('group-policies'), directoryStream('containers')],
    ...[directoryStream('users'), ...directoryPrivilege],
  ],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p', '4')}, case when f.is_severe then 3 else 1 end as severity,
      ${evidence(fact('Gives', 'f.gives', 'policies', 'p'), fact('Linked to', 'f.linked', 'policies', 'p'))}
    from policies p join (
      select g.connection_id, g.policy, bool_or(g.privilege <> 'SeMachineAccountPrivilege') as is_severe,
        string_agg(distinct g.linked, ', ') as linked, string_agg(distinct g.privilege || ' to ' || ${principalName('g')}, ', ') as gives
      from ${given} g where ${counts} and g.principal_id is not null and ${isBelowTierZero('g')}
      group by g.connection_id, g.policy
    ) f on f.connection_id = p.connection_id and f.policy = p.id
    where p.type = 'group_policy'`,
  unseen: `
    select distinct p.connection_id, p.stream, p.id, 'Some files of a policy of the domain controllers could not be read.' as reason
    from ${applied}
    where ${isApplied} and (coalesce(p.settings->>'isRead', 'false') <> 'true' or p.settings->'unread' @? '$[*] ? (@ like_regex "gpttmpl" flag "i")')
    union all
    select distinct p.connection_id, p.stream, p.id, 'To whom a policy gives a privilege is not known: ' || g.holder || ' is nobody of the domain.' as reason
    from ${given} g join policies p on p.connection_id = g.connection_id and p.id = g.policy and p.type = 'group_policy'
    where ${counts} and g.principal_id is null`,
  remediation: [
    'In the policy open Computer Configuration, Windows Settings, Security Settings, Local Policies, User Rights Assignment, and leave “Debug programs” and “Enable computer and user accounts to be trusted for delegation” to Administrators.',
    'Take Authenticated Users out of “Add workstations to domain”, and set ms-DS-MachineAccountQuota of the domain to 0.',
  ],
});
