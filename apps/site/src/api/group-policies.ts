import { z } from 'zod';
import { permissions, supportPermissions } from './permissions.ts';
import { Flag, field, Id, IdOrZero, type Shape, text } from './shape.ts';

/** Who may reach which Jump groups, with which protocols: what its members get. */
export const groupPolicyOfPrograms: Shape = {
  name: 'GroupPolicy',
  one: 'Group policy',
  many: 'Group policies',
  label: 'name',
  required: ['name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    name: field(text(255, 1), 'Name', 'Must be the only one with this name.'),
    perm_access_allowed: field(Flag, 'Access to endpoints', 'Members may open sessions.', { default: false }),
    access_perm_status: field(
      z.enum(['not_defined', 'defined', 'final']),
      'Permissions',
      'Not defined: this policy says nothing about permissions. Final: no later policy changes them.',
      { default: 'not_defined' },
    ),
    ...permissions({}),
  },
};

/** With what programs are not told of it. */
export const groupPolicy: Shape = {
  ...groupPolicyOfPrograms,
  fields: { ...groupPolicyOfPrograms.fields, ...supportPermissions({}) },
};

/** One user of a group policy. Groups of directories come with their security providers; this site has the local one. */
export const groupPolicyMember: Shape = {
  name: 'GroupPolicyMember',
  one: 'Member',
  many: 'Members',
  label: 'user_id',
  required: ['security_provider_id'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    security_provider_id: field(Id, 'Security provider', 'Where the member comes from.'),
    user_id: field(Id, 'User', 'The user.'),
    distinguished_name: field(text(1_024, 1), 'Distinguished name', 'Only of what comes from a directory.'),
    group_name: field(text(64, 1), 'Group', 'Only of groups that come from a provider of groups.'),
  },
};

/** One Jump group that members of a group policy reach. */
export const groupPolicyJumpGroup: Shape = {
  name: 'GroupPolicyJumpGroup',
  one: 'Jump group of a policy',
  many: 'Jump groups of a policy',
  label: 'jump_group_id',
  required: ['jump_group_id'],
  fields: {
    jump_group_id: field(Id, 'Jump group', 'The Jump group.'),
    jump_item_role_id: field(IdOrZero, 'Jump item role', '0: the default role of each user.', { default: 0 }),
    jump_policy_id: field(IdOrZero, 'Jump policy', '0: the one of each Jump item.', { default: 0 }),
  },
};

/** POST …/group-policy/{id}/copy */
export const CopyGroupPolicy = z.strictObject({ name: text(255, 1) });
