/** What rules about Password Safe have in common, in SQL. It is connected directly, or read by a collector. */
export const vaultConnectors: readonly string[] = ['insights-collector', 'password-safe'];

/** Streams of Password Safe as both ways name them. */
export const vaultStreams = (...streams: readonly string[]): readonly string[] =>
  streams.flatMap((stream) => [`insights-collector.password-safe-${stream}`, `password-safe.${stream}`]);

/**
 * What an account of a vault may do where it belongs: the highest True Privilege among the accounts of its identity that
 * are none of a vault; null without any of which it is known.
 */
export const privilegeElsewhere = (account: string): string => `(
  select max(same.true_privilege) from accounts same
  where same.identity_id = ${account}.identity_id and same.id !~ '^(user|managed-account|functional-account):')`;

/** Whether a managed account is in a Smart Group: by itself, or because it is on a managed system, or on an asset, that is. */
const isKeptIn = (
  connection: string,
  smartGroup: string,
): string => `kept.connection_id = ${connection} and kept.id in (
    select m.member_id from memberships m where m.connection_id = ${connection} and m.group_id = ${smartGroup} and m.member_kind = 'account'
    union all
    select c.owner_id from memberships m
      join resources r on r.connection_id = m.connection_id and r.type = 'managed_system' and m.member_id in (r.id, r.parent_id)
      join credentials c on c.connection_id = r.connection_id and c.type = 'vault_item' and c.resource_id = r.id
    where m.connection_id = ${connection} and m.group_id = ${smartGroup} and m.member_kind = 'resource')`;

/** Names of the accounts in a Smart Group that have the highest privilege elsewhere; null where there is none. */
export const tierZeroIn = (connection: string, smartGroup: string): string => `(
  select string_agg(coalesce(kept.login, kept.id), ', ' order by kept.login, kept.id) from accounts kept
  where ${isKeptIn(connection, smartGroup)} and ${privilegeElsewhere('kept')} >= 4)`;

/** Whether of an account in a Smart Group that a directory has it is not known what it may do there. */
export const isUnknownIn = (connection: string, smartGroup: string): string => `exists (
  select from accounts kept
  where ${isKeptIn(connection, smartGroup)} and kept.external_ids <> '{}' and ${privilegeElsewhere('kept')} is null)`;

/** Whether a grant is of a role on a Smart Group whose name matches a pattern, in lower case. */
export const isRole = (grant: string, pattern: string): string => `exists (
  select from roles named where named.connection_id = ${grant}.connection_id and named.id = ${grant}.role_id and lower(named.name) ~ '${pattern}')`;

/** Roles that take an account without asking anybody. */
export const unasked = '^(isa|information (systems? )?security administrator)$';
export const requests = '^requestor( */ *approver)?$';
export const approves = '^(requestor */ *)?approver$';

/** What a Smart Group or a group of users is called. */
export const groupName = (connection: string, id: string): string => `coalesce(
  (select p.name from groups p where p.connection_id = ${connection} and p.id = ${id} limit 1), ${id})`;
