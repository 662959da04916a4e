import { z } from 'zod';
import { InventoryQuery } from './inventory.ts';
import { When } from './words.ts';

/** What can be done in a tenant, and the words for it. The code is what is stored and filtered by. */
export const auditActions: Readonly<Record<string, string>> = {
  'audit.export': 'Audit log exported',
  'collector.key.close': 'Installation key closed',
  'collector.key.create': 'Installation key made',
  'collector.key.use': 'Installation key used',
  'collector.lease': 'Reading moved between collectors',
  'collector.register': 'Collector registered',
  'connection.create': 'Connector created',
  'connection.change': 'Connector changed',
  'connection.delete': 'Connector deleted',
  'finding.change': 'Status of findings changed',
  'identity.merge': 'Identities merged',
  'identity.merge.undo': 'Merge undone',
  'identity.split': 'Accounts split off',
  'identity.split.undo': 'Split undone',
  'identity.suggestion.accepted': 'Suggestion accepted',
  'identity.suggestion.rejected': 'Suggestion rejected',
  'inventory.export': 'List exported',
  'person.add': 'Person added',
  'person.change': 'Role of a person changed',
  'person.remove': 'Person removed',
  'run.start': 'Run started',
  'run.cancel': 'Run cancelled',
  'tenant.change': 'Settings changed',
  'webhook.create': 'Webhook created',
  'webhook.change': 'Webhook changed',
  'webhook.delete': 'Webhook deleted',
  'webhook.test': 'Webhook tested',
};

/**
 * GET /api/tenants/:tenantId/audit (administrator) → list(AuditEntry); GET …/audit/export.csv: the same query, every entry.
 * `search` and `filter` as lists of the inventory have them, over `at`, `actor`, `action`, `target` and `correlationId`.
 * The order is fixed: newest first.
 */
export const AuditQuery = InventoryQuery.omit({ sort: true });
export const AuditEntry = z.object({
  id: z.string(),
  at: When,
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  correlationId: z.string(),
  change: z.record(z.string(), z.unknown()),
});
