import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { groupPolicy, groupPolicyJumpGroup, groupPolicyMember } from '../api/group-policies.ts';
import { localSecurityProvider } from '../api/jump-items.ts';
import type { Kind } from '../objects/index.ts';

export const groupPolicies: Kind = {
  shape: groupPolicy,
  noun: 'group-policy',
  reads: 'group_policies',
  writes: 'group_policies',
  search: ['name'],
};

export const groupPolicyMembers: Kind = {
  shape: groupPolicyMember,
  noun: 'group-policy-member',
  reads: 'group_policy_members',
  writes: 'group_policy_members',
  parent: { column: 'group_policy_id', kind: groupPolicies },
  search: [],
  // Members of the local provider are users; only directories have names and groups of their own.
  check: async (_tx, next) => [
    ...(next.user_id === undefined ? [{ field: 'user_id', message: 'Name a user.' }] : []),
    ...['distinguished_name', 'group_name'].flatMap((field) =>
      next[field] === undefined ? [] : [{ field, message: 'The local security provider has users only.' }],
    ),
  ],
};

export const groupPolicyJumpGroups: Kind = {
  shape: groupPolicyJumpGroup,
  noun: 'group-policy-jump-group',
  reads: 'group_policy_jump_groups',
  writes: 'group_policy_jump_groups',
  key: 'jump_group_id',
  // The Configuration API answers this list whole.
  atMost: 1_000,
  parent: { column: 'group_policy_id', kind: groupPolicies },
  search: [],
};

export const securityProviders: Kind = {
  shape: localSecurityProvider,
  noun: 'security-provider',
  reads: 'security_providers',
  search: ['name'],
};

/** Members, Jump groups and teams of one policy become those of another, new one. */
export const copyLinks = async (tx: Sql, from: number, to: number): Promise<void> => {
  await sql`insert into group_policy_members (group_policy_id, security_provider_id, user_id)
    select ${to}, security_provider_id, user_id from group_policy_members where group_policy_id = ${from} order by id`.execute(
    tx,
  );
  await sql`insert into group_policy_jump_groups (group_policy_id, jump_group_id, jump_item_role_id, jump_policy_id)
    select ${to}, jump_group_id, jump_item_role_id, jump_policy_id from group_policy_jump_groups
    where group_policy_id = ${from}`.execute(tx);
  await sql`insert into group_policy_teams (group_policy_id, team_id, role)
    select ${to}, team_id, role from group_policy_teams where group_policy_id = ${from}`.execute(tx);
};
