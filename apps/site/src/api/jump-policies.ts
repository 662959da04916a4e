import { z } from 'zod';
import { CodeName, Flag, field, Id, type Shape, text } from './shape.ts';

const flag = (title: string, description: string, value = false) => field(Flag, title, description, { default: value });
const list = (max: number, length: number, title: string, description: string) =>
  field(z.array(text(length, 1)).max(max, `At most ${max}.`), title, description, { default: [] });
const language = (title: string) => field(text(100), title, 'The code of a language.', { default: 'en-us' });

/** When and on what conditions a Jump item may be used. */
export const jumpPolicy: Shape = {
  name: 'JumpPolicy',
  one: 'Jump policy',
  many: 'Jump policies',
  label: 'display_name',
  required: ['display_name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    display_name: field(text(255, 1), 'Name', 'Shown to administrators.'),
    code_name: field(CodeName, 'Code name', 'For programs. Left out: made from the name.'),
    description: field(text(1_000), 'Comments', 'For administrators.', { default: '', format: 'textarea' }),
    schedule_enabled: flag('Only at scheduled times', 'Sessions begin within the schedule only.', true),
    simultaneous_jumps: field(
      z.enum(['global', 'join', 'disallow']),
      'A second person on the same item',
      'Joins the session (shells; with VNC each has one of their own), is refused, or has one of their own.',
      { default: 'global' },
    ),
    simultaneous_jump_behavior_applies_to_copies: flag('Also for copies', 'Joining counts for copies of an item too.'),
    simultaneous_jumps_rdp: field(
      z.enum(['global', 'new_session', 'disallow']),
      'A second person on the same RDP item',
      'Gets a session of their own, or is refused.',
      { default: 'global' },
    ),
    external_tools_rdp_allowed: flag('Own tools for RDP', 'Where the site allows them.', true),
    external_tools_shell_allowed: flag('Own tools for shells', 'Where the site allows them.', true),
    schedule_strict: flag('End sessions when the schedule ends', 'Needs the schedule.'),
    ticket_id_required: flag('Ticket id required', 'Asked for before a session begins.'),
    two_factor_challenge_required: flag('Second step before a session', 'A code is asked for each time.'),
    session_start_notification: flag('Mail when a session starts', 'To the recipients below.'),
    session_end_notification: flag('Mail when a session ends', 'To the recipients below.'),
    notification_email_addresses: list(100, 255, 'Recipients', 'Addresses that mail about sessions goes to.'),
    notification_display_name: field(text(255), 'Name of the recipients', 'Shown to users.', { default: '' }),
    notification_email_language: language('Language of that mail'),
    approval_required: flag('Approval required', 'Somebody must agree first. Not together with the schedule.'),
    approval_max_duration: field(
      z.int('Enter a whole number.').min(1).max(524_160),
      'Minutes an approval lasts',
      'At most 52 weeks.',
      { default: 480 },
    ),
    approval_scope: field(z.enum(['requestor', 'anyone']), 'Approved for', 'The one who asked, or everybody who may.', {
      default: 'requestor',
    }),
    approval_email_addresses: list(
      100,
      255,
      'Approvers by mail',
      'Addresses that requests go to. A user with one of them may agree.',
    ),
    approval_user_ids: list(100, 10, 'Approvers by user id', 'Users who may agree, and are told by mail.'),
    approval_team_ids: list(100, 10, 'Approvers by team id', 'Teams whose members may agree, and are told by mail.'),
    approval_display_name: field(text(255), 'Name of the approvers', 'Shown to those who ask.', { default: '' }),
    approval_email_language: language('Language of requests'),
    approval_approver_scope: field(
      z.enum(['not_requestor', 'anyone']),
      'Who may approve',
      'Whether approvers may agree to their own requests.',
      { default: 'not_requestor' },
    ),
    recordings_disabled: flag('No recording', 'Sessions are not recorded even where the site records.'),
  },
};

const clock = z.string('Enter a time of day.').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time of day such as 08:30.');
const day = z.int('Enter a day.').min(0, '0 is Monday.').max(6, '6 is Sunday.');
export const ScheduleEntry = z.strictObject({ start_day: day, start_time: clock, end_day: day, end_time: clock });
/** 0 is Monday. An entry that ends where it starts is the whole week; one that ends before it starts goes over Sunday. */
export const Schedule = z.strictObject({
  timezone: z.string().min(1).max(100),
  entries: z.array(ScheduleEntry).max(100, 'At most 100 entries.'),
});
export type Schedule = z.output<typeof Schedule>;

/** What people may do in a session. */
export const sessionPolicy: Shape = {
  name: 'SessionPolicy',
  one: 'Session policy',
  many: 'Session policies',
  label: 'display_name',
  required: ['display_name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    display_name: field(text(255, 1), 'Name', 'Shown to administrators.'),
    code_name: field(CodeName, 'Code name', 'For programs. Left out: made from the name.'),
    description: field(text(1_024), 'Comments', 'For administrators.', { default: '', format: 'textarea' }),
  },
};

/** What somebody may do with Jump items. */
export const jumpItemRole: Shape = {
  name: 'JumpItemRole',
  one: 'Jump item role',
  many: 'Jump item roles',
  label: 'name',
  required: ['name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', { readOnly: true }),
    name: field(text(255, 1), 'Name', 'Must be the only one with this name.'),
    description: field(text(4_096), 'Comments', 'For administrators.', { default: '', format: 'textarea' }),
    perm_add: flag('Add items', 'May make new Jump items.'),
    perm_assign_jump_group: flag('Move items', 'May move and copy Jump items between Jump groups.'),
    perm_remove: flag('Remove items', 'May delete Jump items.'),
    perm_start: flag('Start sessions', 'May open sessions.'),
    perm_edit_tag: flag('Edit tags', 'May change tags.'),
    perm_edit_comments: flag('Edit comments', 'May change comments.'),
    perm_edit_jump_policy: flag('Edit Jump policies', 'May choose the Jump policy of items.'),
    perm_edit_session_policy: flag('Edit session policies', 'May choose the session policy of items.'),
    perm_edit_identity: flag('Edit addresses', 'May change how items are reached and signed in to.'),
    perm_edit_behavior: flag('Edit behaviour', 'May change how sessions look and behave.'),
    perm_view_jump_item_report: flag('Jump item reports', 'May see reports of these Jump groups.'),
  },
};
