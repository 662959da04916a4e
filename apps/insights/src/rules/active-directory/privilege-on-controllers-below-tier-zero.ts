import { directoryPrivilege, directoryStream, isBelowTierZero, principalName } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const privileges = `('SeDebugPrivilege', 'SeEnableDelegationPrivilege', 'SeMachineAccountPrivilege')`;
const short = `split_part(who.holder, '\\', -1)`;

/** Policies that apply to domain controllers, with the link by which they do. What the computer’s part is turned off for is none. */
const applied = `policies p
  join resources r on r.connection_id = p.connection_id and r.id = p.id and r.type = 'group_policy'
    and coalesce(r.status, 'enabled') = 'enabled' and coalesce(r.attributes->>'isComputerPartOff', 'false') <> 'true'
  join resources o on o.connection_id = p.connection_id
    and (o.type = 'domain' or (o.type = 'organizational_unit' and o.attributes->>'dn' ~* '^OU=Domain Controllers,DC='))
  cross join lateral jsonb_array_elements(case when jsonb_typeof(o.attributes->'links') = 'array' then o.attributes->'links' else '[]' end) link`;
const isApplied = `p.type = 'group_policy' and link->>'policy' = p.settings->>'policy' and coalesce(link->>'isDisabled', 'false') <> 'true'
  and (o.type <> 'domain' or link->>'isEnforced' = 'true' or not exists (select from resources ou where ou.connection_id = o.connection_id
    and ou.type = 'organizational_unit' and ou.attributes->>'dn' ~* '^OU=Domain Controllers,DC=' and ou.attributes->>'blocksInheritance' = 'true'))`;

/**
 * Who is given what, one row for each. Of policies that name the same privilege only the strongest counts, because it
 * takes the privilege from everybody it does not name: links that are enforced, from above, then the nearest.
 */
const given = `(
  select p.connection_id, p.id as policy, held.key as privilege, who.holder, coalesce(o.attributes->>'dn', o.name) as linked,
    case when who.holder like 'S-1-%' then who.holder else coalesce(
      (select a.id from accounts a where a.connection_id = p.connection_id and lower(a.raw->>'sAMAccountName') = lower(${short}) limit 1),
      (select n.id from groups n where n.connection_id = p.connection_id and lower(n.name) = lower(${short}) limit 1)) end as principal_id,
    rank() over (partition by p.connection_id, held.key order by case
      when link->>'isEnforced' = 'true' then case when o.type = 'domain' then 3 else 2 end when o.type = 'domain' then 0 else 1 end desc) as place
  from ${applied}
    cross join lateral jsonb_each(case when jsonb_typeof(p.settings->'privileges') = 'object' then p.settings->'privileges' else '{}' end) held
    left join lateral jsonb_array_elements_text(case when jsonb_typeof(held.value) = 'array' then held.value else '[]' end) who (holder) on true
  where ${isApplied} and held.key in ${privileges})`;

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
