import type { Database } from '@gatehouse/database';
import { type AuditRow, listAudit, type TenantGrant } from '@gatehouse/server';
import type { RawBuilder } from 'kysely';
import { auditActions } from '../api/audit.ts';
import { csvLine, type ListColumn } from '../inventory/index.ts';

const batch = 500;

/** Every entry of a query as CSV, newest first, in batches of their own: memory stays flat. */
export async function* exportAudit(
  database: Database,
  grant: TenantGrant,
  where: RawBuilder<boolean>,
  columns: readonly ListColumn[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield csvLine(columns.map(({ title }) => title));
  for (let cursor: string | null | undefined; cursor !== null && !signal.aborted; ) {
    const after: string | undefined = cursor;
    const { items, next } = await database.tenant(grant.tenantId, (tx) =>
      listAudit(tx, grant, { cursor: after, limit: batch, where }),
    );
    if (items.length > 0) yield items.map((row) => csvLine(columns.map(({ name }) => cellOf(name, row)))).join('');
    cursor = next;
  }
}

const cellOf = (name: string, row: AuditRow): unknown => {
  if (name === 'at') return row.at.toISOString();
  if (name === 'action') return `${auditActions[row.action] ?? row.action} (${row.action})`;
  return Reflect.get(row, name);
};
