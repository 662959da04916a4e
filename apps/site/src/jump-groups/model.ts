import { jumpGroup, jumpGroupUser } from '../api/jump-groups.ts';
import { codeNamed, type Kind } from '../objects/index.ts';

export const jumpGroups: Kind = {
  shape: jumpGroup,
  noun: 'jump-group',
  reads: 'jump_groups',
  writes: 'jump_groups',
  search: ['name', 'code_name', 'comments'],
  complete: codeNamed('jump_groups', 'name'),
};

export const jumpGroupUsers: Kind = {
  shape: jumpGroupUser,
  noun: 'jump-group-user',
  reads: 'jump_group_users',
  writes: 'jump_group_users',
  key: 'user_id',
  parent: { column: 'jump_group_id', kind: jumpGroups },
  search: [],
};
