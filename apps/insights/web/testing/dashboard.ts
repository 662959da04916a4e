import { connections } from './connections.ts';
import { daysAgo, random, tenantId, uuid } from './records.ts';

const next = random(11);
const t = (path: string) => `/tenants/${tenantId}${path}`;

const tile = (value: number, href: string) => ({ value, href });
export const dashboard = {
  identities: tile(1987, t('/inventory/identities')),
  accounts: tile(3412, t('/inventory/accounts')),
  dormant: { ...tile(214, t('/inventory/accounts?filter=status%3Aeq%3Aenabled')), days: 45 },
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
