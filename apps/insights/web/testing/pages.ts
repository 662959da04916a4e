import { headOffice, pendingCollector } from './connections.ts';
import { emptyTenantId, okta, tenantId, uuid } from './records.ts';

const tenant = `/tenants/${tenantId}`;
const connection = `${tenant}/connections/${okta.connectionId}`;
const record = `${tenant}/inventory/accounts/record?connection=${okta.connectionId}&stream=users&id=acc3`;

/** Every page, by name, with an address that the fake API has answers for. */
export const pageAddresses: Readonly<Record<string, string>> = {
  'sign-in': '/sign-in',
  welcome: '/welcome#token',
  tenants: '/',
  'your account': '/person',
  dashboard: tenant,
  'dashboard of a new tenant': `/tenants/${emptyTenantId}`,
  'configured connectors': `${tenant}/connections`,
  'available connectors': `${tenant}/connections/available`,
  wizard: `${tenant}/connections/new/okta`,
  'wizard of a collector': `${tenant}/connections/new/insights-collector`,
  'installer of a collector': `${tenant}/connections/${pendingCollector.connectionId}/settings`,
  'pending collector': `${tenant}/connections/${pendingCollector.connectionId}`,
  'collector overview': `${tenant}/connections/${headOffice.connectionId}`,
  'collector settings': `${tenant}/connections/${headOffice.connectionId}/settings`,
  'connector overview': connection,
  'connector settings': `${connection}/settings`,
  'connector activity': `${connection}/activity`,
  identities: `${tenant}/inventory/identities`,
  accounts: `${tenant}/inventory/accounts?filter=status%3Ain%3Aenabled%7Clocked&sort=-createdAt`,
  events: `${tenant}/inventory/events`,
  'empty list': `/tenants/${emptyTenantId}/inventory/accounts`,
  record,
  'record grants': `${record}&tab=grants`,
  'record related': `${record}&tab=related`,
  'record related list': `${record}&tab=related&list=groups`,
  'record history': `${record}&tab=history`,
  'raw record': `${record}&tab=raw`,
  identity: `${tenant}/identities/${uuid(5003)}`,
  'history of an identity': `${tenant}/identities/${uuid(5003)}?tab=history`,
  'decisions on an identity': `${tenant}/identities/${uuid(5003)}?tab=decisions`,
  recommendations: `${tenant}/recommendations`,
  rule: `${tenant}/recommendations/rule-x03`,
  findings: `${tenant}/findings`,
  finding: `${tenant}/findings/${uuid(7000)}`,
  settings: `${tenant}/settings`,
  people: `${tenant}/people`,
  webhooks: `${tenant}/webhooks`,
  webhook: `${tenant}/webhooks/${uuid(1)}`,
  'audit log': `${tenant}/audit`,
  'not found': `${tenant}/nothing`,
};
