import { z } from 'zod';
import { permissions, supportPermissions } from './permissions.ts';
import { Flag, field, Id, type Shape, Time, text } from './shape.ts';

const readOnly = { readOnly: true } as const;
const seen = (title: string, description: string) => field(Flag, title, description, readOnly);

/** A person of the site. Names and addresses are those they sign in with. */
export const userOfPrograms: Shape = {
  name: 'User',
  one: 'User',
  many: 'Users',
  label: 'username',
  required: ['public_display_name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    security_provider_id: field(Id, 'Security provider', 'Who checks the password of this user.', readOnly),
    username: field(text(64, 1), 'User name', 'What vaults and endpoints know this user by.'),
    password: field(
      text(256, 1),
      'Password',
      'At least 12 characters. Without one, a one-time link lets the user choose it.',
      { writeOnly: true, format: 'password' },
    ),
    public_display_name: field(text(64, 1), 'Name', 'Shown to others.'),
    password_expiration: field(
      Time.nullable(),
      'Password works until',
      'A time in UTC such as 2030-01-31T18:00:00Z. Empty: it does not end.',
      { default: null },
    ),
    email_address: field(z.email('Enter an e-mail address.').min(3).max(255), 'E-mail', 'The user signs in with it.'),
    preferred_email_language: field(text(10, 2), 'Language of mail', 'The code of a language, such as en-us.', {
      default: 'en-us',
    }),
    two_factor_required: field(Flag, 'Second step required', 'Nothing but setting one up is possible without it.', {
      default: false,
    }),
    enabled: field(Flag, 'Enabled', 'May sign in.', { default: true }),
    last_authentication: field(Time, 'Last sign-in', 'When the user signed in last.', readOnly),
    failed_logins: field(
      z.int('Enter a whole number.').min(0),
      'Failed sign-ins',
      'Those that count at the moment. 0 lets the user try again.',
      { default: 0 },
    ),
    password_reset_next_login: field(Flag, 'New password at next sign-in', 'The user must choose another one first.', {
      default: false,
    }),
    created_at: field(Time, 'Created', 'When the user was added.', readOnly),
    two_factor_enabled: seen('Second step', 'Whether an authenticator app is set up.'),
    fido2_credential_count: field(z.int().min(0), 'Passkeys', 'How many passkeys the user has.', readOnly),
    fido2_last_used_date: field(Time, 'Passkey last used', 'Not noted here.', readOnly),
    perm_admin: seen('Administrator', 'May do everything on this site.'),
    perm_set_passwords: seen('Set passwords', 'May set the passwords of others.'),
    perm_admin_pushagents: seen('Edit Jumpoints', 'May change Jumpoints.'),
    perm_view_support_reports: field(
      z.enum(['not_allowed', 'user_sessions', 'all_sessions', 'team_sessions', 'jump_group_sessions']),
      'Session reports',
      'Whose sessions the user may see in reports.',
      readOnly,
    ),
    perm_view_vault_reports: field(
      z.enum(['not_allowed', 'view_user_events', 'view_all_events']),
      'Vault reports',
      'Whose vault events the user may see.',
      readOnly,
    ),
    perm_view_syslog_reports: seen('Syslog reports', 'May see syslog reports.'),
    perm_view_sd_recordings: seen('Recordings', 'May see recordings.'),
    perm_edit_jump_groups: seen('Edit Jump groups', 'May change Jump groups.'),
    perm_edit_sd_teams: seen('Edit teams', 'May change teams.'),
    perm_edit_canned_scripts: seen('Edit scripts', 'May change canned scripts.'),
    perm_edit_custom_rep_links: seen('Edit links', 'May change custom links.'),
    perm_access_allowed: field(
      z.enum(['not_allowed', 'full_support']),
      'Access to endpoints',
      'Whether the user may open sessions at all.',
      readOnly,
    ),
    ...permissions(readOnly),
    perm_vault: seen('Vault', 'May administer the vault.'),
    perm_endpoint_automation: field(
      z.enum(['not_allowed', 'user', 'administrator']),
      'Endpoint automation',
      'What the user may do there.',
      readOnly,
    ),
  },
};

/** With what programs are not told of it. */
export const user: Shape = {
  ...userOfPrograms,
  fields: { ...userOfPrograms.fields, ...supportPermissions(readOnly) },
};

/** PATCH …/user/{id}/group-policy-changes */
export const GroupPolicyChanges = z.strictObject({
  added: z.array(Id).max(1_000).optional(),
  removed: z.array(Id).max(1_000).optional(),
});
/** POST …/user/provision */
export const Provision = z.strictObject({ user_ids: z.array(z.int('Enter a whole number.')).max(100_000).optional() });
