import { z } from 'zod';
import { Conditions, JoinInput } from './console.ts';
import { Flag, field, Id, type Shape, Time, text } from './shape.ts';
import { ListQuery } from './site.ts';

const readOnly = { readOnly: true } as const;

const owner = {
  jump_group_id: field(Id, 'Jump group', 'The Jump group, or the user where it is personal.'),
  jump_group_type: field(z.enum(['shared', 'personal']), 'Belongs to', 'A Jump group or one user.', {
    default: 'shared',
  }),
};
const SessionPolicyId = Id.min(2, 'The default session policy is not chosen by its id.').nullable();
const policies = {
  jump_policy_id: field(Id.nullable(), 'Jump policy', 'When and on what conditions it may be used.', { default: null }),
  session_policy_id: field(SessionPolicyId, 'Session policy', 'What may be done in its sessions. Null: the default.', {
    default: null,
  }),
};
const notes = {
  tag: field(text(64), 'Tag', 'For finding it.', { default: '' }),
  comments: field(text(1_024), 'Comments', 'For finding it, and for whoever looks at it.', {
    default: '',
    format: 'textarea',
  }),
};
const offline = field(
  z.int('Enter a whole number.').min(0).max(2_147_483_647),
  'Most minutes offline',
  'A Jump Client that was not there for so long is unpinned. 0: never.',
  { default: 0 },
);
const said = (length: number, title: string, description: string) => field(text(length), title, description, readOnly);
const at = (title: string, description: string) => field(Time, title, description, readOnly);

/** A machine on which a Jump Client is installed, as programs know it. */
export const jumpClientOfPrograms: Shape = {
  name: 'JumpClient',
  one: 'Jump Client',
  many: 'Jump Clients',
  label: 'name',
  required: ['jump_group_id'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    name: field(text(128, 1), 'Name', 'What the machine is called by people.'),
    ...owner,
    hostname: said(255, 'Host name', 'As the machine says.'),
    fqdn: said(255, 'Full host name', 'With its domain, where the machine says one.'),
    ...notes,
    ...policies,
    install_mode: field(
      z.enum(['unknown', 'user', 'service']),
      'Runs as',
      'A service, or a program of a user.',
      readOnly,
    ),
    connection_type: field(
      z.enum(['active', 'passive', 'uninstalled']),
      'Connection',
      'Jump Clients hold a connection to the site.',
      readOnly,
    ),
    last_connect_timestamp: at('Connected', 'When it connected last.'),
    last_disconnect_timestamp: at('Disconnected', 'When it was lost last.'),
    is_lost: field(Flag, 'Lost', 'It was not there for 15 days.', readOnly),
    needs_update: field(Flag, 'Needs an update', 'It runs another version than the site offers.', readOnly),
    unavailable_reason: field(z.enum(['none', 'disabled']), 'Not available', 'Why no session begins.', readOnly),
    operating_system: said(200, 'Operating system', 'As the machine says.'),
    public_ip: said(64, 'Public address', 'From which it connects.'),
    private_ip: said(64, 'Private address', 'In its own network.'),
    console_user: said(128, 'Signed in', 'Who is signed in at the machine.'),
    max_offline_minutes: offline,
    last_access_timestamp: at('Last session', 'When a session with it began last.'),
    endpoint_agreement_policy: field(
      z.enum(['no_prompt', 'accept', 'reject']),
      'Endpoint agreement',
      'Kept for programs; the site shows no agreement.',
      { default: 'no_prompt' },
    ),
  },
};

/** The same for people. */
export const jumpClient: Shape = {
  ...jumpClientOfPrograms,
  fields: {
    ...jumpClientOfPrograms.fields,
    status: field(z.enum(['online', 'offline']), 'Status', 'Whether it is connected to the site.', readOnly),
    last_seen: at('Last seen', 'When it was there last.'),
    version: said(40, 'Version', 'Of the program.'),
    is_locked: field(Flag, 'Locked', 'It is let in no more, until it is unlocked.', { default: false }),
    jumpoint_id: field(
      Id.nullable(),
      'Serves as Jumpoint',
      'Jump items of this Jumpoint are reached from its network, as far as the machine allows it.',
      { default: null },
    ),
    allows_shell: field(Flag, 'Lets shells be opened', 'As its settings say.', readOnly),
    allows_files: field(Flag, 'Lets files be read and written', 'As its settings say.', readOnly),
    allows_hosts: field(Flag, 'Lets other hosts be reached', 'As its settings say.', readOnly),
  },
};

const override = (what: string) =>
  field(Flag, `${what} may be chosen`, `Whoever installs may choose another ${what.toLowerCase()}.`, {
    default: false,
  });

/** What Jump Clients are installed with: a key, and what they become. */
export const jumpClientInstaller: Shape = {
  name: 'JumpClientInstaller',
  one: 'Jump Client installer',
  many: 'Jump Client installers',
  label: 'name',
  required: ['jump_group_id'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    name: field(text(128), 'Name', 'Of the Jump Clients. Empty: what their machines are called.', { default: '' }),
    ...owner,
    ...notes,
    jump_policy_id: field(Id, 'Jump policy', 'When and on what conditions they may be used.'),
    session_policy_id: policies.session_policy_id,
    connection_type: field(z.enum(['active', 'passive']), 'Connection', 'Jump Clients hold one to the site.', {
      default: 'active',
    }),
    valid_duration: field(
      z.int('Enter a whole number.').min(10, 'Enter at least 10.').max(525_600, 'Enter at most 525600.'),
      'Valid for minutes',
      'So long it installs Jump Clients.',
      { default: 1_440, writeOnly: true },
    ),
    expiration_timestamp: at('Valid until', 'Until then it installs Jump Clients.'),
    max_offline_minutes: field(
      z.int('Enter a whole number.').min(0).max(2_147_483_647),
      'Most minutes offline',
      'Of the Jump Clients. 0: never unpinned by themselves.',
      { default: 0 },
    ),
    elevate_install: field(Flag, 'As a service', 'The Jump Client is made a service of the machine where it can be.', {
      default: true,
    }),
    elevate_prompt: field(Flag, 'Ask to become one', 'Kept for programs: the installer says what is missing.', {
      default: true,
    }),
    allow_override_jump_group: override('Jump group'),
    allow_override_jump_policy: override('Jump policy'),
    allow_override_name: override('Name'),
    allow_override_tag: override('Tag'),
    allow_override_comments: override('Comments'),
    allow_override_session_policy: override('Session policy'),
    installer_id: said(32, 'Installer', 'Its public half.'),
    jumpoint_proxy: field(text(64), 'Proxy of a Jumpoint', 'Jumpoints are no proxies here: leave it empty.', {
      default: '',
    }),
  },
};

/** POST /api/jump-client-installers: the only answer with the key. */
export const InstallerKey = z.object({
  encodedInfo: z.string(),
  filename: z.string(),
  installerPath: z.string(),
});

/** GET /api/console/jump-clients: those that the person reaches, by name. */
export const ReachedQuery = ListQuery.extend({
  /** Only those that connect from this address. */
  publicIp: text(64).optional(),
});
export const ReachedClient = z.object({
  id: z.int(),
  name: z.string(),
  hostname: z.string(),
  tag: z.string(),
  comments: z.string(),
  jumpGroup: z.object({ id: z.int(), name: z.string() }).nullable(),
  operatingSystem: z.string(),
  publicIp: z.string().nullable(),
  privateIp: z.string().nullable(),
  consoleUser: z.string().nullable(),
  status: z.enum(['online', 'offline']),
  isLocked: z.boolean(),
  lastSeenAt: z.iso.datetime().nullable(),
  allows: z.object({ shell: z.boolean(), files: z.boolean() }),
  /** Why no session can begin, with what to do about it; null: one can. */
  obstacle: z.string().nullable(),
});
export type ReachedClient = z.output<typeof ReachedClient>;
export const ReachedClients = z.object({ items: z.array(ReachedClient), next: z.string().nullable() });

/** GET /api/console/jump-clients/:id: with what a session takes. */
export const ReachedDetail = ReachedClient.extend({
  conditions: Conditions,
  /** Who is in the session that one joins, as the Jump policy has it; empty: one begins. */
  joins: z.array(z.string()),
});
export type ReachedDetail = z.output<typeof ReachedDetail>;

/** POST /api/console/jump-clients/:id/sessions, JoinInput: a support session whose customer is the machine. */
export const StartedSession = z.object({ lsid: z.string() });

/** POST /api/support/sessions/:lsid/machine (who is in it): the customer is asked to lend it. */
export const AskInput = z.strictObject({ jumpClientId: Id, ...JoinInput.shape });

/** GET /api/support/sessions/:lsid/machine (who is, or was, in the session) */
export const MachineOfSession = z.object({
  name: z.string(),
  status: z.enum(['online', 'offline']),
  isLocked: z.boolean(),
  allows: z.object({ shell: z.boolean(), files: z.boolean() }),
  rules: z.object({ upload: z.boolean(), download: z.boolean(), clipboard: z.boolean() }),
  isRecorded: z.boolean(),
  /** When the site ends it: the session with it, or that it is lent. */
  limitAt: z.iso.datetime().nullable(),
});
export type MachineOfSession = z.output<typeof MachineOfSession>;

const size = { columns: z.coerce.number().int().min(1).max(1_000), rows: z.coerce.number().int().min(1).max(1_000) };
/** Of /api/support/sessions/:lsid/machine/shell, a WebSocket that carries what is typed and shown as bytes. */
export const MachineSize = z.object({ columns: size.columns.default(120), rows: size.rows.default(32) });
export type MachineSize = z.output<typeof MachineSize>;
export const MachineSaid = z.strictObject({ type: z.literal('resize'), ...size });
export const MachineHeard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), shell: z.uuid(), isRecorded: z.boolean() }),
  z.object({ type: z.literal('over'), reason: z.string() }),
]);
export type MachineHeard = z.output<typeof MachineHeard>;

/** GET /api/support/sessions/:lsid/machine/shells (who is, or was, in the session) */
export const ShellsOfSession = z.object({ items: z.array(z.object({ id: z.uuid() })) });
