import type { RecordKind } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import { Change, type RecordAddress, type RecordDetail } from '../api/inventory.ts';
import { severities } from '../api/words.ts';
import { findGrantPaths } from './grant-paths.ts';
import type { Listing } from './kinds.ts';
import { labelOf, openScope } from './links.ts';
import { findRelated } from './neighbours.ts';
import { readSurroundings, toInventoryRecord } from './present.ts';

/** Everything about one record; null where there is none. `titleOfRule` names findings. */
export const findRecord = async (
  tx: Sql,
  tenantId: TenantId,
  listing: Listing,
  kind: RecordKind,
  address: z.output<typeof RecordAddress>,
  titleOfRule: (ruleId: string) => string,
): Promise<z.input<typeof RecordDetail> | null> => {
  const found = await findRow(tx, tenantId, listing, kind, address);
  if (!found) return null;
  const { row, values, record, around } = found;
  const scope = await openScope(tx, tenantId, address.connection);
  const identityId = values.identity;
  const name = typeof identityId === 'string' ? around.identities.get(identityId) : undefined;
  const { paths, total } = await findGrantPaths(tx, scope, kind, address.id, { words: [], offset: 0, limit: 100 });
  return {
    kind,
    record,
    title: row._label,
    firstSeenAt: row._first_seen_at.toISOString(),
    changedAt: row._changed_at.toISOString(),
    isGone: row._gone_at !== null,
    raw: row._raw,
    history: await listHistory(tx, tenantId, kind, address),
    findings: await listFindings(tx, tenantId, kind, address, titleOfRule),
    grants: paths,
    grantTotal: total,
    related: await findRelated(tx, scope, kind, record),
    identity: typeof identityId === 'string' && name !== undefined ? { identityId, name } : null,
  };
};

/** The record itself, as lists show it, and what else its row holds; null where there is none. */
export const findRow = async (
  tx: Sql,
  tenantId: TenantId,
  listing: Listing,
  kind: RecordKind,
  { connection, stream, id }: z.output<typeof RecordAddress>,
) => {
  const columns = listing.columns.map(({ name, at }) => sql`${sql.raw(at)} as ${sql.id(name)}`);
  const { rows } = await sql<Record<string, unknown> & Extra>`
    select ${sql.join(columns)}, r.raw as _raw, ${labelOf(kind)} as _label, r.first_seen_at as _first_seen_at,
      r.changed_at as _changed_at, r.gone_at as _gone_at
    from ${sql.raw(listing.from)} r
    join connections c on c.tenant_id = r.tenant_id and c.connection_id = r.connection_id and c.deleted_at is null
    where r.tenant_id = ${tenantId} and r.connection_id = ${connection} and r.stream = ${stream} and r.id = ${id}`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) return null;
  const { _raw, _label, _first_seen_at, _changed_at, _gone_at, ...values } = row;
  const around = await readSurroundings(tx, tenantId, listing, [{ values, place: { key: null, tie: '0' } }]);
  return { row, values, around, record: toInventoryRecord(listing, { values }, around) };
};

interface Extra {
  readonly _raw: unknown;
  readonly _label: string;
  readonly _first_seen_at: Date;
  readonly _changed_at: Date;
  readonly _gone_at: Date | null;
}

const listHistory = async (
  tx: Sql,
  tenantId: TenantId,
  kind: RecordKind,
  { connection, stream, id }: z.output<typeof RecordAddress>,
): Promise<z.input<typeof Change>[]> => {
  const { rows } = await sql<{ at: Date; change: unknown; fields: unknown }>`
    select at, change, fields from changes
    where tenant_id = ${tenantId} and kind = ${kind} and connection_id = ${connection} and stream = ${stream} and id = ${id}
    order by change_id desc limit 100`.execute(tx);
  return rows.map(({ at, change, fields }) => Change.parse({ at: at.toISOString(), kind: change, fields }));
};

const listFindings = async (
  tx: Sql,
  tenantId: TenantId,
  kind: RecordKind,
  { connection, stream, id }: z.output<typeof RecordAddress>,
  titleOfRule: (ruleId: string) => string,
): Promise<z.input<typeof RecordDetail>['findings']> => {
  const { rows } = await sql<{ finding_id: string; rule_id: string; severity: number; status: string }>`
    select finding_id, rule_id, severity, status from findings
    where tenant_id = ${tenantId} and connection_id = ${connection} and subject_kind = ${kind}
      and subject_stream = ${stream} and subject_id = ${id}
    order by status = 'resolved', severity desc, finding_id limit 100`.execute(tx);
  return rows.map(({ finding_id, rule_id, severity, status }) => ({
    findingId: finding_id,
    title: titleOfRule(rule_id),
    severity: severities[severity] ?? 'low',
    status,
  }));
};

/** How many records a connection has: what deleting it would delete. */
export const countRecords = async (tx: Sql, tenantId: TenantId, connectionId: string): Promise<number> => {
  // Streams know what they hold; what is gone of them is not worth counting a million rows for.
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(records), 0)::int as count from stream_states
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return rows[0]?.count ?? 0;
};
