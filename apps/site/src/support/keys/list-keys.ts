import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { writeQueue } from '../queues.ts';
import { toQueue } from '../store.ts';

interface Row {
  readonly id: number;
  readonly queueType: 'general' | 'rep' | 'team';
  readonly queueId: number | null;
  readonly issue: string | null;
  readonly externalKey: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly uses: number;
  readonly mostUses: number;
}

/** Keys that are valid, the newest first, before the id `before`. What they are is told to nobody again. */
export const listKeys = async (
  tx: Sql,
  { before, limit, now }: { readonly before: number | null; readonly limit: number; readonly now: Date },
) => {
  const { rows } = await sql<Row>`
    select id, queue as "queueType", queue_id as "queueId", issue, external_key as "externalKey", made_by as "madeBy",
      made_at as "madeAt", expires_at as "expiresAt", uses, most_uses as "mostUses"
    from session_keys where revoked_at is null and expires_at > ${now} and uses < most_uses
      and (${before}::int is null or id < ${before}::int) order by id desc limit ${limit}`.execute(tx);
  return rows.map(({ queueType, queueId, ...row }) => ({ ...row, queue: writeQueue(toQueue(queueType, queueId)) }));
};
