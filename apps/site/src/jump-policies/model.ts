import { jumpItemRole, jumpPolicy, sessionPolicy } from '../api/jump-policies.ts';
import { codeNamed, type Kind } from '../objects/index.ts';

export const jumpPolicies: Kind = {
  shape: jumpPolicy,
  noun: 'jump-policy',
  reads: 'jump_policies',
  writes: 'jump_policies',
  search: ['display_name', 'code_name', 'description'],
  complete: codeNamed('jump_policies', 'display_name'),
  check: async (_tx, next) => {
    const errors: { field: string; message: string }[] = [];
    const empty = (name: string) => !Array.isArray(next[name]) || next[name].length === 0;
    if (next.approval_required === true && next.schedule_enabled === true)
      errors.push({ field: 'approval_required', message: 'Switch the schedule off first: both together cannot be.' });
    if (next.schedule_strict === true && next.schedule_enabled !== true)
      errors.push({ field: 'schedule_strict', message: 'This needs the schedule.' });
    if (next.simultaneous_jump_behavior_applies_to_copies === true && next.simultaneous_jumps !== 'join')
      errors.push({
        field: 'simultaneous_jump_behavior_applies_to_copies',
        message: 'This needs simultaneous_jumps to be join.',
      });
    if (next.approval_required === true) {
      if (['approval_email_addresses', 'approval_user_ids', 'approval_team_ids'].every(empty))
        errors.push({ field: 'approval_user_ids', message: 'Name somebody who may approve.' });
      if (next.approval_display_name === '')
        errors.push({ field: 'approval_display_name', message: 'Enter a name for the approvers.' });
    }
    if (next.session_start_notification === true || next.session_end_notification === true) {
      if (empty('notification_email_addresses'))
        errors.push({ field: 'notification_email_addresses', message: 'Name somebody who gets the mail.' });
      if (next.notification_display_name === '')
        errors.push({ field: 'notification_display_name', message: 'Enter a name for the recipients.' });
    }
    return errors;
  },
};

export const sessionPolicies: Kind = {
  shape: sessionPolicy,
  noun: 'session-policy',
  reads: 'session_policies',
  writes: 'session_policies',
  search: ['display_name', 'code_name', 'description'],
  complete: codeNamed('session_policies', 'display_name'),
};

export const jumpItemRoles: Kind = {
  shape: jumpItemRole,
  noun: 'jump-item-role',
  reads: 'jump_item_roles',
  writes: 'jump_item_roles',
  search: ['name', 'description'],
};
