import type { FieldSchema } from '@gatehouse/ui';
import { z } from 'zod';
import { apiAccount } from '../../../src/api/api-accounts.ts';
import { groupPolicy } from '../../../src/api/group-policies.ts';
import { jumpClient, jumpClientInstaller } from '../../../src/api/jump-clients.ts';
import { jumpGroup } from '../../../src/api/jump-groups.ts';
import { type JumpItemType, jumpItemTypes, jumpoint } from '../../../src/api/jump-items.ts';
import { jumpItemRole, jumpPolicy, sessionPolicy } from '../../../src/api/jump-policies.ts';
import { outboundEvents, outboundRecipient } from '../../../src/api/outbound-events.ts';
import { fieldsWith, type Shape } from '../../../src/api/shape.ts';
import { cannedMessage, customField, supportIssue } from '../../../src/api/support.ts';
import { team } from '../../../src/api/teams.ts';
import { user } from '../../../src/api/users.ts';

/** One kind of object as its pages show it; fields and their words come from the shape that the API has too. */
export interface PageKind {
  readonly shape: Shape;
  readonly api: string;
  /** Empty: they have none of their own. */
  readonly page: string;
  readonly lead: string;
  /** Columns of the list. */
  readonly columns: readonly string[];
  /** The form: titled parts and their fields. */
  readonly parts: readonly (readonly [title: string, fields: readonly string[]])[];
  /** Of its list, where that is not called as what it lists. */
  readonly title?: string;
  /** The field that its page is headed with, where that is not the one that names it to programs. */
  readonly heading?: string;
  /** What stands for no other object, by the name of its field. */
  readonly none?: Readonly<Record<string, string>>;
  /** What a new one has beside the defaults of the shape. */
  readonly start?: Readonly<Record<string, unknown>>;
  /** How it is removed, where that is not called deleting, and what is lost by it: everything that belongs to it by default. */
  readonly removal?: { readonly verb?: string; readonly done?: string; readonly words: string };
}

/** Fields that hold the id of another object, and where those are listed. */
export const references: Readonly<
  Record<string, { readonly api: string; readonly label: string; readonly none?: string }>
> = {
  jump_group_id: { api: '/api/jump-groups', label: 'name' },
  jump_policy_id: { api: '/api/jump-policies', label: 'display_name', none: 'None' },
  session_policy_id: { api: '/api/session-policies', label: 'display_name', none: 'Default' },
  jumpoint_id: { api: '/api/jumpoints', label: 'name', none: 'None' },
  user_id: { api: '/api/users', label: 'username' },
  team_id: { api: '/api/teams', label: 'name', none: 'None' },
  jump_item_role_id: { api: '/api/jump-item-roles', label: 'name', none: "The user's default" },
  default_jump_item_role_id: { api: '/api/jump-item-roles', label: 'name' },
  private_jump_item_role_id: { api: '/api/jump-item-roles', label: 'name' },
  inferior_jump_item_role_id: { api: '/api/jump-item-roles', label: 'name' },
  unassigned_jump_item_role_id: { api: '/api/jump-item-roles', label: 'name' },
};

const rest = (shape: Shape, ...used: readonly (readonly string[])[]) =>
  Object.keys(shape.fields).filter(
    (name) => !used.flat().includes(name) && !fieldsWith(shape, 'readOnly').includes(name),
  );

const account = ['username', 'public_display_name', 'email_address', 'enabled', 'preferred_email_language'];
export const users: PageKind = {
  shape: user,
  api: '/api/users',
  page: '/login/users',
  lead: 'Who may sign in. What they reach is said by group policies.',
  columns: ['username', 'public_display_name', 'email_address', 'enabled', 'perm_admin', 'last_authentication'],
  parts: [
    ['Account', account],
    ['Signing in', ['password', 'password_reset_next_login', 'password_expiration', 'two_factor_required']],
  ],
};

const access = ['name', 'access_perm_status', 'perm_access_allowed'];
const protocols = ['perm_shell_jump', 'perm_remote_vnc', 'perm_remote_rdp'];
const roles = Object.keys(groupPolicy.fields).filter((name) => name.endsWith('_role_id'));
export const groupPolicies: PageKind = {
  shape: groupPolicy,
  api: '/api/group-policies',
  page: '/login/group-policies',
  lead: 'Who reaches which Jump groups, with which protocols, and when.',
  columns: ['name', 'access_perm_status', 'perm_access_allowed', ...protocols],
  parts: [
    ['Policy', access],
    ['Protocols', protocols],
    ['Jump item roles', roles],
    ['Sessions', rest(groupPolicy, access, protocols, roles)],
  ],
  start: { access_perm_status: 'defined', perm_access_allowed: true, default_jump_item_role_id: 2 },
};

export const jumpGroups: PageKind = {
  shape: jumpGroup,
  api: '/api/jump-groups',
  page: '/login/jump-groups',
  lead: 'Jump items that are reached by the same people.',
  columns: ['name', 'code_name', 'comments'],
  parts: [['Jump group', rest(jumpGroup)]],
};

const where = ['name', 'hostname', 'port', 'protocol', 'jump_group_id', 'jumpoint_id'];
const conditions = ['jump_policy_id', 'session_policy_id', 'tag', 'comments'];
export const jumpItems = (type: JumpItemType): PageKind => {
  const { shape } = jumpItemTypes[type];
  return {
    shape,
    api: `/api/jump-items/${type}`,
    page: `/login/jump-items/${type}`,
    lead: 'Endpoints, each in a Jump group.',
    columns: ['name', 'hostname', ...(shape.fields.port ? ['port'] : []), 'jump_group_id', 'tag', 'jump_policy_id'],
    parts: [
      ['Endpoint', where.filter((name) => name in shape.fields)],
      ['Conditions and notes', conditions],
      // Personal items are made by programs; the pages keep those of Jump groups.
      ['Session', rest(shape, where, conditions, ['jump_group_type'])],
    ],
    start: { jumpoint_id: 1, ...(type === 'shell-jump' && { protocol: 'ssh', port: 22 }) },
  };
};

export const jumpClients: PageKind = {
  shape: jumpClient,
  api: '/api/jump-clients',
  page: '/login/jump-clients',
  lead: '',
  columns: ['name', 'status', 'last_seen', 'hostname', 'jump_group_id', 'tag', 'operating_system'],
  parts: [
    ['Jump Client', ['name', 'jump_group_id', 'tag', 'comments', 'is_locked']],
    ['Conditions', ['jump_policy_id', 'session_policy_id', 'max_offline_minutes', 'jumpoint_id']],
  ],
  removal: {
    ...{ verb: 'Unpin', done: 'unpinned' },
    words:
      'Its Jump Client removes its key and ends, now or when it connects next. Sessions that were stay in the reports.',
  },
};

export const jumpoints: PageKind = {
  shape: jumpoint,
  api: '/api/jumpoints',
  page: '/login/jumpoints',
  lead: 'From where Jump items are reached: the site itself, or the network of Jump Clients.',
  columns: ['name', 'code_name', 'connected', 'enabled', 'comments'],
  parts: [['Jumpoint', ['name', 'code_name', 'comments', 'enabled']]],
};

export const jumpClientInstallers: PageKind = {
  shape: jumpClientInstaller,
  api: '/api/jump-client-installers',
  page: '',
  lead: '',
  columns: ['name', 'jump_group_id', 'tag', 'expiration_timestamp', 'remove'],
  parts: [],
};

const policy = ['display_name', 'code_name', 'description'];
const schedule = ['schedule_enabled', 'schedule_strict'];
const asked = ['ticket_id_required', 'two_factor_challenge_required', 'recordings_disabled'];
const approval = Object.keys(jumpPolicy.fields).filter((name) => name.startsWith('approval_'));
const mail = Object.keys(jumpPolicy.fields).filter((name) => name.includes('notification'));
export const jumpPolicies: PageKind = {
  shape: jumpPolicy,
  api: '/api/jump-policies',
  page: '/login/jump-policies',
  lead: 'When and on what conditions Jump items may be used.',
  columns: ['display_name', 'code_name', 'schedule_enabled', 'approval_required', 'ticket_id_required'],
  parts: [
    ['Policy', policy],
    ['Times', schedule],
    ['Conditions', asked],
    ['Approval', approval],
    ['Mail', mail],
    ['Several people at once', rest(jumpPolicy, policy, schedule, asked, approval, mail)],
  ],
};

export const sessionPolicies: PageKind = {
  shape: sessionPolicy,
  api: '/api/session-policies',
  page: '/login/session-policies',
  lead: 'What may be done in sessions.',
  columns: ['display_name', 'code_name', 'description'],
  parts: [['Session policy', rest(sessionPolicy)]],
};

export const jumpItemRoles: PageKind = {
  shape: jumpItemRole,
  api: '/api/jump-item-roles',
  page: '/login/jump-item-roles',
  lead: 'What people may do with the Jump items of a group.',
  columns: ['name', 'description', 'perm_start'],
  parts: [
    ['Role', ['name', 'description']],
    ['Permissions', rest(jumpItemRole, ['name', 'description'])],
  ],
};

const delivery = ['url', 'allow_http', 'ca_certificate'];
const told = ['events', 'send_custom_fields'];
const tries = ['retry_interval', 'retry_duration', 'alert_emails', 'alert_after'];
export const outboundRecipients: PageKind = {
  shape: outboundRecipient,
  api: '/api/outbound-events/recipients',
  page: '/login/outbound-events',
  title: 'Outbound events',
  lead: 'Programs that are told over HTTP what happens in support sessions.',
  columns: ['name', 'status', 'url', 'queued', 'failing_since', 'last_error'],
  parts: [
    ['Recipient', ['name', 'enabled', ...delivery]],
    ['Events', told],
    ['When it does not answer', tries],
  ],
  start: { events: outboundEvents.slice(0, 5) },
  removal: { words: 'What waits for it is not sent any more, and its deliveries are forgotten.' },
};

export const supportTeams: PageKind = {
  shape: team,
  api: '/api/teams',
  page: '/login/support-teams',
  title: 'Support teams',
  lead: 'Representatives who take customers from one queue.',
  columns: ['name', 'code_name', 'persistent_queue', 'comments'],
  parts: [['Team', rest(team)]],
  removal: {
    words:
      'Its members are in it no longer, and its queue is gone; past sessions keep what they say of it. A team that issues or canned messages name is not deleted before they name another.',
  },
};

export const issues: PageKind = {
  shape: supportIssue,
  api: '/api/support-issues',
  page: '/login/support-issues',
  lead: 'What customers say they need help with; each leads to the queue of a team.',
  columns: ['description', 'code_name', 'team_id', 'priority'],
  parts: [['Issue', rest(supportIssue)]],
  heading: 'description',
  none: { team_id: 'General queue' },
  removal: { words: 'Customers cannot choose it any more; past sessions keep its code name.' },
};

export const customFields: PageKind = {
  shape: customField,
  api: '/api/custom-fields',
  page: '/login/custom-fields',
  lead: 'What representatives and programs note about a session, beside its ticket.',
  columns: ['display_name', 'code_name', 'shown_in_console'],
  parts: [['Custom field', rest(customField)]],
  removal: { words: 'Nothing new can be noted in it. What past sessions have stays with them, under the code name.' },
};

export const cannedMessages: PageKind = {
  shape: cannedMessage,
  api: '/api/canned-messages',
  page: '/login/canned-messages',
  lead: 'Sentences that representatives find in the chat and do not write anew.',
  columns: ['title', 'message', 'team_id'],
  parts: [['Canned message', rest(cannedMessage)]],
  none: { team_id: 'Everybody' },
  removal: { words: 'Representatives do not find it any more; what was said with it stays.' },
};

export const apiAccounts: PageKind = {
  shape: apiAccount,
  api: '/api/api-accounts',
  page: '/login/api',
  lead: 'Whom the APIs of this site are opened to.',
  columns: ['name', 'client_id', 'permissions', 'failed_login_expiration'],
  parts: [],
};

/** The shape as forms look at it: what may be null is left empty instead. */
export const schemaOf = (shape: Shape): FieldSchema => {
  const schema: FieldSchema = z.toJSONSchema(z.object(shape.fields), {
    io: 'input',
    unrepresentable: 'any',
  }) as FieldSchema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const { anyOf, default: _default, ...said } = property;
      const one = anyOf?.find(({ type }) => type !== 'null');
      return [name, { ...one, ...said }];
    }),
  );
  return { type: 'object', properties, required: [...shape.required] };
};
