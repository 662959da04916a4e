import { recordKinds } from '@gatehouse/connector-kit';
import { collectorOf } from './collectors.ts';
import { connections, connectors, fault, pendingCollector, run, streams } from './connections.ts';
import { dashboard } from './dashboard.ts';
import { identity, identityHistory, recordDetail, related } from './details.ts';
import { findingDetail, findings, link, rules } from './findings.ts';
import { daysAgo, emptyTenantId, identityOf, kinds, recordOf, tenantId, uuid } from './records.ts';

/** Enough to fill a window, few enough for a quick test. */
const rows = 24;
const list = (items: readonly unknown[], total = items.length, more: string | null = null) => ({
  items,
  next: more,
  total: { value: total, exact: total < 10_000 },
});

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
  dormantDays: 45,
  ...more,
});

const newKey = () => ({
  key: 'ghi_Q2hlY2tlZCBieSB0aGUgdGVzdHMgb2YgdGhlIHBhZ2Vz',
  expiresAt: daysAgo(-1),
  command: 'node collector.mjs install --server https://gatehouse.northwind.example',
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
    () => ({
      items: [
        { id: 'site', name: 'Gatehouse Site', url: 'https://site.northwind.example/', lastActiveAt: daysAgo(1) },
        { id: 'vault', name: 'Password Safe', url: 'https://vault.northwind.example/', lastActiveAt: daysAgo(1) },
      ],
    }),
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
      dormantDays: 45,
      maximumSuperAdmins: 4,
      eventRetentionDays: 180,
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
          action: ['connection.create', 'finding.change', 'tenant.change'][n % 3],
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
  ['POST', /\/connections$/, () => ({ ...pendingCollector, installation: newKey() })],
  ['GET', /\/collector$/, (path) => collectorOf(path.split('/').at(-2) ?? '')],
  ['POST', /\/collector\/keys$/, () => newKey()],
  ['DELETE', /\/collector\/keys$/, () => null],
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
  [
    'GET',
    /\/record\/related$/,
    (_path, query) =>
      list(
        related.filter(({ label }) => label.toLowerCase().includes((query.get('search') ?? '').toLowerCase())),
        query.has('search') ? undefined : 1_204,
      ),
  ],
  [
    'GET',
    /\/record\/grants$/,
    (_path, query) =>
      list(
        recordDetail.grants.filter(({ roleName }) =>
          roleName.toLowerCase().includes((query.get('search') ?? '').toLowerCase()),
        ),
      ),
  ],
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
          splitFrom: [],
          undoneAt: null,
          undoneBy: null,
        },
      ]),
  ],
  ['GET', /\/identities\/[^/]+\/history$/, () => list(identityHistory)],
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
