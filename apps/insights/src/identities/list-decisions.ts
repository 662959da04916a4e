import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Decision } from '../api/identities.ts';
import { type AccountRow, toLink } from './address.ts';

interface Row {
  readonly decisionId: string;
  readonly at: Date;
  readonly by: string;
  readonly kind: 'merge' | 'split';
  readonly reason: string;
  readonly undoneAt: Date | null;
  readonly undoneBy: string | null;
  readonly accounts: readonly AccountRow[];
  readonly splitFrom: readonly AccountRow[];
}

const accountsOf = (part: 0 | 1) => sql`(
  select coalesce(jsonb_agg(jsonb_build_object('connection', a.connection_id, 'stream', a.stream, 'id', a.id, 'label', a.label)
    order by a.label, a.id), '[]'::jsonb)
  from decision_accounts a where a.decision_id = d.decision_id and a.part = ${part})`;

const select = sql`
  select d.decision_id::text as "decisionId", d.decided_at as at, d.decided_by as by, d.kind, d.reason, d.undone_at as "undoneAt",
    d.undone_by as "undoneBy", ${accountsOf(0)} as accounts, ${accountsOf(1)} as "splitFrom"
  from decisions d`;

/** Those that name an account of this identity; null: all. */
const about = (identityId: string | null) =>
  identityId === null
    ? sql`true`
    : sql`d.decision_id in (
        select named.decision_id from decision_accounts named
          join accounts o on o.connection_id = named.connection_id and o.stream = named.stream and o.id = named.id
        where o.identity_id = ${identityId})`;

/** Newest first. */
export const listDecisions = async (
  tx: Sql,
  page: { identityId: string | null; before: string | null; limit: number },
): Promise<readonly z.input<typeof Decision>[]> => {
  const { rows } = await sql<Row>`${select}
    where (${page.before}::uuid is null or d.decision_id < ${page.before}::uuid) and ${about(page.identityId)}
    order by d.decision_id desc limit ${page.limit}`.execute(tx);
  return rows.map(toDecision);
};

export const countDecisions = async (tx: Sql, identityId: string | null): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from decisions d
    where ${about(identityId)}`.execute(tx);
  return rows[0]?.count ?? 0;
};

export const findDecision = async (tx: Sql, decisionId: string): Promise<z.input<typeof Decision> | null> => {
  const { rows } = await sql<Row>`${select} where d.decision_id = ${decisionId}`.execute(tx);
  return rows[0] ? toDecision(rows[0]) : null;
};

const toDecision = ({ at, undoneAt, accounts, splitFrom, ...row }: Row): z.input<typeof Decision> => ({
  ...row,
  at: at.toISOString(),
  undoneAt: undoneAt?.toISOString() ?? null,
  accounts: accounts.map(toLink),
  splitFrom: splitFrom.map(toLink),
});
