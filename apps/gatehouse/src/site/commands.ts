import { type ApiCommand, body, mailCommands, must, nounCommands, query } from '../commands/index.ts';
import { supportCommands } from './support-commands.ts';

const set = {
  ...body('--set <field=value...>', 'fields', 'a field of it, as often as needed', 'fields'),
  required: true,
} as const;
const search = query('--search <words>', 'search', 'what its name or address holds');

interface SiteNoun {
  readonly noun: string;
  readonly one: string;
  readonly path: string;
  readonly columns: readonly string[];
  /** Fields that make a small example. */
  readonly example: string;
  readonly change: string;
}

const nouns: readonly SiteNoun[] = [
  {
    ...{ noun: 'users', one: 'user', path: '/api/users' },
    columns: ['id', 'username', 'public_display_name', 'email_address', 'enabled', 'perm_admin'],
    example: 'username=bea public_display_name="Bea Lindqvist" email_address=bea@acme.example',
    change: 'enabled=false',
  },
  {
    ...{ noun: 'group-policies', one: 'group policy', path: '/api/group-policies' },
    columns: ['id', 'name', 'access_perm_status', 'perm_shell_jump', 'perm_remote_vnc', 'perm_remote_rdp'],
    example: 'name=Operations access_perm_status=defined perm_access_allowed=true perm_shell_jump=true',
    change: 'perm_remote_rdp=true',
  },
  {
    ...{ noun: 'jump-groups', one: 'Jump group', path: '/api/jump-groups' },
    ...{ columns: ['id', 'name', 'code_name', 'comments'], example: 'name="Linux servers"', change: 'comments=Rack1' },
  },
  ...(
    [
      ['shell-jumps', 'shell-jump', ' protocol=ssh'],
      ['remote-vnc', 'remote-vnc', ''],
      ['remote-rdp', 'remote-rdp', ''],
    ] as const
  ).map(([noun, type, more]) => ({
    ...{ noun, one: `Jump item (${type})`, path: `/api/jump-items/${type}` },
    columns: ['id', 'name', 'hostname', 'port', 'jump_group_id', 'tag', 'jump_policy_id'],
    example: `name=web-1 hostname=web-1.acme.example jump_group_id=1 jumpoint_id=1${more}`,
    change: 'tag=blue',
  })),
  {
    ...{ noun: 'jumpoints', one: 'Jumpoint', path: '/api/jumpoints' },
    columns: ['id', 'name', 'code_name', 'connected', 'comments'],
    ...{ example: 'name="Plant network"', change: 'comments=Rack1' },
  },
  {
    ...{ noun: 'jump-policies', one: 'Jump policy', path: '/api/jump-policies' },
    columns: ['id', 'display_name', 'code_name', 'schedule_enabled', 'approval_required'],
    ...{ example: 'display_name="Office hours"', change: 'ticket_id_required=true' },
  },
  {
    ...{ noun: 'session-policies', one: 'session policy', path: '/api/session-policies' },
    columns: ['id', 'display_name', 'code_name', 'description'],
    ...{ example: 'display_name=Strict', change: 'description=Nothing' },
  },
  {
    ...{ noun: 'jump-item-roles', one: 'Jump item role', path: '/api/jump-item-roles' },
    columns: ['id', 'name', 'perm_start', 'description'],
    ...{ example: 'name=Starter perm_start=true', change: 'perm_edit_tag=true' },
  },
  {
    ...{ noun: 'teams', one: 'team', path: '/api/teams' },
    ...{
      columns: ['id', 'name', 'code_name', 'comments'],
      example: 'name="First line"',
      change: 'persistent_queue=true',
    },
  },
  {
    ...{ noun: 'support-issues', one: 'support issue', path: '/api/support-issues' },
    columns: ['id', 'description', 'code_name', 'team_id', 'priority'],
    ...{ example: 'description="Paper jam" team_id=1', change: 'priority=1' },
  },
  {
    ...{ noun: 'custom-fields', one: 'custom field of support sessions', path: '/api/custom-fields' },
    columns: ['id', 'display_name', 'code_name', 'shown_in_console'],
    ...{ example: 'display_name="Asset tag"', change: 'shown_in_console=false' },
  },
  {
    ...{ noun: 'canned-messages', one: 'canned message', path: '/api/canned-messages' },
    columns: ['id', 'title', 'team_id', 'message'],
    ...{ example: 'title=Greeting message="Hello, how can I help?"', change: 'team_id=1' },
  },
  {
    ...{ noun: 'outbound-recipients', one: 'recipient of outbound events', path: '/api/outbound-events/recipients' },
    columns: ['id', 'name', 'url', 'status', 'queued', 'failing_since', 'last_error'],
    example: `name=Desk url=https://desk.acme.example/events events='["support_conference_end"]'`,
    change: 'retry_interval=300',
  },
  {
    ...{ noun: 'api-accounts', one: 'API account', path: '/api/api-accounts' },
    columns: ['id', 'name', 'client_id', 'enabled', 'ip_addresses', 'failed_login_expiration'],
    example: 'name=Terraform perm_configuration=true ip_addresses=192.168.100.0/24',
    change: 'enabled=false',
  },
];

const usual = ({ noun, one, path, columns, example, change }: SiteNoun): readonly ApiCommand[] =>
  nounCommands({
    ...{ program: 'site', noun, path, id: 'id', columns },
    list: { does: `every ${one}`, options: [search], examples: ['', '--all --json'] },
    show: { does: `one ${one}`, examples: ['1 --json'] },
    add: { does: `a new ${one}`, options: [set], examples: [`--set ${example}`] },
    change: { does: `change a ${one}`, options: [set], examples: [`1 --set ${change}`] },
    delete: { does: `delete a ${one}`, examples: ['1'] },
  });

/** What one object holds of others: listed, linked and unlinked. */
const links = (
  noun: string,
  what: string,
  path: string,
  columns: readonly string[],
  example: string,
): readonly ApiCommand[] => [
  {
    ...{ name: `${noun} ${what}s`, does: `its ${what}s`, method: 'GET', path, paged: true, columns },
    examples: [`gatehouse site ${noun} ${what}s 1`],
  },
  {
    ...{ name: `${noun} add-${what}`, does: `give it a ${what}`, method: 'POST', path, options: [set] },
    examples: [`gatehouse site ${noun} add-${what} 1 --set ${example}`],
  },
  {
    ...{ name: `${noun} remove-${what}`, does: `take a ${what} from it`, method: 'DELETE', path: `${path}/:id` },
    examples: [`gatehouse site ${noun} remove-${what} 1 2`],
  },
];

const jumpClient = '/api/jump-clients/:id';
/** Machines pin themselves, so there is nothing to add. */
const jumpClients: readonly ApiCommand[] = [
  ...nounCommands({
    ...{ program: 'site', noun: 'jump-clients', path: '/api/jump-clients', id: 'id' },
    columns: ['id', 'name', 'status', 'is_locked', 'last_seen', 'hostname', 'jump_group_id', 'tag', 'version'],
    list: {
      does: 'every Jump Client',
      options: [query('--search <words>', 'search', 'any part of its name, comments, host name or tag')],
      examples: ['', '--search lobby --json'],
    },
    show: { does: 'one Jump Client', examples: ['1 --json'] },
    change: { does: 'change a Jump Client', options: [set], examples: ['1 --set tag=lobby', '1 --set is_locked=true'] },
  }),
  {
    ...{ name: 'jump-clients unpin', does: 'unpin one: it removes its key', method: 'DELETE', path: jumpClient },
    examples: ['gatehouse site jump-clients unpin 1'],
  },
  ...nounCommands({
    ...{ program: 'site', noun: 'jump-client-installers', path: '/api/jump-client-installers', id: 'id' },
    columns: ['id', 'name', 'jump_group_id', 'tag', 'expiration_timestamp'],
    list: { does: 'every installer that was made', options: [search], examples: ['', '--json'] },
    add: {
      does: 'a new installer; its key (encodedInfo) is printed this once',
      options: [set],
      examples: ['--set jump_group_id=1 name=Kiosk tag=lobby valid_duration=1440 --json'],
    },
    delete: { does: 'delete an installer: its key pins nothing more', examples: ['1'] },
  }),
];

const schedule = '/api/jump-policies/:id/schedule';
const account = '/api/api-accounts/:id';
const hold = '/api/sessions/:id/hold';
/** Everything that the pages of a site can do. */
export const siteCommands: readonly ApiCommand[] = [
  ...nouns.flatMap(usual),
  ...jumpClients,
  ...links(
    ...(['group-policies', 'member', '/api/group-policies/:parentId/members', ['id', 'user_id']] as const),
    'security_provider_id=1 user_id=2',
  ),
  ...links(
    ...(['group-policies', 'jump-group', '/api/group-policies/:parentId/jump-groups'] as const),
    ['jump_group_id', 'jump_item_role_id', 'jump_policy_id'],
    'jump_group_id=1',
  ),
  ...links(
    ...(['group-policies', 'team', '/api/group-policies/:parentId/teams', ['team_id', 'role']] as const),
    'team_id=1 role=lead',
  ),
  ...links(
    ...(['teams', 'user', '/api/teams/:parentId/users', ['user_id', 'role']] as const),
    'user_id=2 role=manager',
  ),
  ...links(
    ...(['jump-groups', 'user', '/api/jump-groups/:parentId/users'] as const),
    ['user_id', 'jump_item_role_id', 'jump_policy_id'],
    'user_id=2 jump_item_role_id=2',
  ),
  {
    ...{
      name: 'users reach',
      does: 'what a user reaches now',
      method: 'GET',
      path: '/api/users/:id/reach',
      paged: true,
    },
    columns: ['type', 'id', 'name', 'hostname', 'port', 'jumpGroup.name', 'obstacle'],
    options: [search],
    examples: ['gatehouse site users reach 2'],
  },
  {
    ...{ name: 'jump-policies schedule', does: 'when it lets people in', method: 'GET', path: schedule },
    examples: ['gatehouse site jump-policies schedule 1'],
  },
  {
    ...{ name: 'jump-policies set-schedule', does: 'change when it lets people in', method: 'PUT', path: schedule },
    options: [
      must(body('--timezone <name>', 'timezone', 'whose clock counts')),
      must(body('--entry <days and times...>', 'entries', 'from and until: day (0 is Monday) and time', 'entries')),
    ],
    examples: ['gatehouse site jump-policies set-schedule 1 --timezone Europe/Berlin --entry "0 08:00 4 18:00"'],
  },
  {
    ...{ name: 'api-accounts secret', does: 'make a new client secret; printed this once' },
    ...{ method: 'POST', path: `${account}/secret` },
    examples: ['gatehouse site api-accounts secret 1 --json'],
  },
  {
    ...{
      name: 'api-accounts unlock',
      does: 'let a locked account try again',
      method: 'POST',
      path: `${account}/unlock`,
    },
    examples: ['gatehouse site api-accounts unlock 1'],
  },
  {
    ...{ name: 'options show', does: 'switches of the whole site', method: 'GET', path: '/api/options' },
    examples: ['gatehouse site options show'],
  },
  {
    ...{ name: 'options change', does: 'change switches of the whole site', method: 'PATCH', path: '/api/options' },
    options: [
      body('--enable-xml-api <true|false>', 'enableXmlApi', 'let programs in', 'boolean'),
      body('--allow-ecm-connections <true|false>', 'allowEcmConnections', 'let ECMs connect', 'boolean'),
      body('--session-idle-seconds <seconds>', 'sessionIdleSeconds', 'end idle sessions after; 0: never', 'number'),
      body('--session-key-seconds <seconds>', 'sessionKeySeconds', 'how long session keys are valid', 'number'),
      body('--session-key-most-seconds <seconds>', 'sessionKeyMostSeconds', 'and at most', 'number'),
      body('--session-key-mail-subject <line>', 'sessionKeyMailSubject', 'of the invitation of a customer'),
      body('--session-key-mail-body <words>', 'sessionKeyMailBody', 'with {url}, {key} and {expires}'),
      body('--xml-namespace <address>', 'xmlNamespace', 'what answers in XML are in, without the API'),
      body('--portal-name <name>', 'portalName', 'above the portal of customers; empty: the company'),
      body('--portal-general-queue <true|false>', 'portalGeneralQueue', 'let customers come without a key', 'boolean'),
      body('--portal-agreement <words>', 'portalAgreement', 'what customers agree to; empty: nothing is asked'),
      body('--portal-agreement-file <file>', 'portalAgreement', 'the same, from a file', 'file'),
      body('--customers-share-screens <true|false>', 'customersShareScreens', 'let customers share screens', 'boolean'),
      body('--record-screens <true|false>', 'recordScreens', 'record screens that are shared', 'boolean'),
      body('--customers-send-files <true|false>', 'customersSendFiles', 'let customers send files', 'boolean'),
      body('--representatives-send-files <true|false>', 'representativesSendFiles', 'let the other side', 'boolean'),
      body('--file-most-bytes <bytes>', 'fileMostBytes', 'the largest file', 'number'),
      body('--file-allowed-types <types...>', 'fileAllowedTypes', 'extensions; "" for all but the refused', 'list'),
      body('--file-refused-types <types...>', 'fileRefusedTypes', 'extensions; "" for none', 'list'),
      body('--company <name>', 'company', 'as programs are told who this is'),
    ],
    examples: [
      'gatehouse site options change --enable-xml-api true',
      'gatehouse site options change --customers-send-files true --file-allowed-types pdf png jpg',
      'gatehouse site options change --portal-agreement-file agreement.txt --record-screens true',
    ],
  },
  {
    ...{ name: 'retention show', does: 'how many days sessions are kept', method: 'GET', path: '/api/retention' },
    examples: ['gatehouse site retention show'],
  },
  {
    ...{
      name: 'retention change',
      does: 'change how many days sessions are kept',
      method: 'PUT',
      path: '/api/retention',
    },
    options: [
      body('--shell-days <days>', 'shellDays', 'recordings of shells', 'number'),
      body('--desktop-days <days>', 'desktopDays', 'recordings of VNC and RDP', 'number'),
      body('--session-days <days>', 'sessionDays', 'sessions themselves', 'number'),
      body('--support-chat-days <days>', 'supportChatDays', 'words of support sessions', 'number'),
      body('--support-recording-days <days>', 'supportRecordingDays', 'screens that were shared in them', 'number'),
      body('--support-file-days <days>', 'supportFileDays', 'files that were sent in them', 'number'),
      body('--support-session-days <days>', 'supportSessionDays', 'support sessions themselves', 'number'),
    ],
    examples: [
      'gatehouse site retention change --shell-days 90 --desktop-days 30 --session-days 365',
      'gatehouse site retention change --support-chat-days 30',
    ],
  },
  {
    ...{
      name: 'sessions list',
      does: 'who had a session with what',
      method: 'GET',
      path: '/api/sessions',
      paged: true,
    },
    columns: ['id', 'item.name', 'person.username', 'account', 'state', 'requestedAt', 'ending', 'recording'],
    options: [search],
    examples: ['gatehouse site sessions list --search web-1'],
  },
  {
    ...{ name: 'sessions hold', does: 'keep one whatever the retention says', method: 'PUT', path: hold },
    options: [must(body('--reason <words>', 'reason', 'why it is kept'))],
    examples: ['gatehouse site sessions hold 0198c7a0-0000-7000-8000-000000000000 --reason "Case 12"'],
  },
  {
    ...{ name: 'sessions unhold', does: 'leave one to the retention again', method: 'DELETE', path: hold },
    examples: ['gatehouse site sessions unhold 0198c7a0-0000-7000-8000-000000000000'],
  },
  ...supportCommands,
  ...mailCommands('site'),
  {
    ...{ name: 'status show', does: 'version, health and what is connected', method: 'GET', path: '/api/status' },
    examples: ['gatehouse site status show --json'],
  },
  {
    ...{
      name: 'ecm-clients list',
      does: 'ECMs that are connected',
      method: 'GET',
      path: '/api/ecm-clients',
      paged: true,
    },
    columns: ['name', 'version', 'plugin', 'account', 'address', 'connectedAt', 'requests', 'lastError'],
    examples: ['gatehouse site ecm-clients list', 'gatehouse site ecm-clients list --json'],
  },
  {
    ...{ name: 'audit list', does: 'who did what', method: 'GET', path: '/api/audit', paged: true, options: [search] },
    columns: ['at', 'actor', 'action', 'target', 'correlationId'],
    examples: ['gatehouse site audit list --search api-account'],
  },
];
