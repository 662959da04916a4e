import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { severities } from '../api/words.ts';
import type { ConnectionReads, StreamCatalogue } from '../privilege/index.ts';
import { lookAround } from './blindness.ts';
import type { Rule } from './rule.ts';
import { copyAccounts, copyMemberships, copyTierZero, type Thresholds, withTables } from './tables.ts';

export interface RunRulesOptions {
  readonly rules: readonly Rule[];
  readonly connections: readonly ConnectionReads[];
  readonly catalogue: StreamCatalogue;
  readonly thresholds: Thresholds;
  readonly signal: AbortSignal;
}

/**
 * Runs every rule where it can see. Fills, for the rest of the transaction:
 * `verdicts`: what was found, with severity and sensitivity; `unseen`: subjects a rule cannot know of;
 * `sights`: every rule on every connection, with the reason where it is blind; `live_accounts`, `live_memberships`: what rules read as `accounts` and
 * `memberships`.
 */
export const runRules = async (tx: Sql, options: RunRulesOptions): Promise<void> => {
  await sql`create temp table verdicts (
    rule_id text not null, connection_id uuid not null, kind text not null, stream text not null, id text not null,
    label text not null, severity smallint not null, sensitivity text not null, evidence jsonb not null
  ) on commit drop`.execute(tx);
  await sql`create temp table unseen (
    rule_id text not null, connection_id uuid not null, stream text not null, id text not null, reason text not null
  ) on commit drop`.execute(tx);
  await sql`create temp table sights (rule_id text not null, connection_id uuid not null, reason text) on commit drop`.execute(
    tx,
  );
  await copyAccounts(tx);
  await copyMemberships(tx);
  await copyTierZero(tx);
  for (const rule of options.rules) {
    options.signal.throwIfAborted();
    const { ready, blind } = lookAround(rule, options.connections, options.catalogue);
    await sql`insert into sights select ${rule.id}, * from unnest(
      ${[...ready, ...blind.map(({ connectionId }) => connectionId)]}::uuid[],
      ${[...ready.map(() => null), ...blind.map(({ reason }) => reason)]}::text[])`.execute(tx);
    if (ready.length > 0) await runRule(tx, rule, ready, options.thresholds);
  }
  for (const table of ['verdicts', 'unseen', 'sights']) await sql`analyze ${sql.id(table)}`.execute(tx);
};

/** One step up where the subject holds the highest privilege, one down where it holds little or none. */
const runRule = async (tx: Sql, rule: Rule, ready: readonly string[], thresholds: Thresholds): Promise<void> => {
  const severity = severities.indexOf(rule.severity);
  await sql`insert into verdicts
    ${withTables(thresholds)}
    select distinct on (found.connection_id, found.stream, found.id) ${rule.id}, found.connection_id, ${rule.subject}, found.stream, found.id,
      left(found.label, 500),
      greatest(0, least(3, coalesce((to_jsonb(found)->>'severity')::int, ${severity}::int)
        + case when found.sensitivity = 4 then 1 when found.sensitivity in (0, 1) then -1 else 0 end)),
      case when found.sensitivity = -1 then 'not_applicable'
        else coalesce((array['none', 'low', 'moderate', 'high', 'highest'])[found.sensitivity + 1], 'undetermined') end,
      found.evidence
    from (${sql.raw(rule.sql)}) found
    where found.connection_id = any(${[...ready]}::uuid[])
    order by found.connection_id, found.stream, found.id`.execute(tx);
  if (rule.unseen === undefined) return;
  await sql`insert into unseen
    ${withTables(thresholds)}
    select ${rule.id}, found.connection_id, found.stream, found.id, left(found.reason, 1000)
    from (${sql.raw(rule.unseen)}) found where found.connection_id = any(${[...ready]}::uuid[])`.execute(tx);
};
