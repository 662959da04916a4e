import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { StreamCatalogue } from '../privilege/index.ts';
import { readConnections } from '../privilege/index.ts';
import type { Rule, Thresholds } from '../rules/index.ts';
import { runRules } from '../rules/index.ts';

export interface EvaluateOptions {
  readonly tenantId: TenantId;
  readonly rules: readonly Rule[];
  readonly catalogue: StreamCatalogue;
  readonly thresholds: Thresholds;
  readonly signal: AbortSignal;
}

/** A finding that began or ended with an evaluation. */
export interface Turned {
  readonly findingId: string;
  readonly ruleId: string;
  readonly severity: number;
  readonly label: string;
  readonly connectionId: string;
}

export interface Evaluated {
  readonly opened: readonly Turned[];
  readonly resolved: readonly Turned[];
}

/** Who speaks in the history when no person does. */
export const evaluator = 'Gatehouse';

/**
 * Runs the rules and brings the findings up to date, in the caller's transaction: what is newly true opens, what is no longer
 * true is resolved with the reason, what is true again is opened again, and what a rule cannot see now stays as it is.
 */
export const evaluate = async (tx: Sql, options: EvaluateOptions): Promise<Evaluated> => {
  const { tenantId, rules, catalogue, thresholds, signal } = options;
  const { now } = thresholds;
  await sql`select pg_advisory_xact_lock(hashtextextended('evaluate ' || ${tenantId}, 0))`.execute(tx);
  const connections = await readConnections(tx);
  await runRules(tx, { rules, connections, catalogue, thresholds, signal });
  await forgetDeleted(tx, rules);
  const again = await reopen(tx, tenantId, now);
  await endAcceptance(tx, tenantId, now);
  const opened = await open(tx, tenantId, now);
  await keep(tx, now);
  const resolved = await resolve(tx, tenantId, now);
  await writeStates(tx, tenantId, now);
  for (const table of ['verdicts', 'unseen', 'sights', 'live_accounts', 'live_memberships', 'tier_zero'])
    await sql`drop table ${sql.id(table)}`.execute(tx);
  return { opened: [...opened, ...again], resolved };
};

const turned = sql`f.finding_id::text as "findingId", f.rule_id as "ruleId", f.severity, f.subject_label as label,
  f.connection_id::text as "connectionId"`;

const ofVerdict = sql`f.rule_id = v.rule_id and f.connection_id = v.connection_id and f.subject_kind = v.kind
  and f.subject_stream = v.stream and f.subject_id = v.id`;

/** Findings of a deleted connection, or of a rule that this build no longer has, speak of nothing. */
const forgetDeleted = async (tx: Sql, rules: readonly Rule[]): Promise<void> => {
  await sql`delete from findings where rule_id <> all(${rules.map((rule) => rule.id)}::text[])
    or connection_id not in (select connection_id from connections where deleted_at is null)`.execute(tx);
};

/** An acceptance that has not ended holds for the same fact when it comes back. */
const reopen = async (tx: Sql, tenantId: TenantId, now: Date): Promise<readonly Turned[]> => {
  const { rows } = await sql<Turned & { status: string }>`
    with again as (
      update findings f set status = case when f.accepted_until > ${now} then 'accepted' else 'new' end, resolved_at = null,
        severity = v.severity, sensitivity = v.sensitivity, evidence = v.evidence, subject_label = v.label, last_seen_at = ${now}
      from verdicts v where ${ofVerdict} and f.status = 'resolved'
      returning ${turned}, f.status
    ), noted as (
      insert into finding_notes (tenant_id, finding_id, noted_at, noted_by, text)
      select ${tenantId}, "findingId"::uuid, ${now}, ${evaluator}, case when status = 'accepted'
        then 'True again. The acceptance still holds.' else 'Opened again: it is true again.' end from again
    )
    select * from again`.execute(tx);
  return rows.filter(({ status }) => status === 'new').map(({ status, ...finding }) => finding);
};

/** Accepted until then, and not longer: it is new again. Also run by itself every hour. */
export const endAcceptance = async (tx: Sql, tenantId: TenantId, now: Date): Promise<void> => {
  await sql`
    with ended as (
      update findings set status = 'new' where status = 'accepted' and accepted_until <= ${now} returning finding_id
    )
    insert into finding_notes (tenant_id, finding_id, noted_at, noted_by, text)
    select ${tenantId}, finding_id, ${now}, ${evaluator}, 'New again: the acceptance has ended.' from ended`.execute(
    tx,
  );
};

const open = async (tx: Sql, tenantId: TenantId, now: Date): Promise<readonly Turned[]> => {
  const { rows } = await sql<Turned>`
    with opened as (
      insert into findings as f (tenant_id, finding_id, rule_id, connection_id, subject_kind, subject_stream, subject_id,
        subject_label, severity, sensitivity, status, evidence, first_seen_at, last_seen_at)
      select ${tenantId}, gen_random_uuid(), rule_id, connection_id, kind, stream, id, label, severity, sensitivity, 'new', evidence,
        ${now}, ${now} from verdicts
      on conflict on constraint one_finding_per_subject do nothing
      returning ${turned}
    ), noted as (
      insert into finding_notes (tenant_id, finding_id, noted_at, noted_by, text)
      select ${tenantId}, "findingId"::uuid, ${now}, ${evaluator}, 'Found.' from opened
    )
    select * from opened`.execute(tx);
  return rows;
};

const keep = async (tx: Sql, now: Date): Promise<void> => {
  await sql`
    update findings f set severity = v.severity, sensitivity = v.sensitivity, evidence = v.evidence, subject_label = v.label,
      last_seen_at = ${now}
    from verdicts v where ${ofVerdict} and f.status <> 'resolved' and f.last_seen_at <> ${now}`.execute(tx);
};

/** Only where the rule could see the connection and the subject. */
const resolve = async (tx: Sql, tenantId: TenantId, now: Date): Promise<readonly Turned[]> => {
  const { rows } = await sql<Turned>`
    with ended as (
      update findings f set status = 'resolved', resolved_at = ${now}
      from sights s
      where f.status <> 'resolved' and s.rule_id = f.rule_id and s.connection_id = f.connection_id and s.reason is null
        and not exists (select from verdicts v where ${ofVerdict})
        and not exists (select from unseen u where u.rule_id = f.rule_id and u.connection_id = f.connection_id
          and u.stream = f.subject_stream and u.id = f.subject_id)
      returning ${turned}, f.subject_kind, f.subject_stream, f.subject_id, f.evidence
    ), noted as (
      insert into finding_notes (tenant_id, finding_id, noted_at, noted_by, text)
      select ${tenantId}, e."findingId"::uuid, ${now}, ${evaluator}, left(case when ${isGone} then 'Resolved: ' || e.label || ' is gone.'
        else 'Resolved: the fact is no longer true: ' || coalesce((
          select string_agg((one->>'fact') || ' was ' || (one->>'value'), '; ' order by place)
          from jsonb_array_elements(e.evidence) with ordinality as facts (one, place)), e.label) || '.' end, 2000)
      from ended e
    )
    select "findingId", "ruleId", severity, label, "connectionId" from ended`.execute(tx);
  return rows;
};

const isGone = sql.raw(
  `case e.subject_kind ${[
    'accounts',
    'groups',
    'memberships',
    'roles',
    'grants',
    'resources',
    'credentials',
    'factors',
    'policies',
    'events',
  ]
    .map(
      (kind) => `when '${kind}' then not exists (select from ${kind} k where k.connection_id = e."connectionId"::uuid
        and k.stream = e.subject_stream and k.id = e.subject_id and k.gone_at is null)`,
    )
    .join(' ')} else false end`,
);

/** What a rule cannot see is blind, never clear. */
const writeStates = async (tx: Sql, tenantId: TenantId, now: Date): Promise<void> => {
  await sql`delete from rule_states r where not exists (
    select from sights s where s.rule_id = r.rule_id and s.connection_id = r.connection_id)`.execute(tx);
  await sql`
    insert into rule_states as r (tenant_id, rule_id, connection_id, state, reason, evaluated_at)
    select ${tenantId}, s.rule_id, s.connection_id,
      case when s.reason is not null then 'blind' when v.count > 0 then 'found' when u.count > 0 then 'blind' else 'clear' end,
      case when s.reason is not null then s.reason when v.count > 0 then null when u.count > 0 then u.reason end, ${now}
    from sights s
      left join (select rule_id, connection_id, count(*) as count from verdicts group by 1, 2) v using (rule_id, connection_id)
      left join (select rule_id, connection_id, count(*) as count, min(reason) as reason from unseen group by 1, 2) u
        using (rule_id, connection_id)
    on conflict (tenant_id, rule_id, connection_id) do update set
      state = excluded.state, reason = excluded.reason, evaluated_at = excluded.evaluated_at`.execute(tx);
};
