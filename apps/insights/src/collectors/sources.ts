import type { Source } from '@gatehouse/connector-kit/ingest';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';

/** How long a collector may read a source without saying hello again. Then another one takes over. */
export const leaseMs = 120_000;

const Row = z.object({
  source: z.string(),
  kind: z.enum(['active-directory', 'password-safe']),
  name: z.string(),
  holder: z.string().nullable(),
  holderName: z.string().nullable(),
  heldUntil: z.date().nullable(),
  home: z.string().nullable(),
  homeName: z.string().nullable(),
  wanted: z.record(z.string(), z.coerce.date()),
});
export type StoredSource = z.output<typeof Row>;

const columns = sql`
  s.source, s.kind, s.name, s.holder, s.held_until as "heldUntil", s.home, s.wanted,
  (select c.name from connections c where c.tenant_id = s.tenant_id and c.connection_id = s.holder) as "holderName",
  (select c.name from connections c where c.tenant_id = s.tenant_id and c.connection_id = s.home) as "homeName"`;

/** Sources that this connection reads, or whose records it keeps, and those named besides. */
export const listSources = async (
  tx: Sql,
  tenantId: TenantId,
  connectionId: string,
  named: readonly string[] = [],
): Promise<readonly StoredSource[]> => {
  const { rows } = await sql`
    select ${columns} from collector_sources s
    where s.tenant_id = ${tenantId}
      and (s.holder = ${connectionId} or s.home = ${connectionId} or s.source = any(${[...named]}::text[]))
    order by s.kind, s.source limit 100`.execute(tx);
  return z.array(Row).parse(rows);
};

/** The source that a collector holds, to be stored by; null: it is somebody else's, or has no home at the moment. */
export const findHeld = async (
  tx: Sql,
  tenantId: TenantId,
  holder: string,
  source: string,
): Promise<{ readonly kind: string; readonly home: string } | null> => {
  const { rows } = await sql<{ kind: string; home: string }>`
    select kind, home from collector_sources
    where tenant_id = ${tenantId} and source = ${source} and holder = ${holder} and home is not null for share`.execute(
    tx,
  );
  return rows[0] ?? null;
};

/** How a source came to its reader. */
export interface Granted {
  readonly source: Source;
  readonly until: Date;
  readonly home: string;
  /** Who read it before, when that was another; `unread`: nobody did. */
  readonly from: string | 'unread' | null;
  /** Its records belong to the asking connection from now on. */
  readonly isNewHome: boolean;
}

/**
 * Lets a collector read a source until `at` + `leaseMs`, unless another one holds it. Null: that is so. The row is
 * locked until the end of the transaction, so that two collectors never both get it.
 */
export const grantSource = async (
  tx: Sql,
  tenantId: TenantId,
  holder: string,
  source: Source,
  at: Date,
): Promise<Granted | null> => {
  const { id, kind, name } = source;
  await sql`
    insert into collector_sources (tenant_id, source, kind, name) values (${tenantId}, ${id}, ${kind}, ${name})
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ holder: string | null; heldUntil: Date | null; home: string | null; kind: string }>`
    select holder, held_until as "heldUntil", home, kind from collector_sources
    where tenant_id = ${tenantId} and source = ${id} for update`.execute(tx);
  const [before] = rows;
  if (!before || before.kind !== kind) return null;
  const isHeld = before.holder !== null && before.holder !== holder && (before.heldUntil ?? at) > at;
  if (isHeld) return null;
  const until = new Date(at.getTime() + leaseMs);
  const home = before.home ?? holder;
  if (before.home === null) await leaveHome(tx, tenantId, holder, kind);
  await sql`
    update collector_sources set holder = ${holder}, held_until = ${until}, home = ${home}, name = ${name}
    where tenant_id = ${tenantId} and source = ${id}`.execute(tx);
  const from = before.holder === holder ? null : (before.holder ?? 'unread');
  return { source, until, home, from, isNewHome: before.home === null };
};

/** A connection keeps the records of one source of a kind; where its collector reads another now, the old one moves on. */
const leaveHome = (tx: Sql, tenantId: TenantId, connectionId: string, kind: string) =>
  sql`update collector_sources set home = null
    where tenant_id = ${tenantId} and home = ${connectionId} and kind = ${kind}`.execute(tx);

/** What a collector holds and does not name any more is free for others at once. */
export const releaseSources = async (
  tx: Sql,
  tenantId: TenantId,
  holder: string,
  kept: readonly string[],
): Promise<void> => {
  await sql`
    update collector_sources set holder = null, held_until = null
    where tenant_id = ${tenantId} and holder = ${holder} and source <> all(${[...kept]}::text[])`.execute(tx);
};

/** Remembers that a person wants streams of this connection to be read now. False: it keeps nothing of these kinds. */
export const wantStreams = async (
  tx: Sql,
  tenantId: TenantId,
  home: string,
  streams: readonly string[],
  at: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update collector_sources s set wanted = s.wanted || (
      select coalesce(jsonb_object_agg(stream, ${at.toISOString()}::text), '{}')
      from unnest(${[...streams]}::text[]) stream where starts_with(stream, s.kind || '-'))
    where s.tenant_id = ${tenantId} and s.home = ${home}
      and exists (select from unnest(${[...streams]}::text[]) stream where starts_with(stream, s.kind || '-'))
    returning s.source`.execute(tx);
  return rows.length > 0;
};

export const saveWanted = async (
  tx: Sql,
  tenantId: TenantId,
  source: string,
  wanted: Readonly<Record<string, Date>>,
): Promise<void> => {
  await sql`
    update collector_sources set wanted = ${JSON.stringify(wanted)}::jsonb
    where tenant_id = ${tenantId} and source = ${source}`.execute(tx);
};
