/** Which privileges policies give on domain controllers, in SQL. */
const privileges = `('SeDebugPrivilege', 'SeEnableDelegationPrivilege', 'SeMachineAccountPrivilege')`;
const short = `split_part(who.holder, '\\', -1)`;

/** Policies that apply to domain controllers, with the link by which they do. What the computer’s part is turned off for is none. */
export const applied = `policies p
  join resources r on r.connection_id = p.connection_id and r.id = p.id and r.type = 'group_policy'
    and coalesce(r.status, 'enabled') = 'enabled' and coalesce(r.attributes->>'isComputerPartOff', 'false') <> 'true'
  join resources o on o.connection_id = p.connection_id
    and (o.type = 'domain' or (o.type = 'organizational_unit' and o.attributes->>'dn' ~* '^OU=Domain Controllers,DC='))
  cross join lateral jsonb_array_elements(case when jsonb_typeof(o.attributes->'links') = 'array' then o.attributes->'links' else '[]' end) link`;
export const isApplied = `p.type = 'group_policy' and link->>'policy' = p.settings->>'policy' and coalesce(link->>'isDisabled', 'false') <> 'true'
  and (o.type <> 'domain' or link->>'isEnforced' = 'true' or not exists (select from resources ou where ou.connection_id = o.connection_id
    and ou.type = 'organizational_unit' and ou.attributes->>'dn' ~* '^OU=Domain Controllers,DC=' and ou.attributes->>'blocksInheritance' = 'true'))`;

/**
 * Who is given what, one row for each. Of policies that name the same privilege only the strongest counts, because it
 * takes the privilege from everybody it does not name: links that are enforced, from above, then the nearest.
 */
export const given = `(
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
