import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { FindingDetail } from '../api/findings.ts';
import { findRule, technique } from '../rules/index.ts';
import { columns, from, type Row, toFinding } from './list-findings.ts';

type Detail = z.input<typeof FindingDetail>;

const Facts = z.array(
  z.object({
    fact: z.string(),
    value: z.string(),
    kind: z.string(),
    connection: z.string(),
    stream: z.string(),
    id: z.string(),
    label: z.string().optional(),
  }),
);

/** Null when the tenant of the transaction has no such finding. */
export const findFinding = async (tx: Sql, findingId: string): Promise<Detail | null> => {
  const { rows } = await sql<Row & { evidence: unknown }>`
    select ${columns}, f.evidence from ${from} where f.finding_id = ${findingId}`.execute(tx);
  const [row] = rows;
  if (!row) return null;
  const rule = findRule(row.ruleId);
  return {
    ...toFinding(row),
    summary: rule?.summary ?? '',
    why: rule?.why ?? '',
    evidence: await withTimes(tx, row),
    remediation: [...(rule?.remediation ?? [])],
    mitre: (rule?.mitre ?? []).map(technique),
    history: await readHistory(tx, findingId),
  };
};

/** A fact was read when its stream was read last, and at the latest when it was last seen to be so. */
const withTimes = async (
  tx: Sql,
  { evidence, lastSeenAt }: Row & { evidence: unknown },
): Promise<Detail['evidence']> => {
  const facts = Facts.catch([]).parse(evidence);
  const { rows } = await sql<{ connection: string; stream: string; at: Date | null }>`
    select connection_id::text as connection, stream, last_read_at as at from stream_states
    where connection_id = any(${[...new Set(facts.map(({ connection }) => connection))]}::uuid[])`.execute(tx);
  const readAt = new Map(rows.map(({ connection, stream, at }) => [`${connection} ${stream}`, at]));
  return facts.map(({ fact, value, kind, connection, stream, id, label }) => {
    const at = readAt.get(`${connection} ${stream}`) ?? null;
    const seen = at === null ? null : new Date(Math.min(at.getTime(), lastSeenAt.getTime()));
    return {
      fact,
      value,
      readAt: seen?.toISOString() ?? null,
      source: { kind, connection, stream, id, label: label ?? value },
    };
  });
};

/** Oldest first, the newest thousand. */
const readHistory = async (tx: Sql, findingId: string): Promise<Detail['history']> => {
  const { rows } = await sql<{ at: Date; by: string; text: string }>`
    select noted_at as at, noted_by as by, text from finding_notes
    where finding_id = ${findingId} order by note_id desc limit 1000`.execute(tx);
  return rows.toReversed().map(({ at, by, text }) => ({ at: at.toISOString(), by, text }));
};
