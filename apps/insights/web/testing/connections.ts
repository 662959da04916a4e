import { describe, fields } from '@gatehouse/fields';
import { daysAgo, github, okta, uuid } from './records.ts';

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
  agent: null,
  schema: describe(config),
  setup: setup.map((step) => ({ text: [], links: [], settings: [], showsEgress: false, ...step })),
  streams: streams.map(({ stream, title, record, needs, everyMs }) => ({ id: stream, title, record, needs, everyMs })),
});

export const streams = [
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

export const fault = {
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
  agent: null,
  ...more,
});
const collector = { ...github, connector: 'insights-collector', connectorName: 'Insights Collector' };
export const pendingCollector = { ...collector, connectionId: uuid(105), name: 'Headquarters directory', point: '' };
export const headOffice = { ...collector, connectionId: uuid(106), name: 'Head office', point: 'NWT-MGMT01' };

export const connections = [
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
  connection(pendingCollector, 'pending', { agent: 'collector', lastUpdateAt: null }),
  connection(headOffice, 'connected', { agent: 'collector' }),
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

export const connectors = [
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
  {
    ...connector(
      'insights-collector',
      'Insights Collector',
      'A program for a server in your network that reads Active Directory and on-premises Password Safe.',
      fields.object({}),
      [{ title: 'Choose the server', text: ['Use a member server of the domain.', 'It needs a **service account**.'] }],
    ),
    agent: 'collector',
  },
];
