import { at } from '@gatehouse/ui';
import type * as shapes from './types.ts';

const tenant = (tenantId: string) => `/api/tenants/${encodeURIComponent(tenantId)}`;
const asked = (query: URLSearchParams | undefined) => (query === undefined || query.size === 0 ? '' : `?${query}`);

/** Every address the pages ask, with what it answers: the one place where an answer gets its type. */
export const paths = {
  session: at<shapes.Session>('/api/session'),
  apps: at<shapes.Apps>('/api/apps'),
  egress: at<shapes.Egress>('/api/egress'),
  connectors: at<readonly shapes.AvailableConnector[]>('/api/connectors'),
  inventoryKinds: at<readonly shapes.InventoryKind[]>('/api/inventory/kinds'),
  tenants: at<readonly shapes.Tenant[]>('/api/tenants'),

  tenant,
  settings: (tenantId: string) => at<shapes.TenantSettings>(`${tenant(tenantId)}/settings`),
  people: (tenantId: string) => at<readonly shapes.TenantPerson[]>(`${tenant(tenantId)}/people`),
  audit: (tenantId: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.AuditEntry>>(`${tenant(tenantId)}/audit${asked(query)}`),
  dashboard: (tenantId: string) => at<shapes.Dashboard>(`${tenant(tenantId)}/dashboard`),

  connections: (tenantId: string) => at<readonly shapes.Connection[]>(`${tenant(tenantId)}/connections`),
  connection: (tenantId: string, id: string) => at<shapes.ConnectionDetail>(`${tenant(tenantId)}/connections/${id}`),
  collector: (tenantId: string, id: string) => at<shapes.Collector>(`${tenant(tenantId)}/connections/${id}/collector`),
  activity: (tenantId: string, id: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.Activity>>(`${tenant(tenantId)}/connections/${id}/activity${asked(query)}`),
  runs: (tenantId: string, id: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.Run>>(`${tenant(tenantId)}/connections/${id}/runs${asked(query)}`),

  inventory: (tenantId: string, kind: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.InventoryRecord>>(`${tenant(tenantId)}/inventory/${kind}${asked(query)}`),
  record: (tenantId: string, kind: string, query: URLSearchParams) =>
    at<shapes.RecordDetail>(`${tenant(tenantId)}/inventory/${kind}/record${asked(query)}`),
  related: (tenantId: string, kind: string, query: URLSearchParams) =>
    at<shapes.List<shapes.RelatedItem>>(`${tenant(tenantId)}/inventory/${kind}/record/related${asked(query)}`),
  grants: (tenantId: string, kind: string, query: URLSearchParams) =>
    at<shapes.List<shapes.GrantPath>>(`${tenant(tenantId)}/inventory/${kind}/record/grants${asked(query)}`),
  identity: (tenantId: string, id: string) => at<shapes.IdentityDetail>(`${tenant(tenantId)}/identities/${id}`),
  identityHistory: (tenantId: string, id: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.IdentityChange>>(`${tenant(tenantId)}/identities/${id}/history${asked(query)}`),
  decisions: (tenantId: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.Decision>>(`${tenant(tenantId)}/identities/decisions${asked(query)}`),

  recommendations: (tenantId: string) => at<readonly shapes.Recommendation[]>(`${tenant(tenantId)}/recommendations`),
  findings: (tenantId: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.Finding>>(`${tenant(tenantId)}/findings${asked(query)}`),
  finding: (tenantId: string, id: string) => at<shapes.FindingDetail>(`${tenant(tenantId)}/findings/${id}`),

  webhooks: (tenantId: string) => at<readonly shapes.Webhook[]>(`${tenant(tenantId)}/webhooks`),
  deliveries: (tenantId: string, id: string, query?: URLSearchParams) =>
    at<shapes.List<shapes.Delivery>>(`${tenant(tenantId)}/webhooks/${id}/deliveries${asked(query)}`),
} as const;
