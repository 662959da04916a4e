import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { Assignment } from '../api/connections.ts';

const Row = z.object({
  connectionId: z.string(),
  name: z.string(),
  desk: z.string(),
  siteId: z.string(),
  site: z.string(),
  sealedSettings: z.string(),
  senders: z.array(z.string()),
  assignment: Assignment,
  keySeconds: z.int(),
  unstarted: z.enum(['ignore', 'attach', 'create']),
  template: z.string(),
  redact: z.array(z.string()),
  mailSubject: z.string(),
  mailTemplate: z.string(),
  transcripts: z.boolean(),
  endStatus: z.string(),
  enabled: z.boolean(),
  createdAt: z.date(),
});
export type Connection = z.output<typeof Row>;

const columns = sql`c.connection_id as "connectionId", c.name, c.desk, c.site_id as "siteId", s.name as site,
  c.sealed_settings as "sealedSettings", c.senders, c.assignment, c.key_seconds as "keySeconds", c.unstarted, c.template,
  c.redact, c.mail_subject as "mailSubject", c.mail_template as "mailTemplate", c.transcripts,
  c.end_status as "endStatus", c.enabled, c.created_at as "createdAt"`;
const from = sql`desk_connections c join remote_sites s on s.site_id = c.site_id`;

export const listConnections = async (tx: Sql): Promise<readonly Connection[]> => {
  const { rows } = await sql`select ${columns} from ${from} order by lower(c.name) limit 1000`.execute(tx);
  return z.array(Row).parse(rows);
};

export const findConnection = async (tx: Sql, connectionId: string): Promise<Connection | null> => {
  const { rows } = await sql`select ${columns} from ${from} where c.connection_id = ${connectionId}::uuid`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export const findBySecret = async (tx: Sql, secretHash: Buffer): Promise<Connection | null> => {
  const { rows } = await sql`select ${columns} from ${from} where c.secret_hash = ${secretHash}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export const saveConnection = async (
  tx: Sql,
  { connectionId, ...one }: Omit<Connection, 'site' | 'createdAt'>,
  { secretHash, at }: { readonly secretHash: Buffer; readonly at: Date },
): Promise<void> => {
  await sql`
    insert into desk_connections (connection_id, name, desk, site_id, sealed_settings, secret_hash, senders, assignment,
      key_seconds, unstarted, template, redact, mail_subject, mail_template, transcripts, end_status, enabled,
      created_at)
    values (${connectionId}, ${one.name}, ${one.desk}, ${one.siteId}, ${one.sealedSettings}, ${secretHash}, ${one.senders},
      ${JSON.stringify(one.assignment)}::jsonb, ${one.keySeconds}, ${one.unstarted}, ${one.template}, ${one.redact},
      ${one.mailSubject}, ${one.mailTemplate}, ${one.transcripts}, ${one.endStatus},
      ${one.enabled}, ${at})
    on conflict (connection_id) do update set name = excluded.name, site_id = excluded.site_id,
      sealed_settings = excluded.sealed_settings, senders = excluded.senders, assignment = excluded.assignment,
      key_seconds = excluded.key_seconds, unstarted = excluded.unstarted, template = excluded.template,
      redact = excluded.redact, mail_subject = excluded.mail_subject, mail_template = excluded.mail_template,
      transcripts = excluded.transcripts, end_status = excluded.end_status, enabled = excluded.enabled`.execute(tx);
};

export const saveSecret = async (tx: Sql, connectionId: string, secretHash: Buffer): Promise<void> => {
  await sql`update desk_connections set secret_hash = ${secretHash} where connection_id = ${connectionId}`.execute(tx);
};

export const deleteConnection = async (tx: Sql, connectionId: string): Promise<void> => {
  await sql`delete from desk_connections where connection_id = ${connectionId}::uuid`.execute(tx);
};

export interface Comparisons {
  readonly comparedAt: Date | null;
  readonly sweptAt: Date | null;
}

/** When the sessions of a connection were last compared with what its site lists. */
export const findComparisons = async (tx: Sql, connectionId: string): Promise<Comparisons> => {
  const { rows } = await sql<Comparisons>`
    select compared_at as "comparedAt", swept_at as "sweptAt" from desk_connections
    where connection_id = ${connectionId}`.execute(tx);
  return rows[0] ?? { comparedAt: null, sweptAt: null };
};

export const saveComparisons = async (
  tx: Sql,
  connectionId: string,
  { comparedAt, sweptAt }: Comparisons,
): Promise<void> => {
  await sql`update desk_connections set compared_at = ${comparedAt}, swept_at = ${sweptAt}
    where connection_id = ${connectionId}`.execute(tx);
};

/** Where a desk goes on telling what changed; null: it was not asked yet. */
export const findCursor = async (tx: Sql, connectionId: string): Promise<string | null> => {
  const { rows } = await sql<{ cursor: string | null }>`
    select changes_cursor as cursor from desk_connections where connection_id = ${connectionId}`.execute(tx);
  return rows[0]?.cursor ?? null;
};

export const saveCursor = async (tx: Sql, connectionId: string, cursor: string): Promise<void> => {
  await sql`update desk_connections set changes_cursor = ${cursor} where connection_id = ${connectionId}`.execute(tx);
};
