import { CodeName, field, Id, type Shape, text } from './shape.ts';

export const jumpGroup: Shape = {
  name: 'JumpGroup',
  one: 'Jump group',
  many: 'Jump groups',
  label: 'name',
  required: ['name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    name: field(text(255, 1), 'Name', 'Must be the only one with this name.'),
    code_name: field(CodeName, 'Code name', 'For programs. Left out: made from the name.'),
    comments: field(text(4_096).nullable(), 'Comments', 'For administrators.', { default: null, format: 'textarea' }),
    ecm_group_id: field(Id, 'ECM group', 'The group of ECMs that is asked for credentials. Left out: the default one.'),
  },
};

/** A user whom a Jump group names itself, without a group policy. */
export const jumpGroupUser: Shape = {
  name: 'JumpGroupUser',
  one: 'User of a Jump group',
  many: 'Users of a Jump group',
  label: 'user_id',
  required: ['user_id'],
  fields: {
    user_id: field(Id, 'User', 'The user.'),
    jump_item_role_id: field(Id, 'Jump item role', 'Left out: the default role of the user.'),
    jump_policy_id: field(Id, 'Jump policy', 'Left out: the one of each Jump item.'),
  },
};
