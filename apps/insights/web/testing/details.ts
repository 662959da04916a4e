import { findings, link } from './findings.ts';
import { daysAgo, github, okta, recordOf, tenantId, uuid } from './records.ts';

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
export const identityHistory = [
  {
    ...{
      what: 'decision',
      at: daysAgo(1),
      kind: 'merge',
      isUndoing: true,
      by: 'Grace Hopper',
      reason: 'Not the same.',
    },
    accounts: [link('adm-ada', 'accounts', 6), link('ada-l', 'accounts', 4)],
  },
  {
    ...{ what: 'account', at: daysAgo(2), account: link('ada-l', 'accounts', 4), connectionName: github.name },
    ...{ change: 'changed', fields: { department: { before: 'Finance', after: 'Engineering' } } },
  },
  {
    ...{ what: 'account', at: daysAgo(4), account: link('adm-ada', 'accounts', 6), connectionName: okta.name },
    ...{ change: 'gone', fields: {} },
  },
  {
    ...{ what: 'joined', at: daysAgo(30), account: link('ada-l', 'accounts', 4), connectionName: github.name },
    ...{ ruleTitle: 'Same SAML NameID', other: link('ada.lovelace@northwind.example') },
    otherConnectionName: okta.name,
  },
  {
    ...{ what: 'account', at: daysAgo(90), connectionName: okta.name, change: 'first_seen', fields: {} },
    account: link('ada.lovelace@northwind.example'),
  },
];

/** One list beside a record, whole. */
export const related = Array.from({ length: 30 }, (_, n) => ({
  ...link(n === 7 ? 'Payments on call' : `Group ${n}`, 'groups', n),
  note: n % 3 === 0 ? 'by rule' : null,
}));

const record = `/tenants/${tenantId}/inventory/accounts/record?connection=${okta.connectionId}&stream=users&id=acc3`;

export const recordDetail = {
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
    userAccountControl: 66048,
    decoded: { userAccountControl: ['NORMAL_ACCOUNT', 'DONT_EXPIRE_PASSWORD'] },
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
  grantTotal: { value: grants.length, exact: true },
  related: [
    {
      title: 'Groups',
      href: `${record}&tab=related&list=groups`,
      total: 1_204,
      items: ['Everyone', 'Engineering', 'On-call'].map((name, n) => ({
        ...link(name, 'groups', n),
        note: n === 1 ? 'by rule' : null,
      })),
    },
    {
      title: 'Second factors',
      href: `${record}&tab=related&list=second-factors`,
      total: 2,
      items: ['SMS', 'Okta Verify'].map((name, n) => ({
        ...link(name, 'factors', n),
        note: n === 0 ? 'weak' : 'strong',
      })),
    },
  ],
  identity: { identityId: uuid(5003), name: 'Ada Lovelace' },
};
export const identity = {
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
