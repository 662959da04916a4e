import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { AnySupportSession, ReportedSupportSession } from '../api/support-reports.ts';
import { listBlobs } from './blobs/store.ts';
import { queueNameOf } from './queues.ts';
import { pageWhere, type SupportSession } from './store.ts';
import { toViews, toWhole } from './views.ts';

/** Which sessions an administrator looks for. */
export interface Sought {
  readonly search: string;
  readonly live: boolean;
  readonly held: boolean | null;
  readonly from: Date | null;
  readonly until: Date | null;
}

/** Counting goes no further than this: sessions only grow in number. */
const countLimit = 10_000;

/** Over the alias `s`. */
const whereOf = ({ search, live, held, from, until }: Sought): RawBuilder<unknown> => {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (search !== '') {
    const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    conditions.push(sql`(s.lsid ilike ${like} or s.external_key ilike ${like} or s.issue ilike ${like}
      or s.correlation_id ilike ${like} or s.attributes::text ilike ${like}
      or exists (select from support_participants p where p.lsid = s.lsid
        and (p.name ilike ${like} or p.company ilike ${like} or p.username ilike ${like} or p.address ilike ${like})))`);
  }
  if (live) conditions.push(sql`s.state <> 'ended'`);
  if (held !== null) conditions.push(held ? sql`s.hold_at is not null` : sql`s.hold_at is null`);
  if (from !== null) conditions.push(sql`s.began_at >= ${from}`);
  if (until !== null) conditions.push(sql`s.began_at < ${until}`);
  return sql.join(conditions, sql` and `);
};

/** Newest first, before the place `before`. */
export const pageOfReported = async (
  tx: Sql,
  sought: Sought,
  { before, limit }: { readonly before: number | null; readonly limit: number },
) => {
  const rows = await pageWhere(tx, whereOf(sought), before, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: await toReported(tx, shown), next: rows.length > limit && last ? String(last.lseq) : null };
};

export const countReported = async (tx: Sql, sought: Sought) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from support_sessions s where ${whereOf(sought)} limit ${countLimit + 1}) c`.execute(tx);
  const count = rows[0]?.count ?? 0;
  return { value: Math.min(count, countLimit), exact: count <= countLimit };
};

interface About {
  readonly lsid: string;
  readonly company: string;
  readonly representatives: readonly string[];
  readonly held: boolean;
  readonly queueName: string;
}

const toReported = async (
  tx: Sql,
  sessions: readonly SupportSession[],
): Promise<z.output<typeof ReportedSupportSession>[]> => {
  const { rows } = await sql<About>`
    select s.lsid, s.hold_at is not null as held, ${queueNameOf('s')} as "queueName",
      coalesce((array_agg(p.company order by p.gsnumber) filter (where p.kind = 'customer'))[1], '') as company,
      coalesce(array_agg(p.name order by p.gsnumber) filter (where p.kind = 'representative'), '{}') as representatives
    from support_sessions s left join support_participants p on p.lsid = s.lsid
    where s.lsid = any(${sessions.map(({ lsid }) => lsid)}::text[]) group by s.lsid`.execute(tx);
  const about = new Map(rows.map((row) => [row.lsid, row]));
  return (await toViews(tx, sessions)).map((view) => {
    const { company = '', representatives = [], held = false, queueName = '' } = about.get(view.lsid) ?? {};
    return { ...view, company, representatives: [...new Set(representatives)], held, queueName };
  });
};

/** One with everything that is kept of it, and when the rest was removed. */
export const toAny = async (
  tx: Sql,
  session: SupportSession,
  after: number,
): Promise<z.output<typeof AnySupportSession>> => {
  const files = [...(await listBlobs(tx, session.lsid, 'file')), ...(await listBlobs(tx, session.lsid, 'screen'))].map(
    ({ lsid: _, sealedKey: _key, chunks: _chunks, beganAt, endedAt, ...blob }) => ({
      ...blob,
      beganAt: beganAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    }),
  );
  const { rows } = await sql<Record<'chatAt' | 'recordingsAt' | 'filesAt', Date | null> & { queueName: string }>`
    select ${queueNameOf('s')} as "queueName", chat_removed_at as "chatAt", recordings_removed_at as "recordingsAt", files_removed_at as "filesAt"
    from support_sessions s where lsid = ${session.lsid}`.execute(tx);
  const { chatAt = null, recordingsAt = null, filesAt = null, queueName = '' } = rows[0] ?? {};
  const when = (at: Date | null) => at?.toISOString() ?? null;
  return {
    ...(await toWhole(tx, session, after)),
    ...{ correlationId: session.correlationId, queueName, files },
    removed: { chatAt: when(chatAt), recordingsAt: when(recordingsAt), filesAt: when(filesAt) },
  };
};
