import { directoryPrivilege, directoryStream, isBelowTierZero, isEverybody, whoMay } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

/** A principal and everybody in it, however deep, in SQL. */
const holders = (grant: string) => `(
  with recursive held as (
    select ${grant}.principal_kind as kind, ${grant}.principal_id as id
    union
    select m.member_kind, m.member_id from held h
      join memberships m on m.connection_id = ${grant}.connection_id and m.group_id = h.id and m.member_id is not null
    where h.kind = 'group'
  ) select id from held)`;

/** The right that makes GetChangesAll one to replicate secrets; somebody below Tier 0 has both, perhaps by two groups. */
const hasOtherHalf = `exists (
  select from grants other where other.connection_id = g.connection_id and other.resource_id = g.resource_id
    and other.role_id in ('acl:GetChanges', 'acl:AllExtendedRights', 'acl:GenericAll') and coalesce(other.state, 'active') = 'active'
    and (other.principal_id = g.principal_id or ${isEverybody('other.principal_id')} or ${isEverybody('g.principal_id')} or exists (
      select from ${holders('g')} one join ${holders('other')} two on two.id = one.id
      where not exists (select from tier_zero t where t.connection_id = g.connection_id and t.id = one.id))))`;

const replicates = `g.role_id in ('acl:GetChangesAll', 'acl:AllExtendedRights', 'acl:GenericAll')`;

export const dcsyncBelowTierZero = defineRule({
  id: 'dcsync-below-tier-zero',
  catalogue: 'AD07',
  title: 'Somebody outside Tier 0 may replicate the secrets of the domain',
  summary: 'A principal that holds no highest privilege may replicate the directory with all its secrets (DCSync).',
  why: 'It reads the password hashes of everybody, krbtgt included, with one request that looks like a domain controller’s.',
  kind: 'path',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1003.006'],
  needs: [directoryStream('access-entries'), directoryStream('containers'), ...directoryPrivilege],
  subject: 'grants',
  sql: `
    select ${subject('grants', 'g', '4')},
      ${evidence(...whoMay('g'), fact('Domain', 'r.name', 'resources', 'r'))}
    from grants g
      join resources r on r.connection_id = g.connection_id and r.id = g.resource_id and r.type = 'domain'
    where ${replicates} and coalesce(g.state, 'active') = 'active' and ${isBelowTierZero('g')}
      and (g.role_id <> 'acl:GetChangesAll' or ${hasOtherHalf})`,
  unseen: `
    select g.connection_id, g.stream, g.id, 'Whether an entry of the domain counts depends on a condition or a deny that nobody can evaluate here.' as reason
    from grants g
      join resources r on r.connection_id = g.connection_id and r.id = g.resource_id and r.type = 'domain'
    where ${replicates} and g.state = 'eligible' and ${isBelowTierZero('g')}`,
  remediation: [
    'Open the properties of the domain in Active Directory Users and Computers (Advanced Features), Security, and take “Replicating Directory Changes All” away from the principal.',
    'If it is the account of Entra Connect, keep the right and treat the account and its server as Tier 0.',
    'Treat the right as used: look for event 4662 with this account, and reset krbtgt twice if it was.',
  ],
});
