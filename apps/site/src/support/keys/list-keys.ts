import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { queueNameOf, writeQueue } from '../queues.ts';
import { toQueue } from '../store.ts';

interface Row {
  readonly id: number;
  readonly queueType: 'general' | 'rep' | 'team';
  readonly queueId: number | null;
  readonly queueName: string;
  readonly issue: string | null;
  readonly externalKey: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly uses: number;
  readonly mostUses: number;
}

/** Counting goes no further than this. */
const countLimit = 10_000;

/** Keys that are valid, the newest first, before the id `before`. What they are is told to nobody again. */
export const listKeys = async (
  tx: Sql,
  {
    before,
    search,
    limit,
    now,
  }: { readonly before: number | null; readonly search: string; readonly limit: number; readonly now: Date },
) => {
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const valid = sql`
    select * from (
      select k.*, ${queueNameOf('k')} as queue_name
      from session_keys k where revoked_at is null and expires_at > ${now} and uses < most_uses) valid
    where made_by ilike ${like} or external_key ilike ${like} or issue ilike ${like} or queue_name ilike ${like}`;
  const { rows } = await sql<Row>`
    select id, queue as "queueType", queue_id as "queueId", queue_name as "queueName", issue,
      external_key as "externalKey", made_by as "madeBy", made_at as "madeAt", expires_at as "expiresAt", uses,
      most_uses as "mostUses"
    from (${valid}) k where ${before}::int is null or id < ${before}::int order by id desc limit ${limit}`.execute(tx);
  const counted = await sql<{ count: number }>`
    select count(*)::int as count from (select from (${valid}) k limit ${countLimit + 1}) c`.execute(tx);
  const count = counted.rows[0]?.count ?? 0;
  return {
    rows: rows.map(({ queueType, queueId, ...row }) => ({ ...row, queue: writeQueue(toQueue(queueType, queueId)) })),
    total: { value: Math.min(count, countLimit), exact: count <= countLimit },
  };
};
