/**
 * Addresses of the pages, for links made by the server: tiles, evidence, webhooks, mails. A page's address is the
 * address of its API without `/api`, and lists take the same query, so `filter`, `search` and `sort` mean the same.
 */
const tenant = (tenantId: string) => `/tenants/${encodeURIComponent(tenantId)}`;

/** Filters as the inventory API takes them: `column:operator:value`, all must hold. */
const withFilters = (path: string, filters: readonly string[]) =>
  filters.length === 0 ? path : `${path}?${new URLSearchParams(filters.map((one) => ['filter', one]))}`;

export const pages = {
  signIn: '/sign-in',
  /** One-time sign-in link; the token rides in the fragment, so it reaches no log. */
  welcome: (token: string) => `/welcome#${encodeURIComponent(token)}`,
  person: '/person',
  dashboard: tenant,
  connections: (tenantId: string) => `${tenant(tenantId)}/connections`,
  availableConnectors: (tenantId: string) => `${tenant(tenantId)}/connections/available`,
  newConnection: (tenantId: string, connector: string) =>
    `${tenant(tenantId)}/connections/new/${encodeURIComponent(connector)}`,
  connection: (tenantId: string, connectionId: string) => `${tenant(tenantId)}/connections/${connectionId}`,
  connectionSettings: (tenantId: string, connectionId: string) =>
    `${tenant(tenantId)}/connections/${connectionId}/settings`,
  activity: (tenantId: string, connectionId: string) => `${tenant(tenantId)}/connections/${connectionId}/activity`,
  /** `kind` is `identities` or a record kind. */
  inventory: (tenantId: string, kind: string, filters: readonly string[] = []) =>
    withFilters(`${tenant(tenantId)}/inventory/${kind}`, filters),
  record: (tenantId: string, at: { kind: string; connection: string; stream: string; id: string }) =>
    `${tenant(tenantId)}/inventory/${at.kind}/record?${new URLSearchParams({
      connection: at.connection,
      stream: at.stream,
      id: at.id,
    })}`,
  /** The whole of one list beside a record. */
  relatedList: (tenantId: string, at: { kind: string; connection: string; stream: string; id: string }, list: string) =>
    `${pages.record(tenantId, at)}&${new URLSearchParams({ tab: 'related', list })}`,
  identity: (tenantId: string, identityId: string) => `${tenant(tenantId)}/identities/${identityId}`,
  recommendations: (tenantId: string) => `${tenant(tenantId)}/recommendations`,
  recommendation: (tenantId: string, ruleId: string) =>
    `${tenant(tenantId)}/recommendations/${encodeURIComponent(ruleId)}`,
  findings: (tenantId: string, query: Readonly<Record<string, string>> = {}) => {
    const search = new URLSearchParams(query).toString();
    return `${tenant(tenantId)}/findings${search === '' ? '' : `?${search}`}`;
  },
  finding: (tenantId: string, findingId: string) => `${tenant(tenantId)}/findings/${findingId}`,
} as const;
