import { type Column, type RecordKind, records } from '@gatehouse/connector-kit';

/** Deterministic, so that two runs of a test see the same organisation. */
export const random = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return seed / 4_294_967_296;
};
const next = random(7);
export const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
export const uuid = (n: number) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const tenantId = uuid(1);
export const emptyTenantId = uuid(2);
export const okta = {
  connectionId: uuid(101),
  connector: 'okta',
  connectorName: 'Okta',
  name: 'Okta production',
  point: 'northwind.okta.com',
};
export const github = {
  connectionId: uuid(102),
  connector: 'github',
  connectorName: 'GitHub',
  name: 'GitHub northwind',
  point: 'github.com/northwind',
};

const first = [
  'Ada',
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Ken',
  'Radia',
  'Donald',
  'Margaret',
  'Tim',
  'Wolfeschlegelsteinhausen',
  'Annick',
  'José',
  'Ngọc',
];
const last = [
  'Lovelace',
  'Hopper',
  'Turing',
  'Dijkstra',
  'Liskov',
  'Thompson',
  'Perlman',
  'Knuth',
  'Hamilton',
  'Berners-Lee',
  'Bergerdorff',
  'van der Berg',
  'Peña',
  'Trần',
];
const privileges = ['none', 'none', 'none', 'low', 'moderate', 'high', 'highest', 'undetermined'];
const repositories = [
  'payments-api',
  'infrastructure',
  'web-storefront',
  'data-platform',
  'mobile-app',
  'internal-tools-and-scripts-for-the-finance-department',
];
const groups = ['Everyone', 'Engineering', 'Finance', 'Super admins', 'Contractors', 'On-call', 'Data platform owners'];

const words: Partial<Record<string, () => unknown>> = {
  displayName: () => `${pick(first)} ${pick(last)}`,
  login: () => `${pick(first)}.${pick(last)}@northwind.example`.toLowerCase().replaceAll(' ', '-'),
  email: () => `${pick(first)}.${pick(last)}@northwind.example`.toLowerCase().replaceAll(' ', '-'),
  name: () => pick([...repositories, ...groups]),
  description: () => pick(['People who run the payment systems', 'Filled by a rule', null]),
  department: () => pick(['Engineering', 'Finance', 'Sales', null]),
  action: () => pick(['user.session.start', 'user.authentication.sso', 'org.add_member', 'protected_branch.destroy']),
  actorLogin: () => `${pick(first)}.${pick(last)}@northwind.example`.toLowerCase(),
  ip: () => `203.0.113.${Math.floor(next() * 250)}`,
  country: () => pick(['NL', 'DE', 'US', 'FR', null]),
  type: () => 'password',
};

const cellOf = (name: string, column: Column): unknown => {
  if (column.values) return next() < 0.08 ? null : pick(column.values);
  if (words[name]) return words[name]();
  switch (column.type) {
    case 'time':
      return next() < 0.15 ? null : daysAgo(next() * 400);
    case 'flag':
      return pick([true, false, null]);
    case 'number':
      return Math.floor(next() * 40);
    case 'list':
      return next() < 0.4 ? [] : [pick(groups), pick(repositories)];
    case 'json':
      return { visibility: pick(['private', 'internal', 'public']), secretScanning: next() > 0.5 };
    default:
      return pick(repositories);
  }
};

export const recordOf = (kind: RecordKind, n: number) => {
  const connection = n % 3 === 0 ? github : okta;
  return {
    id: `${kind.slice(0, 3)}${(n * 7919).toString(36)}`,
    ...Object.fromEntries(Object.entries<Column>(records[kind]).map(([name, column]) => [name, cellOf(name, column)])),
    ...(kind === 'accounts'
      ? {
          identity: uuid(5000 + n),
          _identityName: `${pick(first)} ${pick(last)}`,
          mfaState: pick(['none', 'weak', 'strong', 'phishing_resistant', 'unknown']),
          truePrivilege: pick(privileges),
          effectivePrivilege: pick(privileges),
          directPrivilege: pick(privileges),
          lastActiveAt: next() < 0.2 ? null : daysAgo(next() * 200),
        }
      : {}),
    _connection: connection.connectionId,
    _connectionName: connection.name,
    _connector: connection.connector,
    _stream: 'users',
    _seenAt: daysAgo(0.05),
    firstSeenAt: daysAgo(90),
    changedAt: daysAgo(3),
    gone: false,
  };
};

export const identityOf = (n: number) => ({
  id: uuid(5000 + n),
  name: `${pick(first)} ${pick(last)}`,
  kind: pick(['human', 'human', 'human', 'service']),
  email: `${pick(first)}@northwind.example`.toLowerCase(),
  department: pick(['Engineering', 'Finance', 'Sales', null]),
  accounts: 1 + Math.floor(next() * 3),
  privilege: pick(privileges),
  findings: Math.floor(next() * 5),
  lastActiveAt: daysAgo(next() * 100),
  _connection: okta.connectionId,
  _connectionName: okta.name,
  _connector: 'okta',
  _stream: 'identities',
  _seenAt: null,
});

const titles: Readonly<Record<string, readonly [string, string]>> = {
  accounts: ['Accounts', 'Account'],
  groups: ['Groups', 'Group'],
  memberships: ['Memberships', 'Membership'],
  roles: ['Roles and entitlements', 'Role or entitlement'],
  grants: ['Grants', 'Grant'],
  resources: ['Applications and resources', 'Application or resource'],
  credentials: ['Secrets', 'Secret'],
  factors: ['Second factors', 'Second factor'],
  policies: ['Policies', 'Policy'],
  events: ['Events', 'Event'],
};
const column = (
  name: string,
  title: string,
  type: string,
  shown: boolean,
  values: readonly string[] | null = null,
) => ({
  name,
  title,
  type,
  values,
  search: false,
  sort: type !== 'list' && type !== 'json',
  shown,
});
const levels = ['none', 'low', 'moderate', 'high', 'highest', 'undetermined'];
const ours = [
  column('_connection', 'Connection', 'text', true),
  column('firstSeenAt', 'First seen', 'time', false),
  column('changedAt', 'Changed', 'time', false),
  column('gone', 'Gone', 'flag', false),
];

export const kinds = [
  {
    kind: 'identities',
    title: 'Identities',
    one: 'Identity',
    columns: [
      { ...column('name', 'Name', 'text', true), search: true },
      column('kind', 'Kind', 'text', true, ['human', 'service', 'unknown']),
      column('email', 'E-mail', 'text', true),
      column('department', 'Department', 'text', true),
      column('accounts', 'Accounts', 'number', true),
      column('privilege', 'Privilege', 'text', true, levels),
      column('findings', 'Findings', 'number', true),
      column('lastActiveAt', 'Last active', 'time', true),
    ],
  },
  ...Object.entries(records).map(([kind, columns]) => ({
    kind,
    title: titles[kind]?.[0] ?? kind,
    one: titles[kind]?.[1] ?? kind,
    columns: [
      ...Object.entries<Column>(columns).map(([name, { title, type, values, search, sort, shown }]) => ({
        name,
        title,
        type,
        values: values ?? null,
        search: search === true,
        sort: sort === true,
        shown: shown === true,
      })),
      ...(kind === 'accounts'
        ? [
            column('identity', 'Identity', 'text', true),
            column('mfaState', 'MFA strength', 'text', true, [
              'none',
              'weak',
              'strong',
              'phishing_resistant',
              'unknown',
            ]),
            column('truePrivilege', 'True Privilege', 'text', true, levels),
            column('lastActiveAt', 'Last active', 'time', true),
          ]
        : []),
      ...ours,
    ],
  })),
];
