import { z } from 'zod';
import { CodeName, Flag, field, Id, type Shape, text } from './shape.ts';

const readOnly = { readOnly: true } as const;

/** What every Jump item has. */
const common = (whole: string) => ({
  id: field(Id, 'Id', 'Given by the site; unique among items of this type.', readOnly),
  name: field(text(128, 1), 'Name', 'Shown to those who may use it.'),
  jumpoint_id: field(Id, 'Jumpoint', 'From where it is reached. 1 is this site itself.'),
  hostname: field(text(128, 1), 'Host name or IP address', whole),
});
const owner = {
  jump_group_id: field(Id, 'Jump group', 'The Jump group, or the user where it is personal.'),
  jump_group_type: field(z.enum(['shared', 'personal']), 'Belongs to', 'A Jump group or one user.', {
    default: 'shared',
  }),
};
const notes = {
  tag: field(text(64), 'Tag', 'For finding it.', { default: '' }),
  comments: field(text(1_024), 'Comments', 'For administrators.', { default: '', format: 'textarea' }),
  jump_policy_id: field(Id.nullable(), 'Jump policy', 'When and on what conditions it may be used.', { default: null }),
  session_policy_id: field(
    Id.min(2, 'The default session policy is not chosen by its id.').nullable(),
    'Session policy',
    'What may be done in its sessions. Null: the default.',
    { default: null },
  ),
};

export const shellJump: Shape = {
  name: 'ShellJumpItem',
  one: 'Shell jump',
  many: 'Shell jumps',
  label: 'name',
  required: ['name', 'jumpoint_id', 'hostname', 'protocol', 'jump_group_id'],
  fields: {
    ...common('What is reached over SSH.'),
    protocol: field(z.enum(['ssh', 'telnet']), 'Protocol', 'How it is reached.'),
    port: field(z.int('Enter a whole number.').min(1).max(65_535), 'Port', 'Left out: 22 for SSH, 23 for Telnet.'),
    ...owner,
    terminal: field(z.enum(['xterm', 'VT100']), 'Terminal', 'What the endpoint takes it for.', { default: 'xterm' }),
    keep_alive: field(
      z.int('Enter a whole number.').min(0).max(300),
      'Keep alive',
      'Seconds between packets that keep an idle session open. 0: none.',
      { default: 0 },
    ),
    ...notes,
    username: field(text(128), 'User name', 'Used where no vault has a credential.', { default: '' }),
  },
};

export const remoteVnc: Shape = {
  name: 'RemoteVncJumpItem',
  one: 'Remote VNC',
  many: 'Remote VNC',
  label: 'name',
  required: ['name', 'hostname', 'jumpoint_id', 'jump_group_id'],
  fields: {
    ...common('What is reached over VNC.'),
    port: field(z.int('Enter a whole number.').min(100).max(65_535), 'Port', '5900 for most.', { default: 5_900 }),
    ...owner,
    ...notes,
  },
};

const optional = (max: number, title: string, description: string) =>
  field(text(max), title, description, { default: '' });

export const remoteRdp: Shape = {
  name: 'RemoteRdpJumpItem',
  one: 'Remote RDP',
  many: 'Remote RDP',
  label: 'name',
  required: ['name', 'jumpoint_id', 'hostname', 'jump_group_id'],
  fields: {
    ...common('What is reached over RDP, with a port after a colon where it is not 3389.'),
    ...owner,
    quality: field(
      z.enum(['low', 'performance', 'performance_quality', 'quality', 'best_performance', 'lossless']),
      'Quality',
      'Of the picture.',
      { default: 'best_performance' },
    ),
    console: field(Flag, 'Console session', 'Joins the console instead of beginning a new session.', {
      default: false,
    }),
    ignore_untrusted: field(Flag, 'Take any certificate', 'Without a warning when it cannot be verified.', {
      default: false,
    }),
    ...notes,
    rdp_username: optional(128, 'User name', 'Used where no vault has a credential.'),
    domain: optional(64, 'Domain', 'Of that user.'),
    session_forensics: field(Flag, 'Session forensics', 'Notes what happens on the endpoint.', { default: false }),
    endpoint_id: field(Id.nullable(), 'Endpoint', 'The endpoint of the vault it belongs to.', readOnly),
    secure_app_type: field(
      z.enum(['none', 'remote_app', 'remote_desktop_agent', 'remote_desktop_agent_credentials']),
      'One program only',
      'How a single program is started instead of the desktop.',
      { default: 'none' },
    ),
    remote_app_name: optional(512, 'Remote app', 'Its name.'),
    remote_app_params: optional(8_000, 'Parameters of the remote app', 'Passed to it.'),
    remote_exe_path: optional(512, 'Program', 'Its path, for the remote desktop agent.'),
    remote_exe_params: optional(8_000, 'Parameters of the program', 'Passed to it.'),
    target_system: optional(250, 'Target system', 'For the agent with credentials.'),
    credential_type: optional(250, 'Credential type', 'For the agent with credentials.'),
  },
};

/** By the name in addresses. The protocol permission is that of group policies. */
export const jumpItemTypes = {
  'shell-jump': { shape: shellJump, permission: 'perm_shell_jump' },
  'remote-vnc': { shape: remoteVnc, permission: 'perm_remote_vnc' },
  'remote-rdp': { shape: remoteRdp, permission: 'perm_remote_rdp' },
} as const;
export type JumpItemType = keyof typeof jumpItemTypes;

/** POST …/copy */
export const CopyJumpItem = z.strictObject({
  jump_group_id: Id,
  jump_group_type: z.enum(['shared', 'personal']),
  name: text(128, 1),
});
/** Its answer; `success` is "1". */
export const CopiedJumpItem = z.object({ action: z.string(), success: z.string(), destId: Id });

/** From where items are reached, as programs know it. */
export const jumpointOfPrograms: Shape = {
  name: 'Jumpoint',
  one: 'Jumpoint',
  many: 'Jumpoints',
  label: 'name',
  required: [],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    name: field(text(255, 1), 'Name', 'Its name.', readOnly),
    platform: field(z.enum(['windows-x86', 'linux-x86']), 'Platform', 'What it runs on.', readOnly),
    code_name: field(text(64), 'Code name', 'For programs.', readOnly),
    comments: field(text(1_024), 'Comments', 'For administrators.', readOnly),
    enabled: field(Flag, 'Enabled', 'Whether sessions go through it.', readOnly),
    connected: field(Flag, 'Connected', 'Whether it is there.', readOnly),
    clustered: field(Flag, 'Clustered', 'Whether it has several nodes.', readOnly),
    shell_jump_enabled: field(Flag, 'Shell jumps', 'Whether shells go through it.', readOnly),
    protocol_tunnel_enabled: field(Flag, 'Protocol tunnels', 'Whether tunnels go through it.', readOnly),
  },
};

/** The same for people: the site itself, or a name under which Jump Clients serve. */
export const jumpoint: Shape = {
  name: 'SiteJumpoint',
  one: 'Jumpoint',
  many: 'Jumpoints',
  label: 'name',
  required: ['name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    name: field(
      text(255, 1),
      'Name',
      'Such as the network that is reached from it. Must be the only one with this name.',
    ),
    code_name: field(CodeName, 'Code name', 'For programs. Left out: made from the name.'),
    comments: field(text(1_024), 'Comments', 'For administrators.', { default: '', format: 'textarea' }),
    enabled: field(Flag, 'Enabled', 'Whether sessions go through it.', { default: true }),
    connected: field(Flag, 'Connected', 'Whether a Jump Client that serves it is there.', readOnly),
  },
};

export const securityProvider: Shape = {
  name: 'SecurityProvider',
  one: 'Security provider',
  many: 'Security providers',
  label: 'name',
  required: [],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    type: field(z.enum(['local', 'ldap', 'radius', 'kerberos', 'saml', 'scim']), 'Type', 'What it is.', readOnly),
    name: field(text(255, 1), 'Name', 'Its name.', readOnly),
    enabled: field(Flag, 'Enabled', 'Whether it is asked.', readOnly),
    user_authentication: field(Flag, 'Signs in', 'Whether it checks passwords.', readOnly),
    group_lookup: field(Flag, 'Finds groups', 'Whether it knows groups of users.', readOnly),
  },
};
const order = z.int().min(0).max(2_147_483_647);
/** One alone says more than one of a list. */
export const localSecurityProvider: Shape = {
  ...securityProvider,
  name: 'LocalSecurityProvider',
  fields: {
    ...securityProvider.fields,
    priority: field(order, 'Priority', 'When it is asked, the smallest first.', readOnly),
    default_policy: field(order, 'Default policy', 'The group policy of everybody; 0: none.', readOnly),
  },
};
