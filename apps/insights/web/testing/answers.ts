import { recordKinds } from '@gatehouse/connector-kit';
import { describe, fields } from '@gatehouse/fields';
import {
  daysAgo,
  emptyTenantId,
  github,
  identityOf,
  kinds,
  okta,
  pick,
  random,
  recordOf,
  tenantId,
  uuid,
} from './records.ts';

const next = random(11);
/** Enough to fill a window, few enough for a quick test. */
const rows = 24;
const t = (path: string) => `/tenants/${tenantId}${path}`;
const list = (items: readonly unknown[], total = items.length, more: string | null = null) => ({
  items,
  next: more,
  total: { value: total, exact: total < 10_000 },
});

const connector = (
  id: string,
  name: string,
  summary: string,
  config: Parameters<typeof describe>[0],
  setup: readonly object[],
) => ({
  id,
  name,
  summary,
  schema: describe(config),
  setup: setup.map((step) => ({ text: [], links: [], settings: [], showsEgress: false, ...step })),
  streams: streams.map(({ stream, title, record, needs, everyMs }) => ({ id: stream, title, record, needs, everyMs })),
});

const streams = [
  ['users', 'Users', 'accounts', 'the scope okta.users.read', 2140],
  ['groups', 'Groups', 'groups', 'the scope okta.groups.read', 214],
  ['memberships', 'Memberships', 'memberships', 'the scope okta.groups.read', 18_430],
  ['apps', 'Applications', 'resources', 'the scope okta.apps.read', 143],
  ['role-assignments', 'Role assignments', 'grants', 'the scope okta.roles.read', 61],
  ['api-tokens', 'API tokens', 'credentials', 'the scope okta.apiTokens.read', 0],
  ['system-log', 'System Log', 'events', 'the scope okta.logs.read', 120_554],
].map(([stream, title, record, needs, records], position) => ({
  stream: String(stream),
  title: String(title),
  record: String(record),
  needs: String(needs),
  records: Number(records),
  everyMs: position === 6 ? 300_000 : 14_400_000,
  health: position === 5 ? 'warning' : 'connected',
  advice:
    position === 5
      ? 'Grant the app the scope okta.apiTokens.read under Okta API Scopes, then run this stream again.'
      : null,
  lastReadAt: daysAgo(0.08),
  nextReadAt: new Date(Date.now() + 5_400_000).toISOString(),
}));

const fault = {
  kind: 'forbidden',
  happened: 'Okta refused to list API tokens.',
  means: 'API tokens are not read. Rules about them are blind. Everything else is up to date.',
  advice: 'Grant the app the scope `okta.apiTokens.read` under **Okta API Scopes**, then run this stream again.',
};

const connection = (which: typeof okta, connectivity: string, more: object = {}) => ({
  ...which,
  connectivity,
  status: connectivity === 'off' ? 'off' : 'on',
  lastActivityAt: daysAgo(0.02),
  lastUpdateAt: daysAgo(0.08),
  runningRunId: null,
  ...more,
});
const connections = [
  connection(okta, 'warning', { runningRunId: uuid(301) }),
  connection(github, 'connected'),
  connection({ ...okta, connectionId: uuid(103), name: 'Okta preview', point: 'northwind.oktapreview.com' }, 'failed'),
  connection(
    {
      ...github,
      connectionId: uuid(104),
      name: 'GitHub of the agency that was acquired in spring',
      point: 'github.com/blue-agency',
    },
    'off',
    { lastUpdateAt: daysAgo(40) },
  ),
  connection(
    {
      ...github,
      connectionId: uuid(105),
      name: 'Headquarters directory',
      connector: 'active-directory',
      connectorName: 'Active Directory',
      point: 'corp.northwind.example',
    },
    'pending',
    { lastUpdateAt: null },
  ),
];

const runStream = (
  stream: string,
  title: string,
  state: string,
  records: number,
  total: number | null,
  more: object = {},
) => ({
  stream,
  title,
  state,
  pages: Math.ceil(records / 200),
  records,
  inserted: Math.floor(records / 40),
  changed: Math.floor(records / 90),
  unchanged: Math.max(0, records - Math.floor(records / 40) - Math.floor(records / 90)),
  gone: state === 'done' ? 3 : 0,
  total,
  fault: null,
  ...more,
});
export const run = {
  runId: uuid(301),
  connectionId: okta.connectionId,
  reason: 'schedule',
  state: 'running',
  queuedAt: daysAgo(0.002),
  startedAt: daysAgo(0.002),
  endedAt: null,
  streams: [
    runStream('users', 'Users', 'done', 2140, 2140),
    runStream('groups', 'Groups', 'done', 214, 214),
    runStream('memberships', 'Memberships', 'running', 11_200, 18_430),
    runStream('apps', 'Applications', 'running', 60, null),
    runStream('role-assignments', 'Role assignments', 'waiting', 0, null),
    runStream('api-tokens', 'API tokens', 'failed', 0, null, { fault }),
    runStream('system-log', 'System Log', 'waiting', 0, null),
  ],
  rate: 412.4,
  secondsLeft: 95,
  waiting: { text: 'Waiting for Okta’s rate limit', until: new Date(Date.now() + 40_000).toISOString() },
  stage: 'reading',
};

const mitre = [
  { id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts', url: 'https://attack.mitre.org/techniques/T1078/004/' },
];
const why =
  'A super administrator can change every sign-on policy and take over every account. One phished password is enough when the second factor is a text message or a push that is approved by habit.';
const remediation = [
  'In Okta, open **Security > Authenticators** and make sure that FIDO2 (WebAuthn) is active.',
  'Ask the person to enrol a security key or a passkey under **Settings > Security Methods**.',
  'Require phishing-resistant factors for administrators in the **Okta Admin Console** policy.',
];
const ruleTitles = [
  ['O01', 'Super administrators without phishing-resistant MFA', 'critical', 'found', 4],
  ['O02', 'More super administrators than the tenant allows', 'high', 'found', 1],
  ['X03', 'Privileged accounts that nobody used for 60 days', 'high', 'found', 17],
  ['G05', 'Organisation owners without a second factor', 'critical', 'found', 2],
  ['G08', 'Repositories whose default branch can be force-pushed', 'medium', 'found', 38],
  ['O11', 'API tokens that belong to a deactivated person', 'high', 'blind', 0],
  ['X09', 'Left the company in Okta, still a member in GitHub', 'high', 'found', 3],
  ['G14', 'Deploy keys with write access, unused for 90 days', 'medium', 'found', 12],
  ['O17', 'Network zones that trust the whole internet', 'medium', 'clear', 0],
  ['G21', 'Self-hosted runners for public repositories', 'low', 'clear', 0],
] as const;
const rules = ruleTitles.map(([catalogue, title, severity, state, open], position) => ({
  ruleId: `rule-${catalogue.toLowerCase()}`,
  catalogue,
  title,
  summary: 'Accounts with the highest role whose strongest factor can be phished or is missing.',
  why,
  kind: position === 6 ? 'path' : 'recommendation',
  connectors: catalogue.startsWith('O') ? ['okta'] : catalogue.startsWith('G') ? ['github'] : ['okta', 'github'],
  severity,
  mitre,
  remediation,
  open,
  accepted: position % 4 === 0 ? 2 : 0,
  resolved: position * 2,
  worst: open > 0 ? severity : null,
  state,
  blind:
    state === 'blind' || position === 2
      ? [
          {
            connectionId: okta.connectionId,
            connectionName: okta.name,
            reason: 'API tokens cannot be read: the scope okta.apiTokens.read is missing.',
          },
        ]
      : [],
  evaluatedAt: daysAgo(0.07),
}));

const link = (label: string, kind = 'accounts', n = 3) => ({
  kind,
  connection: okta.connectionId,
  stream: 'users',
  id: `acc${n}`,
  label,
});
const findings = Array.from({ length: 64 }, (_, n) => {
  const rule = rules[n % rules.length];
  return {
    findingId: uuid(7000 + n),
    ruleId: rule?.ruleId,
    title: rule?.title,
    kind: rule?.kind,
    subject: link(
      ['ada.lovelace@northwind.example', 'grace.hopper@northwind.example', 'svc-deploy-to-production-and-staging'][
        n % 3
      ] ?? '',
    ),
    connectionName: okta.name,
    connector: 'okta',
    severity: rule?.severity,
    sensitivity: pick(['highest', 'high', 'moderate', 'low', 'undetermined']),
    status: pick(['new', 'new', 'in_progress', 'accepted', 'resolved']),
    firstSeenAt: daysAgo(20 + n),
    lastSeenAt: daysAgo(0.1),
    resolvedAt: null,
    owner: n % 5 === 0 ? 'Margaret Hamilton' : null,
    acceptedUntil: null,
    acceptedReason: null,
  };
});
const findingDetail = {
  ...findings[0],
  summary:
    'ada.lovelace@northwind.example is a Super Administrator of Okta, and the strongest factor is a text message.',
  why,
  remediation,
  mitre,
  evidence: [
    {
      fact: 'Role',
      value: 'Super Administrator (direct)',
      readAt: daysAgo(0.08),
      source: link('Super Administrator', 'grants'),
    },
    { fact: 'Strongest factor', value: 'SMS (weak)', readAt: daysAgo(0.08), source: link('SMS', 'factors') },
    { fact: 'Status', value: 'enabled', readAt: daysAgo(0.08), source: link('ada.lovelace@northwind.example') },
  ],
  history: [
    { at: daysAgo(1), by: 'Grace Hopper', text: 'Status changed to in progress: “Key ordered, arrives Thursday.”' },
    { at: daysAgo(20), by: 'Gatehouse', text: 'Opened' },
  ],
};

const grants = [
  {
    role: link('Super Administrator', 'roles'),
    roleName: 'Super Administrator',
    resource: null,
    privilege: 'highest',
    state: 'active',
    through: [],
    limitedTo: [],
  },
  {
    role: link('Application Administrator', 'roles'),
    roleName: 'Application Administrator',
    resource: link('payments-api', 'resources'),
    privilege: 'high',
    state: 'active',
    through: [
      { group: link('Engineering', 'groups'), via: 'rule' },
      { group: link('Data platform owners with a very long name that has to be cut', 'groups', 9), via: 'nested' },
    ],
    limitedTo: ['app:Payments', 'app:Storefront'],
  },
];
const recordDetail = {
  kind: 'accounts',
  record: {
    ...recordOf('accounts', 5),
    login: 'ada.lovelace@northwind.example',
    displayName: 'Ada Lovelace',
    truePrivilege: 'highest',
  },
  title: 'ada.lovelace@northwind.example',
  firstSeenAt: daysAgo(90),
  changedAt: daysAgo(2),
  isGone: false,
  raw: {
    id: '00u1abcd',
    status: 'ACTIVE',
    created: '2021-03-04T10:00:00.000Z',
    profile: { login: 'ada.lovelace@northwind.example', firstName: 'Ada', mobilePhone: null },
    credentials: { password: '[masked]', provider: { type: 'OKTA' } },
  },
  history: [
    {
      at: daysAgo(2),
      kind: 'changed',
      fields: {
        department: { before: 'Finance', after: 'Engineering' },
        title: { before: null, after: 'Principal engineer' },
      },
    },
    { at: daysAgo(30), kind: 'returned', fields: {} },
    { at: daysAgo(35), kind: 'gone', fields: {} },
  ],
  findings: findings
    .slice(0, 3)
    .map(({ findingId, title, severity, status }) => ({ findingId, title, severity, status })),
  grants,
  related: [
    {
      title: 'Groups',
      total: 12,
      items: ['Everyone', 'Engineering', 'On-call'].map((name, n) => ({
        ...link(name, 'groups', n),
        note: n === 1 ? 'by rule' : null,
      })),
    },
    {
      title: 'Second factors',
      total: 2,
      items: ['SMS', 'Okta Verify'].map((name, n) => ({
        ...link(name, 'factors', n),
        note: n === 0 ? 'weak' : 'strong',
      })),
    },
  ],
  identity: { identityId: uuid(5003), name: 'Ada Lovelace' },
};
const identity = {
  identityId: uuid(5003),
  name: 'Ada Lovelace',
  kind: 'human',
  email: 'ada.lovelace@northwind.example',
  department: 'Engineering',
  privilege: 'highest',
  links: [
    {
      account: link('ada.lovelace@northwind.example'),
      connectionName: okta.name,
      connector: 'okta',
      status: 'enabled',
      privilege: 'highest',
      mfa: 'weak',
      lastActivityAt: daysAgo(0.3),
      rule: 'only',
      ruleTitle: 'First account of this identity',
      confidence: 1,
      evidence: null,
      decidedBy: null,
    },
    {
      account: link('ada-l', 'accounts', 4),
      connectionName: github.name,
      connector: 'github',
      status: 'enabled',
      privilege: 'high',
      mfa: 'strong',
      lastActivityAt: daysAgo(4),
      rule: '5',
      ruleTitle: 'SAML name id of the linked federation',
      confidence: 0.97,
      evidence: {
        left: 'ada.lovelace@northwind.example',
        right: 'ada.lovelace@northwind.example',
        other: link('ada.lovelace@northwind.example'),
      },
      decidedBy: null,
    },
    {
      account: link('adm-ada', 'accounts', 6),
      connectionName: okta.name,
      connector: 'okta',
      status: 'disabled',
      privilege: 'undetermined',
      mfa: 'unknown',
      lastActivityAt: null,
      rule: 'manual',
      ruleTitle: 'Merged by hand',
      confidence: 1,
      evidence: null,
      decidedBy: 'Grace Hopper',
    },
  ],
  suggestions: [
    {
      suggestionId: uuid(9001),
      account: link('lovelace-a', 'accounts', 8),
      rule: '12',
      confidence: 0.7,
      left: 'ada@northwind.example',
      right: 'ada.lovelace@northwind.example',
      why: 'Verified domain e-mail of a GitHub account:',
    },
  ],
  conflicts: [
    {
      account: link('ada.l@northwind.example', 'accounts', 10),
      why: 'Same e-mail address, but another employee number (00042 and 00777). A person has to decide.',
    },
  ],
};

const tile = (value: number, href: string) => ({ value, href });
const dashboard = {
  identities: tile(1987, t('/inventory/identities')),
  accounts: tile(3412, t('/inventory/accounts')),
  dormant: tile(214, t('/inventory/accounts?filter=status%3Aeq%3Aenabled')),
  privileged: tile(61, t('/inventory/accounts?filter=truePrivilege%3Ain%3Ahigh%7Chighest')),
  privilegedWithoutStrongMfa: tile(9, t('/inventory/accounts')),
  openFindings: tile(77, t('/findings')),
  acceptedFindings: tile(6, t('/findings?status=accepted')),
  blindRules: tile(2, t('/recommendations?state=blind')),
  findingsOverTime: Array.from({ length: 60 }, (_, n) => ({
    day: daysAgo(59 - n).slice(0, 10),
    critical: 6 + Math.round(next() * 2) - Math.floor(n / 20),
    high: 24 + Math.round(next() * 4) - Math.floor(n / 12),
    medium: 50 + Math.round(next() * 5) - Math.floor(n / 6),
    low: 12 + Math.round(next() * 3),
  })),
  topIdentities: [
    'Ada Lovelace',
    'Grace Hopper',
    'svc-deploy',
    'Wolfeschlegelsteinhausen Bergerdorff',
    'Radia Perlman',
  ].map((name, n) => ({
    identityId: uuid(5003 + n),
    name,
    accounts: 1 + (n % 3),
    privilege: ['highest', 'highest', 'high', 'high', 'moderate'][n],
    findings: 7 - n,
    href: t(`/identities/${uuid(5003 + n)}`),
  })),
  connections: connections.map(({ connectionId, name, connectorName, connectivity, lastUpdateAt }) => ({
    connectionId,
    name,
    connectorName,
    connectivity,
    lastUpdateAt,
    href: t(`/connections/${connectionId}`),
  })),
  changes: [
    'ada.lovelace@northwind.example: department changed',
    'Group Super admins: member added',
    'Repository payments-api: protection removed',
    'svc-deploy: API token added',
    'radia.perlman@northwind.example: disabled',
    'Group Contractors: gone',
  ].map((text, n) => ({ at: daysAgo(0.1 * (n + 1)), kind: 'accounts', text, href: t('/inventory/accounts') })),
};

const person = {
  personId: 'p1',
  name: 'Margaret Hamilton',
  email: 'margaret@northwind.example',
  systemAdministrator: true,
};
const tenant = (id: string, name: string, more: object) => ({
  tenantId: id,
  name,
  role: 'administrator',
  createdAt: daysAgo(200),
  connections: 0,
  findings: { critical: 0, high: 0, medium: 0, low: 0 },
  connectivity: null,
  isSample: false,
  ...more,
});

/** What each address answers, by method and path; patterns are tried in order. */
export const answers: readonly (readonly [
  method: string,
  path: RegExp,
  answer: (path: string, query: URLSearchParams) => unknown,
])[] = [
  ['GET', /^\/api\/session$/, () => ({ person, setup: false })],
  ['GET', /^\/api\/auth\/providers$/, () => [{ id: 'okta', name: 'Okta' }]],
  ['POST', /^\/api\/welcome\/check$/, () => ({ email: null, name: null })],
  ['GET', /^\/api\/me$/, () => ({ ...person, twoFactor: false, lastSignInAt: daysAgo(0.1) })],
  [
    'GET',
    /^\/api\/me\/sessions$/,
    () => [
      {
        sessionId: 's1',
        current: true,
        createdAt: daysAgo(1),
        lastUsedAt: daysAgo(0),
        expiresAt: daysAgo(-1),
        address: '192.0.2.7',
        browser: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140',
      },
      {
        sessionId: 's2',
        current: false,
        createdAt: daysAgo(5),
        lastUsedAt: daysAgo(2),
        expiresAt: daysAgo(-1),
        address: '198.51.100.4',
        browser: 'Mozilla/5.0 (Windows NT 10.0) Chrome/150',
      },
    ],
  ],
  [
    'GET',
    /^\/api\/me\/api-keys$/,
    () => [
      {
        keyId: uuid(1),
        name: 'Export to the data lake',
        prefix: 'gh_Xk29ab',
        createdAt: daysAgo(20),
        expiresAt: daysAgo(-70),
        lastUsedAt: daysAgo(0.4),
      },
    ],
  ],
  ['GET', /list-user-passkeys$/, () => [{ id: 'k1', name: 'Work laptop', createdAt: daysAgo(44) }]],
  [
    'GET',
    /^\/api\/apps$/,
    () => [
      { program: 'site', name: 'Gatehouse Site', url: 'https://site.northwind.example/', lastActiveAt: daysAgo(1) },
      { program: 'vault', name: 'Password Safe', url: 'https://vault.northwind.example/', lastActiveAt: daysAgo(1) },
    ],
  ],
  ['GET', /^\/api\/egress$/, () => ({ addresses: ['192.0.2.10', '192.0.2.11', '198.51.100.24'] })],
  ['GET', /^\/api\/connectors$/, () => connectors],
  ['GET', /^\/api\/inventory\/kinds$/, () => kinds],
  [
    'GET',
    /^\/api\/tenants$/,
    () => [
      tenant(tenantId, 'Northwind Trading', {
        connections: 5,
        findings: { critical: 6, high: 21, medium: 38, low: 12 },
        connectivity: 'failed',
        isSample: true,
      }),
      tenant(emptyTenantId, 'Blue Agency', {}),
      tenant(uuid(3), 'Contoso Holding of the Netherlands, Belgium and Luxembourg', {
        connections: 1,
        connectivity: 'connected',
        role: 'reader',
        findings: { critical: 0, high: 2, medium: 4, low: 0 },
      }),
    ],
  ],
  [
    'GET',
    /\/settings$/,
    () => ({
      name: 'Northwind Trading',
      ownedDomains: ['northwind.example'],
      adminAccountPattern: '^adm-(?<base>.+)$',
      stripLeadingZeros: true,
      dormantDays: 60,
      maximumSuperAdmins: 4,
    }),
  ],
  [
    'GET',
    /\/people$/,
    () =>
      ['administrator', 'analyst', 'reader'].map((role, n) => ({
        personId: `p${n}`,
        name: ['Margaret Hamilton', 'Grace Hopper', 'Tim Berners-Lee'][n],
        email: `${role}@northwind.example`,
        role,
        lastSignInAt: n === 2 ? null : daysAgo(n),
        twoFactor: n === 0,
      })),
  ],
  [
    'GET',
    /\/audit$/,
    () =>
      list(
        Array.from({ length: 30 }, (_, n) => ({
          id: String(n),
          at: daysAgo(n / 3),
          actor: 'Margaret Hamilton',
          action: ['connection.create', 'finding.accept', 'tenant.settings'][n % 3],
          target: 'Okta production',
          correlationId: uuid(n),
          change: { name: { before: 'Okta', after: 'Okta production' } },
        })),
      ),
  ],
  ['GET', new RegExp(`${emptyTenantId}/dashboard$`), () => ({ ...dashboard, connections: [] })],
  ['GET', /\/dashboard$/, () => dashboard],
  [
    'POST',
    /\/connections\/test$/,
    () => ({
      health: 'warning',
      fault: null,
      notes: ['The domain was cleaned of “-admin”: northwind.okta.com.'],
      caveats: [],
      streams: streams.map(({ stream, title, health, advice }) => ({
        stream,
        title,
        ok: health === 'connected',
        advice,
      })),
    }),
  ],
  ['GET', new RegExp(`${emptyTenantId}/connections$`), () => []],
  ['GET', /\/connections$/, () => connections],
  [
    'GET',
    /\/connections\/[^/]+\/activity$/,
    () =>
      list([
        {
          id: '1',
          at: daysAgo(0.02),
          kind: 'fault',
          title: 'API tokens could not be read',
          actor: null,
          health: 'warning',
          stream: 'api-tokens',
          fault,
          runId: run.runId,
        },
        {
          id: '2',
          at: daysAgo(0.2),
          kind: 'run',
          title: 'Read 141,560 records: 12 new, 40 changed, 3 gone',
          actor: null,
          health: 'connected',
          stream: null,
          fault: null,
          runId: null,
        },
        {
          id: '3',
          at: daysAgo(1),
          kind: 'recovered',
          title: 'Groups can be read again',
          actor: null,
          health: 'connected',
          stream: 'groups',
          fault: null,
          runId: null,
        },
        {
          id: '4',
          at: daysAgo(2),
          kind: 'settings',
          title: 'Settings changed: PEM key',
          actor: 'Margaret Hamilton',
          health: null,
          stream: null,
          fault: null,
          runId: null,
        },
        {
          id: '5',
          at: daysAgo(30),
          kind: 'created',
          title: 'Created',
          actor: 'Margaret Hamilton',
          health: null,
          stream: null,
          fault: null,
          runId: null,
        },
      ]),
  ],
  [
    'GET',
    /\/connections\/[^/]+$/,
    (path) => ({
      ...(connections.find(({ connectionId }) => path.endsWith(connectionId)) ?? connections[0]),
      settings: { domain: 'northwind.okta.com', clientId: '0oa1abcd2EFGH', privateKey: { isSet: true } },
      streams,
      caveats: [],
      createdAt: daysAgo(30),
      nextRunAt: daysAgo(-0.06),
      records: 141_563,
    }),
  ],
  ['GET', /\/inventory\/[^/]+\/record$/, () => recordDetail],
  ['GET', new RegExp(`${emptyTenantId}/inventory/`), () => list([])],
  [
    'GET',
    /\/inventory\/identities$/,
    () =>
      list(
        Array.from({ length: 50 }, (_, n) => identityOf(n)),
        1987,
        'c2',
      ),
  ],
  [
    'GET',
    /\/inventory\/[^/]+$/,
    (path, query) => {
      const kind = recordKinds.find((one) => path.endsWith(`/${one}`)) ?? 'accounts';
      const from = Number(query.get('cursor') ?? 0);
      return list(
        Array.from({ length: rows }, (_, n) => recordOf(kind, from + n)),
        1_000_000,
        String(from + 50),
      );
    },
  ],
  [
    'GET',
    /\/identities\/decisions$/,
    () =>
      list([
        {
          decisionId: uuid(1),
          at: daysAgo(9),
          by: 'Grace Hopper',
          kind: 'merge',
          reason: 'Asked her.',
          accounts: [link('ada-l', 'accounts', 4), link('adm-ada', 'accounts', 6)],
          undoneAt: null,
          undoneBy: null,
        },
      ]),
  ],
  ['GET', /\/identities\/[^/]+$/, () => identity],
  ['GET', /\/recommendations$/, () => rules],
  [
    'GET',
    /\/findings$/,
    (_path, query) =>
      list(
        findings.filter(
          ({ ruleId, status }) =>
            (query.get('rule') ?? ruleId) === ruleId && (query.get('status') ?? status).split(',').includes(status),
        ),
        77,
      ),
  ],
  ['GET', /\/findings\/[^/]+$/, () => findingDetail],
  [
    'GET',
    /\/webhooks$/,
    () => [
      {
        webhookId: uuid(1),
        name: 'Incident channel',
        url: 'https://hooks.northwind.example/services/T000/B000/a-very-long-path-that-has-to-be-cut-somewhere',
        events: ['finding.opened'],
        minimumSeverity: 'high',
        enabled: true,
        secret: { isSet: true },
        lastDelivery: { at: daysAgo(0.2), ok: true, status: 200 },
      },
    ],
  ],
  [
    'GET',
    /\/deliveries$/,
    () =>
      list(
        Array.from({ length: 8 }, (_, n) => ({
          deliveryId: uuid(n),
          at: daysAgo(n / 4),
          event: 'finding.opened',
          attempt: 1,
          status: n === 3 ? null : 200,
          ok: n !== 3,
          error: n === 3 ? 'The receiver did not answer within 15 seconds.' : null,
          nextAttemptAt: null,
        })),
      ),
  ],
];

const connectors = [
  connector(
    'okta',
    'Okta',
    'People, groups, applications, administrators and the System Log of an Okta organisation.',
    fields.object({
      domain: fields.text('Okta domain', 'The address of your Okta, for example `acme.okta.com`, without `-admin`.'),
      clientId: fields.text('Client ID', 'Shown under **Client Credentials** of the app.'),
      privateKey: fields.secretText('PEM key', 'The private key that Okta generated, as PEM.'),
    }),
    [
      { title: 'Enter your Okta domain', settings: ['domain'] },
      {
        title: 'Create an app integration',
        text: [
          'Go to **Applications** in Okta.',
          'Select **Create App Integration**.',
          'Choose **API Services** and name it `Gatehouse`. **Save**.',
        ],
        links: [
          {
            title: 'Okta: create a service app',
            url: 'https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/',
          },
        ],
      },
      {
        title: 'Copy the Client ID',
        text: ['Copy it from **Client Credentials** and paste it here.'],
        settings: ['clientId'],
      },
      {
        title: 'Create a key',
        text: ['Choose **Public key / Private key**, then **Add key** and **Generate new key**. Copy it as **PEM**.'],
        settings: ['privateKey'],
      },
      {
        title: 'Allow our addresses',
        text: ['Where your organisation restricts API access by network zone, allow these:'],
        showsEgress: true,
      },
    ],
  ),
  connector(
    'github',
    'GitHub',
    'Members, teams, repositories, keys and the audit log of a GitHub organisation.',
    fields.object({
      appId: fields.text('App ID', 'Shown on the page of the app.'),
      privateKey: fields.secretText('PEM key', 'The private key that GitHub let you download.'),
      installationUrl: fields.url('Installed GitHub App URL', 'The address in the browser after installing.'),
    }),
    [
      { title: 'Create a GitHub App', settings: ['appId'] },
      { title: 'Generate a private key', settings: ['privateKey'] },
      { title: 'Install it', settings: ['installationUrl'] },
    ],
  ),
];
